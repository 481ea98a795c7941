package cmd

import (
	"context"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"assume-role/internal/creds"
	"assume-role/internal/exec"
	"assume-role/internal/fault"
	"assume-role/internal/shells"
)

// assumeOptions are the words of the function assume, and what the function
// says of its shell.
type assumeOptions struct {
	credentials credentialFlags
	console     consoleOptions // those of its own flags
	profile     string
	opens       bool
	unset       bool
	version     bool
	format      string
	shell       string
	state       string
}

// newAssume is what the function assume calls (init prints it). Its answer is
// evaluated, so nothing but answers may go to stdout while --shell is given.
func newAssume(a *app) *cobra.Command {
	opts := &assumeOptions{}
	c := &cobra.Command{
		Use:   "assume [PROFILE]",
		Short: "What the function assume of your shell calls",
		Long: `assume is a function of your shell: assume-role init --help says how to load it.

  assume PROFILE [flags]   take on the profile's credentials in this shell
  assume [flags]           choose the profile from a list
  assume --refresh         renew the session of this shell, with the same flags
  assume -c [PROFILE]      open the AWS console: of PROFILE, else of the session
  assume --unset           put everything back as it was before the first assume`,
		Example:           "  assume prod --duration 1h\n  assume -c --service s3\n  assume --unset",
		Hidden:            true,
		Args:              atMostOneProfile,
		ValidArgsFunction: a.completeProfile,
		RunE: func(c *cobra.Command, args []string) error {
			opts.profile = firstOf(args...)
			return a.runAssume(c, opts)
		},
	}
	opts.register(a, c)
	help := c.HelpFunc()
	c.SetHelpFunc(func(c *cobra.Command, args []string) {
		if shell, ok := shells.Lookup(opts.shell); ok {
			_ = shell.Write(a.host.Out, shells.Run("assume", "--help"))
			return
		}
		help(c, args)
	})
	return c
}

func (o *assumeOptions) register(a *app, c *cobra.Command) {
	flags := c.Flags()
	o.credentials.register(a, c)
	o.credentials.registerPick(c)
	o.console.register(c)
	flags.BoolVarP(&o.opens, "console", "c", false, "open the AWS console")
	flags.BoolVar(&o.unset, "unset", false, "leave, and put everything back as it was before")
	flags.BoolVar(&o.version, versionFlag, false, "the version of assume-role")
	flags.StringVarP(&o.format, "format", "f", "", "refused: the shell needs its own")
	flags.StringVar(&o.shell, "shell", "", "the `SHELL` that evaluates the answer")
	flags.StringVar(&o.state, "state", "", "what the function has kept")
	for _, name := range []string{"format", "shell", "state"} {
		_ = flags.MarkHidden(name)
	}
}

func (a *app) runAssume(c *cobra.Command, opts *assumeOptions) error {
	shell, ok := shells.Lookup(opts.shell)
	if !ok {
		return usage("assume is a function of your shell: `assume-role init --help` says how to load it")
	}
	given, err := givenFlags(c, a.args[1:])
	if err != nil {
		return err
	}
	call := assumeCall{app: a, command: c, opts: opts, given: given, state: shells.ReadState(opts.state)}
	answer, err := call.answer(c.Context())
	if err != nil {
		return err
	}
	return unrepresentable(call.opts.profile, shell.Write(a.host.Out, answer))
}

// assumeCall is one call of the function assume.
type assumeCall struct {
	*app
	command *cobra.Command
	opts    *assumeOptions
	given   []givenFlag
	state   shells.State
}

func (c *assumeCall) answer(ctx context.Context) (shells.Answer, error) {
	if err := c.contradiction(); err != nil {
		return shells.Answer{}, err
	}
	switch opts := c.opts; {
	case opts.version:
		return shells.Run(versionFlag), nil
	case opts.unset:
		payload, err := c.exportPayload(ctx, &exportOptions{unset: true})
		if err == nil {
			c.noteChanged("is as it was before the first assume")
		}
		return c.state.Leave(payload), err
	case opts.opens:
		return shells.Run(c.consoleWords()...), nil
	case opts.credentials.refresh && c.unnamed():
		if err := c.again(); err != nil {
			return shells.Answer{}, err
		}
	case c.unnamed():
		opts.credentials.pick = true
	}
	return c.enter(ctx)
}

