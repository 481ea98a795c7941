package cmd

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"assume-role/internal/exec"
	"assume-role/internal/nearest"
	"assume-role/internal/output"
	"assume-role/internal/server"
)

type serveOptions struct {
	credentials credentialFlags
	server      serverFlags
	profiles    []string
	port        string
	socket      string
	format      string
}

func newServe(a *app) *cobra.Command {
	opts := &serveOptions{}
	c := &cobra.Command{
		Use:   "serve [PROFILE...]",
		Short: "Serve credentials that SDKs fetch again by themselves",
		Long: `Serve the credentials of every PROFILE on 127.0.0.1, or at a Unix socket that
only you can open, and print the variables that a client must set. Each PROFILE
has a path and a token of its own. SDKs come back for the next session before
one ends; it is made in the background.

The profiles are read at the start: restart it after you have edited them. A
code of an MFA device is asked for on this terminal, at the start and whenever
one falls due while this command is in the foreground; else have it come from
mfa_process, or run` + "`assume-role warm PROFILE`" + ` in another terminal.`,
		Example: `  assume-role serve dev
  assume-role serve dev prod --format json > endpoints.json
  assume-role serve dev --socket "$XDG_RUNTIME_DIR/aws.sock"
  assume-role serve --from /run/aws.sock`,
		Args:              anyProfiles,
		ValidArgsFunction: a.completeEachProfile,
		RunE: func(c *cobra.Command, args []string) error {
			opts.profiles = args
			return a.runServe(c.Context(), opts)
		},
	}
	opts.credentials.register(a, c)
	opts.server.register(c)
	c.Flags().StringVar(&opts.port, "port", "", "`PORT` of 127.0.0.1 to listen on, 0 for a free one (default server.port)")
	c.Flags().StringVar(&opts.socket, "socket", "", "listen at this `PATH`, a Unix socket, for --from on the other side")
	c.Flags().StringVarP(&opts.format, "format", "f", output.Formats()[0].Name, "one of "+strings.Join(endpointFormats(), ", "))
	_ = c.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(endpointFormats(), cobra.ShellCompDirectiveNoFileComp))
	return c
}

// runServe serves until it is told to stop, which is no failure.
func (a *app) runServe(ctx context.Context, opts *serveOptions) error {
	format, err := opts.check(a)
	if err != nil {
		return err
	}
	a.terminal.onlyInForeground()
	offers, err := a.offers(ctx, opts)
	if err != nil {
		return err
	}
	listening, err := a.serveAt(ctx, opts, offers)
	if err != nil {
		return err
	}
	defer listening.close()
	a.warnOfDefaults()
	if err := a.printEndpoints(format, listening, offers); err != nil {
		return err
	}
	select {
	case err := <-listening.ended:
		listening.ended <- nil
		return err
	case <-ctx.Done():
		return nil
	}
}

// check refuses what does not go together, before anything is asked or called.
func (o *serveOptions) check(a *app) (output.Format, error) {
	format, ok := endpointFormat(o.format)
	switch {
	case !ok:
		return format, usage("unknown --format %q: %s", o.format, nearest.OneOf(endpointFormats(), o.format))
	case o.socket != "" && o.port != "":
		return format, usage("--socket and --port exclude each other")
	case o.socket != "" && (o.server.metadata || o.server.metadataInsecure):
		return format, usage("--imds needs a port: start it with serve --from, or exec --from, on the other side")
	case repeated(o.profiles) != "":
		return format, usage("PROFILE %q is named twice", repeated(o.profiles))
	}
	if err := o.server.check(); err != nil {
		return format, err
	}
	if o.server.from != "" {
		return format, o.credentials.refuseWithFrom()
	}
	return format, nil
}

func repeated(names []string) string {
	seen := map[string]bool{}
	for _, name := range names {
		if seen[name] {
			return name
		}
		seen[name] = true
	}
	return ""
}

// offers makes the first session of every profile, one after the other: they
// share a code, and a person answers one prompt at a time.
func (a *app) offers(ctx context.Context, opts *serveOptions) ([]offer, error) {
	if opts.server.from != "" {
		return a.offersFrom(ctx, opts)
	}
	names := opts.profiles
	if len(names) == 0 {
		names = []string{""}
	}
	a.inMemory(&opts.credentials)
	var offers []offer
	for _, name := range names {
		s, err := a.stand(ctx, name, &opts.credentials, "serve")
		if err != nil {
			return nil, err
		}
		offers = append(offers, offer{profile: s.served(), grant: a.grant(s.session), generation: a.ownGeneration})
	}
	return distinctPaths(offers), nil
}

// distinctPaths tells profiles apart whose names make the same path.
func distinctPaths(offers []offer) []offer {
	taken := map[string]bool{}
	for i := range offers {
		for taken[offers[i].profile.Path] {
			offers[i].profile.Path += "-"
		}
		taken[offers[i].profile.Path] = true
	}
	return offers
}

func profilesOf(offers []offer) []server.Profile {
	profiles := make([]server.Profile, len(offers))
	for i, o := range offers {
		profiles[i] = o.profile
	}
	return profiles
}

// warnOfDefaults says where clients would find credentials before they ask.
func (a *app) warnOfDefaults() {
	files, err := a.withDefaultCredentials()
	if err != nil {
		a.debug("%s", err)
	}
	for _, f := range files {
		a.note("[default] has credentials (" + f.where() + "), which SDKs prefer to the server's: take them out, or use exec --server")
	}
}

// changesFor are what a client of the offer sets and unsets, whoever it is.
func (l *listening) changesFor(o offer) exec.Changes {
	grant := o.grant
	grant.Endpoint = l.endpoint(o.profile)
	return exec.Handover(nil, grant)
}
