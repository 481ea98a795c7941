package cmd

import (
	"context"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"assume-role/internal/creds"
	"assume-role/internal/exec"
	"assume-role/internal/fault"
	"assume-role/internal/securefile"
)

// profilesFlags make exec give its command several profiles to name.
type profilesFlags struct {
	names []string
	// given are the flags of the command line.
	given *pflag.FlagSet
}

func (f *profilesFlags) register(a *app, c *cobra.Command) {
	f.given = c.Flags()
	f.given.StringSliceVar(&f.names, "profiles", nil, "give CMD these profiles to name, `A,B` or all, in place of one's keys")
}

func (f *profilesFlags) wanted() bool { return f.given.Changed("profiles") }

// completeProfiles offers what may follow the last comma.
func (a *app) completeProfiles(c *cobra.Command, _ []string, word string) ([]string, cobra.ShellCompDirective) {
	before := word[:strings.LastIndexByte(word, ',')+1]
	names, directive := a.completeEachProfile(c, strings.Split(before, ","), word[len(before):])
	if before == "" && strings.HasPrefix(allProfiles, word) {
		names = append(names, allProfiles)
	}
	for i, name := range names {
		names[i] = before + name
	}
	return names, directive | cobra.ShellCompDirectiveNoSpace
}

// execProfiles runs the command with a config file made for it, in which every
// profile asks this tool for its credentials.
func (a *app) execProfiles(ctx context.Context, opts *execOptions, words []string) error {
	if err := opts.checkProfiles(); err != nil {
		return err
	}
	life, handOver, end := childLife(ctx)
	defer end()
	made, err := a.newNamedConfig(opts)
	if err != nil {
		return err
	}
	if err := a.fill(life, made, opts); err != nil {
		return err
	}
	copies, err := a.namedCopies(life, made)
	if err != nil {
		return err
	}
	defer copies.remove()
	changes := exec.HandoverNamed(a.host.Environ, exec.Named{
		Files: copies.variables(), Profiles: made.names, Region: opts.credentials.region,
	})
	a.welcome(opts, func() []string { return []string{"profiles to name: " + joinNames(made.names)} })
	return a.runBeside(words, changes.Environ(a.host.Environ), handOver)
}

// checkProfiles refuses what is for one profile only, and what would have every
// request of the command make a session.
func (o *execOptions) checkProfiles() error {
	f := &o.credentials
	switch {
	case o.profile != "":
		return usage("PROFILE %q and --profiles exclude each other: put -- before CMD", o.profile)
	case o.server.wanted():
		return usage("--profiles and a server (--server, --imds, --from) exclude each other")
	case f.fromJSON != "" || f.webIdentity != "" || f.sourceProfile != "" || f.roleARN != "":
		return usage("--from-json, --web-identity, --source-profile and --role-arn are for one PROFILE: write a profile for --profiles")
	case f.noCache:
		return usage("--no-cache would make a session at every request: leave it out with --profiles")
	case len(o.profiles.names) == 0 || slices.Contains(o.profiles.names, ""):
		return usage("--profiles has an empty name in it")
	}
	return nil
}

// fill puts the profiles into the file, with what a person has to answer for
// them behind us.
func (a *app) fill(ctx context.Context, made *namedConfig, opts *execOptions) error {
	names := slices.Clone(opts.profiles.names)
	if len(names) == 1 && names[0] == allProfiles {
		return a.fillAll(ctx, made, &opts.credentials)
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		if err := made.add(name); err != nil {
			return err
		}
	}
	return a.readyProfiles(ctx, made.names, &opts.credentials)
}

// namedCopies puts the file where only the command looks, beside an empty
// credentials file.
func (a *app) namedCopies(ctx context.Context, made *namedConfig) (*awsCopies, error) {
	copies, err := a.newCopies(ctx)
	if err == nil {
		if err = copies.put("AWS_CONFIG_FILE", made.text.String()); err == nil {
			err = copies.put("AWS_SHARED_CREDENTIALS_FILE", "")
		}
		if err != nil {
			copies.remove()
		}
	}
	if err != nil {
		return nil, fault.New("", "the config file for the command cannot be written: %s", plainError(err)).Because(err)
	}
	return copies, nil
}

// put writes a file of the child's and has the variable name it.
func (c *awsCopies) put(variable, text string) error {
	path := filepath.Join(c.dir, strings.ToLower(variable))
	c.set = append(c.set, creds.Variable{Name: variable, Value: creds.Secret(path)})
	return securefile.Write(path, []byte(text))
}
