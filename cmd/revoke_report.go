package cmd

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"assume-role/internal/fault"
	"assume-role/internal/revoke"
)

// revokeReport is what revoke prints under --json (docs/revoking.md).
type revokeReport struct {
	DryRun  bool         `json:"dry_run,omitempty"`
	Changes []changeJSON `json:"changes"`
	// DroppedSessions are this tool's, DroppedFiles the AWS CLI's.
	DroppedSessions *int   `json:"dropped_sessions,omitempty"`
	DroppedFiles    *int   `json:"dropped_files,omitempty"`
	LongestUntil    string `json:"longest_until,omitempty"`
	// Verified is absent where nothing could be proven.
	Verified bool `json:"verified,omitempty"`
	// Error is why not all was done; absent where it was.
	Error *jsonError `json:"error,omitempty"`
}

// changeJSON is one policy. Action is put, kept, deleted or absent.
type changeJSON struct {
	RoleARN    string          `json:"role_arn,omitempty"`
	UserARN    string          `json:"user_arn,omitempty"`
	PolicyName string          `json:"policy_name"`
	Action     string          `json:"action"`
	Before     string          `json:"before,omitempty"`
	Previous   string          `json:"previous,omitempty"`
	Policy     json.RawMessage `json:"policy,omitempty"`
	Calls      []string        `json:"calls,omitempty"`
}

func changeOf(subject revoke.Subject, which revoke.Sessions, action string) changeJSON {
	c := changeJSON{PolicyName: which.PolicyName(), Action: action}
	if subject.User {
		c.UserARN = subject.ARN
	} else {
		c.RoleARN = subject.ARN
	}
	return c
}

func undoneJSON(subject revoke.Subject, which revoke.Sessions, existed bool) changeJSON {
	if existed {
		return changeOf(subject, which, "deleted")
	}
	return changeOf(subject, which, "absent")
}

func (o outcome) json() changeJSON {
	c := changeOf(o.subject, o.change.Which, "put")
	if o.change.Kept {
		c.Action = "kept"
	}
	c.Before, c.Policy = timeText(o.change.Before), json.RawMessage(o.change.Document())
	if !o.change.Was.IsZero() {
		c.Previous = timeText(o.change.Was)
	}
	return c
}

// until is when the longest of the sessions would have ended by itself.
func (o outcome) until() time.Time { return o.change.Before.Add(o.longest) }

// measured asks how long the sessions could have lived. It is asked afterwards,
// since it changes nothing of what is to be done.
func measured(ctx context.Context, done []outcome) []outcome {
	for i := range done {
		done[i].longest = done[i].policies().Longest(ctx)
	}
	return done
}

// conclude tells what was done, and proves it where that was asked for. failed
// is why not all was done, or not waited for.
func (r *revocation) conclude(ctx context.Context, done []outcome, gone dropped, failed error) error {
	done = measured(ctx, done)
	if failed == nil && !r.json {
		r.tell(done, gone)
	}
	var verified bool
	if failed == nil {
		verified, failed = r.verifyAll(ctx, done)
	}
	if left := gone.problem(); failed == nil {
		failed = left
	} else if left != nil {
		r.stderr(left.Error())
	}
	return r.printReport(reportOf(done, gone, verified), failed)
}

// problem is the error of sessions that stayed here: AWS refuses them, and
// whoever gets one does not know why.
func (d dropped) problem() error {
	if len(d.stayed) == 0 {
		return nil
	}
	return fault.New("", "AWS was told, but not all that is kept here is gone: %s", strings.Join(d.stayed, "; ")).
		Fix("mend that and run: assume-role clear-cache")
}

// printReport ends the run with one JSON document, which has the error in it
// when something was changed before it; without --json with the error alone.
func (r *revocation) printReport(report revokeReport, failed error) error {
	if !r.json {
		return failed
	}
	if failed != nil {
		shape := errorJSON(failed)
		report.Error = &shape
	}
	if err := r.printJSON(report); err != nil {
		return err
	}
	if failed == nil || errors.Is(failed, fault.ErrInterrupted) {
		return failed
	}
	r.stderr(failed.Error())
	return exitStatus(statusFailed)
}

func reportOf(done []outcome, gone dropped, verified bool) revokeReport {
	report := revokeReport{DroppedSessions: &gone.sessions, DroppedFiles: &gone.files, Verified: verified}
	var latest time.Time
	for _, o := range done {
		report.Changes = append(report.Changes, o.json())
		if o.until().After(latest) {
			latest = o.until()
		}
	}
	report.LongestUntil = timeText(latest)
	return report
}

// tell is for a person who may be in a hurry: first what has ended, then what
// has not.
func (r *revocation) tell(done []outcome, gone dropped) {
	for _, o := range done {
		fmt.Fprintln(r.host.Out, o.sentence())
		fmt.Fprintf(r.host.Out, "  without it the longest of them would have lived until %s\n", timeText(o.until()))
	}
	lines := []string{
		"AWS refuses them within a few minutes" + r.howToBeSure(),
		"forgotten here: " + count(gone.sessions, "session") + ", and " + count(gone.files, "file") + " of the AWS CLI; other machines keep theirs, which are refused",
		r.stillWorking(done[0]),
		"to take it back: assume-role revoke " + r.again() + " --undo",
	}
	for _, line := range lines {
		fmt.Fprintln(r.host.Out, "  "+oneLine(line))
	}
}

func (o outcome) sentence() string {
	subject := o.subject.Kind() + " " + o.subject.ARN
	if o.change.Kept {
		return fmt.Sprintf("already denied: %s of %s issued before %s (policy %s, left as it is)",
			o.change.Which.Which(), subject, timeText(o.change.Before), o.change.Which.PolicyName())
	}
	return fmt.Sprintf("denied: %s of %s issued before %s (policy %s)",
		o.change.Which.Which(), subject, timeText(o.change.Before), o.change.Which.PolicyName())
}

func (r *revocation) howToBeSure() string {
	if r.verify {
		return ""
	}
	return "; --verify waits until it does"
}

// stillWorking is what a person may take for ended, or, under a policy that
// somebody has written for later, the other way round.
func (r *revocation) stillWorking(o outcome) string {
	switch ahead := revoke.UntilPast(o.change.Before, r.host.Now(), o.skew); {
	case ahead > longestSettling:
		return "new sessions are denied as well until " + timeText(o.change.Before) + ", as the policy said before: give --before to move it back"
	case o.subject.User:
		return "still working: the user's access keys and new sessions made with them, until the keys are deactivated; roles' sessions made from the old ones, until those roles are revoked"
	case r.chain:
		return "still working: new sessions, for everyone who may assume the roles"
	}
	return "still working: new sessions, for everyone who may assume the role; sessions of other roles that were assumed from old ones, until those roles are revoked"
}

// timeText is a moment as JSON and policies have it.
func timeText(t time.Time) string { return t.UTC().Format(time.RFC3339) }