// contradiction refuses words that do not go together.
func (c *assumeCall) contradiction() error {
	opts := c.opts
	switch {
	case opts.format != "":
		return usage("assume gives the shell what it needs: another format is for assume-role export --format %s", opts.format)
	case opts.unset && (opts.opens || opts.credentials.refresh || opts.profile != ""):
		return usage("--unset leaves the session, and goes with nothing else")
	case opts.opens:
		return nil
	}
	for _, g := range c.given {
		if consoleFlags().Lookup(g.name) != nil {
			return usage("--%s goes with -c, which opens the console", g.name)
		}
	}
	return nil
}

// consoleFlags are those that only the console has.
func consoleFlags() *pflag.FlagSet {
	c := &cobra.Command{}
	new(consoleOptions).register(c)
	return c.Flags()
}

// unnamed reports whether the words leave open whose credentials are wanted.
func (c *assumeCall) unnamed() bool {
	f := &c.opts.credentials
	return c.opts.profile == "" && f.fromJSON == "" && f.webIdentity == "" && !f.pick
}

// enter changes the shell.
func (c *assumeCall) enter(ctx context.Context) (shells.Answer, error) {
	export := &exportOptions{credentials: c.opts.credentials, profile: c.opts.profile}
	payload, err := c.exportPayload(ctx, export)
	if err != nil {
		return shells.Answer{}, err
	}
	c.noteChanged("is now as this assume made it")
	c.state.Profile = ""
	if i := slices.IndexFunc(payload.Set, func(v creds.Variable) bool { return v.Name == profileVariable }); i >= 0 {
		c.state.Profile = payload.Set[i].Value.Reveal()
	}
	c.state.Name = firstOf(c.opts.profile, export.credentials.picked)
	c.state.Flags = c.repeatable()
	return c.state.Enter(c.host.Environ, payload), nil
}

// noteChanged says what the user set in the session by hand, since it is lost.
func (c *assumeCall) noteChanged(becomes string) {
	if names := c.state.ChangedSince(c.host.Environ); c.current() && len(names) > 0 {
		c.note("what was changed since the last assume " + becomes + ": " + joinNames(names))
	}
}

// again puts the words of the last assume in front of the given ones. The region
// stays, too: it may have been a variable's, which this session has replaced.
func (c *assumeCall) again() error {
	if !c.current() {
		return c.againInside()
	}
	if slices.Contains(c.state.Flags, "--from-json=-") {
		return fault.New("", "the session came from stdin and cannot be renewed").In(c.state.Profile).Fix("give assume --from-json what AWS printed anew")
	}
	words := c.state.Flags
	for _, g := range c.given {
		words = append(words, g.word())
	}
	opts := &assumeOptions{profile: c.state.Name}
	flags := opts.flags(c.app, c.command)
	if err := flags.Parse(words); err != nil {
		return usageError{err}
	}
	opts.credentials.refresh = !opts.credentials.noCache // which makes all anew, too
	opts.credentials.region = firstOf(opts.credentials.region, c.state.Set[regionVariable])
	given, err := givenOf(flags, words)
	c.opts, c.given = opts, given
	return err
}

// againInside names the profile of a session that assume did not make, such as
// that of a sub-shell of exec.
func (c *assumeCall) againInside() error {
	inside, ok := exec.InsideOf(c.host.Environ)
	if !ok {
		return fault.New("", "this shell is in no session that could be renewed").Fix("name a profile: assume PROFILE")
	}
	c.opts.profile = inside.Profile
	c.opts.credentials.region = firstOf(c.opts.credentials.region, c.host.Getenv(regionVariable))
	return nil
}

// flags is a set of its own that sets the options.
func (o *assumeOptions) flags(a *app, c *cobra.Command) *pflag.FlagSet {
	again := &cobra.Command{}
	o.register(a, again)
	flags := again.Flags()
	flags.AddFlagSet(c.Root().PersistentFlags())
	return flags
}

// current reports whether the shell is in the session that assume made.
func (c *assumeCall) current() bool {
	_, inside := c.host.lookup(setVariable)
	return inside && len(c.state.Kept) > 0 && c.state.Profile == c.host.Getenv(profileVariable)
}

// consoleWords are the words of the console's command.
func (c *assumeCall) consoleWords() []string {
	words, name := []string{"console"}, c.opts.profile
	if _, inside := exec.InsideOf(c.host.Environ); c.unnamed() {
		switch {
		case c.current():
			words, name = append(words, c.state.Flags...), c.state.Name
		case !inside:
			words = append(words, "--pick")
		}
	}
	for _, g := range c.given {
		if !assumeOnly(g.name) {
			words = append(words, g.word())
		}
	}
	if name != "" {
		words = append(words, "--", name)
	}
	return words
}
