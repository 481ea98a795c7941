package cmd

import (
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"assume-role/internal/exec"
	"assume-role/internal/fault"
	"assume-role/internal/nearest"
	"assume-role/internal/output"
)

type exportOptions struct {
	credentials credentialFlags
	profile     string
	format      string
	unset       bool
}

func newExport(a *app) *cobra.Command {
	opts := &exportOptions{}
	c := &cobra.Command{
		Use:   "export [PROFILE]",
		Short: "Print a profile's credentials for a shell or a program",
		Long: `Print the credentials of PROFILE. The shell formats also unset what would
override or contradict them. --unset prints only those lines, to leave a role.
Where PROFILE is left out and no variable names one, you choose it from a list.`,
		Example: `  eval "$(assume-role export prod)"
  assume-role export prod --format fish | source
  assume-role export prod --format dotenv > .env.aws
  eval "$(assume-role export --unset)"`,
		Args:              atMostOneProfile,
		ValidArgsFunction: a.completeProfile,
		RunE: func(c *cobra.Command, args []string) error {
			opts.profile = firstOf(args...)
			return a.runExport(c.Context(), opts)
		},
	}
	opts.credentials.register(a, c)
	opts.credentials.registerPick(c)
	c.Flags().StringVarP(&opts.format, "format", "f", output.Formats()[0].Name, "one of "+strings.Join(formatNames(), ", "))
	c.Flags().BoolVar(&opts.unset, "unset", false, "print only the lines that leave the role")
	_ = c.RegisterFlagCompletionFunc("format", completeFormats)
	return c
}

func formatNames() []string {
	var names []string
	for _, f := range output.Formats() {
		names = append(names, f.Name)
	}
	return names
}

func completeFormats(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var lines []string
	for _, f := range output.Formats() {
		lines = append(lines, cobra.CompletionWithDesc(f.Name, f.Description))
	}
	return lines, cobra.ShellCompDirectiveNoFileComp
}

func (a *app) runExport(ctx context.Context, opts *exportOptions) error {
	format, ok := output.Lookup(opts.format)
	if !ok {
		return usage("unknown --format %q: %s", opts.format, nearest.OneOf(formatNames(), opts.format))
	}
	if opts.unset && !format.Evaluated {
		return usage("--unset goes with a format that a shell evaluates, and %s is none", format.Name)
	}
	if format.Name == "process" { // which SDKs ask for, with a terminal or without
		opts.credentials.asks = false
	}
	payload, err := a.exportPayload(ctx, opts)
	if err != nil {
		return err
	}
	if a.host.OutTerminal && format.Evaluated && !opts.unset {
		a.note("this printed credentials to the terminal: eval \"$(assume-role export …)\" was probably meant")
	}
	return a.printPayload(format, payload)
}

func (a *app) exportPayload(ctx context.Context, opts *exportOptions) (output.Payload, error) {
	if opts.unset {
		left := exec.Leave(a.host.Environ)
		return output.Payload{Set: left.Set, Unset: left.Unset}, nil
	}
	s, err := a.session(ctx, opts.profile, &opts.credentials, ttlForPeople)
	if err != nil {
		return output.Payload{}, err
	}
	if err := a.confirmed(ctx, s, "export"); err != nil {
		return output.Payload{}, err
	}
	changes := a.handover(s)
	for _, note := range changes.Notes {
		a.note(note)
	}
	return output.Payload{
		Set: changes.Set, Unset: changes.Unset, Credentials: s.credentials,
		Profile: firstOf(s.chain.Profile, "default"), // the environment's own have no name
		Region:  s.chain.Region,
	}, nil
}

func (a *app) printPayload(format output.Format, payload output.Payload) error {
	return unrepresentable(payload.Profile, format.Write(a.host.Out, payload))
}

// unrepresentable says what to do where a format cannot carry something.
func unrepresentable(name string, err error) error {
	var cannot *output.Unrepresentable
	if errors.As(err, &cannot) {
		return fault.New(fault.InvalidValue, "%s", cannot.Error()).
			In(name).Fix("choose another --format, such as json")
	}
	return err
}
