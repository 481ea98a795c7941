package cmd

import (
	"context"
	"fmt"
	"strings"

	"assume-role/internal/awsfile"
	"assume-role/internal/populate"
)

// confirmLoss asks where something goes that the user wrote, and only there.
func (a *app) confirmLoss(ctx context.Context, report *populate.Report, yes bool) error {
	if len(report.Edited) == 0 {
		return nil
	}
	return a.confirm(ctx, yes, fmt.Sprintf("Remove %s with what you added: %s?", count(len(report.Edited), "profile"), few(report.Edited)))
}

// sayPopulated says what has changed in the config file.
func (a *app) sayPopulated(f *awsfile.File, report *populate.Report) error {
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
