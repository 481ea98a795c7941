package cmd

import (
	"fmt"
	"strings"

	"assume-role/internal/iamkeys"
	"assume-role/internal/profile"
	"assume-role/internal/terminal"
)

// rehearse shows what would be called. It asks nobody, neither AWS nor a
// person, and so does not know whose key it is.
func (r *rotating) rehearse(chain *profile.Chain) (rotated, error) {
	made, unfinished, err := iamkeys.Unfinished(r.rotationsPath(), chain.Source.Profile)
	if err != nil {
		return rotated{}, err
	}
	calls := []string{"sts:GetCallerIdentity", "iam:ListAccessKeys"}
	if made == "" {
		calls = append(calls, "iam:CreateAccessKey")
	}
	calls = append(calls, "sts:GetCallerIdentity (with the new key)", "iam:UpdateAccessKey")
	if !r.deactivateOnly {
		calls = append(calls, "iam:DeleteAccessKey")
	}
	admin := chain.Administrator(0, r.settings.TokenDuration)
	if len(admin.Calls) > 0 {
		calls = append([]string{"sts:GetSessionToken (unless its session is kept)"}, calls...)
	}
	return rotated{Profile: chain.Source.Profile, Old: chain.Source.Keys.AccessKeyID, Resumed: unfinished, Calls: calls}, nil
}

// tell prints what was done with each key.
func (r *rotating) tell(done []rotated) error {
	if r.json {
		return r.printJSON(map[string]any{"dry_run": r.dryRun, "rotations": done})
	}
	for _, one := range done {
		for _, line := range one.lines() {
			if _, err := fmt.Fprintln(r.host.Out, terminal.Visible(line)); err != nil {
				return err
			}
		}
	}
	return nil
}

// lines are for a person.
func (o rotated) lines() []string {
	switch {
	case o.Error != nil:
		return []string{o.Profile + ": not rotated, see above"}
	case o.Calls != nil:
		return o.rehearsal()
	case o.Elsewhere:
		return []string{fmt.Sprintf("%s: another process has just put %s in the place of %s", o.Profile, o.New, o.Old)}
	}
	verb := "rotated"
	if o.Resumed {
		verb = "completed the rotation that an earlier run had begun"
	}
	user := iamkeys.UserName(o.UserARN)
	said := fmt.Sprintf("%s: %s: the key of the user %s is now %s; the old one, %s, is %s", strings.Join(o.Profiles, ", "), verb, user, o.New, o.Old, o.Fate)
	if o.Fate == iamkeys.Inactive {
		said += fmt.Sprintf(": to delete it, aws iam delete-access-key --user-name %s --access-key-id %s", user, o.Old)
	}
	return []string{said, "sessions made with the old key go on at AWS until they expire: `assume-role revoke " + o.Profile + " --user` ends them"}
}

func (o rotated) rehearsal() []string {
	what := "would put a new key in the place of " + o.Old
	if o.Resumed {
		what = "would complete the rotation that an earlier run had begun"
	}
	lines := []string{fmt.Sprintf("%s: %s, with these calls:", o.Profile, what)}
	for _, call := range o.Calls {
		lines = append(lines, "  "+call)
	}
	return lines
}
