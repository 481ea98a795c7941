package cmd

import (
	"context"
	"fmt"
	"strings"

	"assume-role/internal/awsfile"
	"assume-role/internal/populate"
)

// savePopulated writes the config file and says what has changed. It asks only
// where something goes that the user wrote.
func (a *app) savePopulated(ctx context.Context, f *awsfile.File, report *populate.Report, opts *populateOptions) error {
	if len(report.Edited) > 0 {
		question := fmt.Sprintf("Remove %s with what you added: %s?", count(len(report.Edited), "profile"), few(report.Edited))
		if err := a.confirm(ctx, opts.yes, question); err != nil {
			return err
		}
	}
	if err := a.saveAWSFile(f); err != nil {
		return err
	}
	var text strings.Builder
	for _, change := range []struct {
		verb  string
		names []string
	}{{"added", report.Added}, {"changed", report.Changed}, {"removed", report.Removed}} {
		if len(change.names) > 0 {
			fmt.Fprintf(&text, "%s %s: %s\n", change.verb, count(len(change.names), "profile"), few(change.names))
		}
	}
	fmt.Fprintf(&text, "%s: %s of the accounts and roles, %d as before\n", oneLine(f.Name),
		count(len(report.Added)+len(report.Changed)+report.Unchanged, "profile"), report.Unchanged)
	_, err := fmt.Fprint(a.host.Out, text.String())
	return err
}

// notePopulated says what did not become a profile, or not as it might be
// expected. What was refused is said also to who wants no notes.
func (a *app) notePopulated(report *populate.Report) {
	for _, refused := range report.Refused {
		a.stderr(refused + ": refused")
	}
	for _, note := range []struct {
		names []string
		text  string
	}{
		{report.Empty, "no role of yours in %s"},
		{report.Hidden, "the portal does not show your roles in %s: what the config has of them stays"},
		{report.Gone, "no longer shown by the portal, and kept without --prune: %s"},
		{report.Renamed, "a profile of another kind has the name, so the new one is %s"},
	} {
		if len(note.names) > 0 {
			a.note(fmt.Sprintf(note.text, few(note.names)))
		}
	}
}

// fewNames is how many names a line shows.
const fewNames = 10

// few lists names of others on one line, the first of them.
func few(names []string) string {
	if more := len(names) - fewNames; more > 1 {
		return fmt.Sprintf("%s and %d more", joinNames(names[:fewNames]), more)
	}
	return joinNames(names)
}
