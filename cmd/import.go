package cmd

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"assume-role/internal/fault"
	"assume-role/internal/keystore"
)

type importOptions struct {
	profiles  []string
	from      string
	process   bool
	noProcess bool
	replace   bool
	dryRun    bool
}

func newImport(a *app) *cobra.Command {
	opts := &importOptions{}
	c := &cobra.Command{
		Use:   "import [PROFILE...]",
		Short: "Move access keys from the AWS files into the key store",
		Long: `Move the long-lived access keys of profiles (all that have some, or those named)
out of ~/.aws/credentials and ~/.aws/config into the key store. A key leaves its
file only once it was stored and read back; the rest of the file stays as it is,
byte for byte. In the key's place may stand a credential_process line, so that
every SDK goes on working with the profile: it asks, or takes
--replace-with-process or --no-process. Keys with a session token are left
alone.

--from aws-vault or --from granted copies the long-lived keys that those tools
keep. Nothing is deleted there.`,
		Example: `  assume-role import --dry-run
  assume-role import base --replace-with-process
  assume-role import --from aws-vault`,
		RunE: func(c *cobra.Command, args []string) error {
			opts.profiles = args
			return a.runImport(c.Context(), opts)
		},
		ValidArgsFunction: a.completePlain,
	}
	c.Flags().StringVar(&opts.from, "from", "", "copy the keys of `TOOL`: "+strings.Join(keystore.Tools(), ", "))
	c.Flags().BoolVar(&opts.process, "replace-with-process", false, "leave a credential_process line in the keys' place")
	c.Flags().BoolVar(&opts.noProcess, "no-process", false, "leave nothing in the keys' place")
	c.Flags().BoolVar(&opts.replace, "replace", false, "put them in the place of other keys stored under the same names")
	c.Flags().BoolVar(&opts.dryRun, "dry-run", false, "show what would change; change nothing")
	_ = c.RegisterFlagCompletionFunc("from", oneOfWords(keystore.Tools()...))
	return c
}

func (a *app) runImport(ctx context.Context, opts *importOptions) error {
	if opts.process && opts.noProcess {
		return usage("--replace-with-process and --no-process exclude each other")
	}
	if opts.from != "" {
		return a.importFrom(ctx, opts)
	}
	files, err := a.plainFiles()
	if err != nil {
		return err
	}
	pairs, err := a.plainPairs(files, opts.profiles)
	if err != nil {
		return err
	}
	if len(pairs) == 0 {
		_, err := fmt.Fprintln(a.host.Out, "no long-lived access key is in the AWS files")
		return err
	}
	m := &move{app: a, files: files, pairs: pairs, replace: opts.replace}
	if err := m.decide(ctx, opts); err != nil {
		return err
	}
	if opts.dryRun {
		return m.showDiffs(m.files)
	}
	return m.run(ctx)
}

// move takes plain-text keys out of the AWS files into the key store.
type move struct {
	*app
	files   *plainFiles
	pairs   []plainPair
	replace bool
}

// decide names the keys, finds out what is to stand in their place, and makes
// the edits, none of which is written yet.
func (m *move) decide(ctx context.Context, opts *importOptions) error {
	for _, p := range m.pairs {
		m.note(fmt.Sprintf("profile %q: access key %s (%s)", p.profile, p.key.AccessKeyID, p.where()))
	}
	process := opts.process
	if !opts.process && !opts.noProcess && !opts.dryRun {
		var err error
		question := "Leave `credential_process = assume-role credential-process NAME` in the keys' place, so that every SDK goes on working?"
		if process, err = m.askProcess(ctx, question); err != nil {
			return err
		}
	}
	return m.edit(process)
}

// room is the error of a profile whose keys cannot be replaced by a line. SDKs
// assume the role of a profile that has one, and take no program for the source
// of that.
func (m *move) room(p plainPair) error {
	config, err := m.config()
	if err != nil {
		return err
	}
	if section, _ := config.Profile(p.profile); section != nil {
		if role, ok := section.Get("role_arn"); ok {
			return fault.New(fault.TwoSources, "SDKs assume role_arn from these keys, and could not from a credential_process in their place").In(p.profile).At(role.Origin).
				Fix("nothing was changed: move role_arn to a profile of its own with source_profile = %s, or give --no-process", p.profile)
		}
	}
	return p.places[0].room(p.profile)
}

// edit takes the keys out of the files' texts. What cannot be done is refused
// before the first edit, with the lines as the user has them.
func (m *move) edit(process bool) error {
	for _, p := range m.pairs {
		if err := m.room(p); process && err != nil {
			return err
		}
	}
	for _, p := range m.pairs {
		if err := p.takeOut(process); err != nil {
			return err
		}
	}
	return nil
}

func (a *app) askProcess(ctx context.Context, question string) (bool, error) {
	tty, err := a.openTerminal("a choice", "give --replace-with-process, so that SDKs go on working with the profile's name, or --no-process")
	if err != nil {
		return false, err
	}
	defer tty.Close()
	return tty.Confirm(ctx, question)
}

// run stores all keys, and then takes them out of the files. Until then, and
// whatever ends it before, they are in both.
func (m *move) run(ctx context.Context) error {
	backend, err := m.storeAll(ctx)
	if err != nil {
		return err
	}
	if err := m.save(m.files); err != nil {
		return err
	}
	return m.report(backend)
}

// storeAll stores the keys once it is clear that it can store them all.
func (m *move) storeAll(ctx context.Context) (backend string, err error) {
	keys := make([]namedKey, len(m.pairs))
	for i, p := range m.pairs {
		keys[i] = p.namedKey
	}
	return m.storeKeys(ctx, keys, m.replace)
}

// report says what was done, and what is left to do: a key that lay in plain
// text may be in backups, too.
func (m *move) report(backend string) error {
	var text strings.Builder
	var names []string
	for _, p := range m.pairs {
		fmt.Fprintf(&text, "moved key %s of profile %q into the %s key store\n", oneLine(p.key.AccessKeyID), p.profile, backend)
		names = append(names, p.profile)
		m.noteUnused(p.profile, p.key.AccessKeyID)
	}
	m.note("these keys were in plain text, and backups or editors may have copies: replace them at AWS with `assume-role rotate " + fewest(names) + "`")
	_, err := fmt.Fprint(m.host.Out, text.String())
	return err
}

// fewest is the one name, or a word for all of them.
func fewest(names []string) string {
	if len(names) == 1 {
		return names[0]
	}
	return "PROFILE"
}

// otherKey refuses to lose a stored key.
func otherKey(name, stored string) *fault.Error {
	return fault.New("", "another key, %s, is stored under that name", stored).In(name).
		Fix("nothing was changed: --replace puts this one in its place, `assume-role remove` takes the stored one out")
}
