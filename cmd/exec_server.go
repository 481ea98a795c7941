package cmd

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"assume-role/internal/exec"
	"assume-role/internal/server"
)

// execServerFlags make exec stay, and serve credentials to its command.
type execServerFlags struct {
	serverFlags
	on bool
}

func (f *execServerFlags) register(c *cobra.Command) {
	flags := c.Flags()
	flags.BoolVarP(&f.on, "server", "s", false, "give CMD a local server that its SDKs refresh from, in place of keys")
	flags.BoolVar(&f.on, "ecs-server", false, "the same, as aws-vault spells it")
	f.serverFlags.register(c)
}

// wanted also where only a flag says so that has no other meaning.
func (f *execServerFlags) wanted() bool {
	return f.on || f.metadata || f.metadataInsecure || f.from != ""
}

// execServed runs the command beside a server of its own. The first session is
// there before the command starts, while a person can still be asked.
func (a *app) execServed(ctx context.Context, opts *execOptions, words []string) error {
	if err := opts.server.check(); err != nil {
		return err
	}
	life, handOver, end := childLife(ctx)
	defer end()
	offer, err := a.offer(life, opts, words)
	if err != nil {
		return err
	}
	listening, err := a.listen(life, 0, []server.Profile{offer.profile}, &opts.server.serverFlags, offer.generation)
	if err != nil {
		return err
	}
	defer listening.close()
	copies, err := a.copyWithoutCredentials(life)
	if err != nil {
		return err
	}
	defer copies.remove()
	grant := offer.grant
	grant.Endpoint, grant.Files = listening.endpoint(offer.profile), copies.variables()
	changes := exec.Handover(a.host.Environ, grant)
	for _, note := range append(changes.Notes, copies.notes...) {
		a.note(note)
	}
	a.welcome(opts, func() []string { return append(who(grant), renewed) })
	return a.runBeside(words, changes.Environ(a.host.Environ), handOver)
}

// offer is what a command is served.
type offer struct {
	profile    server.Profile
	grant      exec.Grant
	generation func() (int64, error)
}

// offer makes the first session.
func (a *app) offer(ctx context.Context, opts *execOptions, words []string) (offer, error) {
	if opts.server.from != "" {
		return a.offerFrom(ctx, opts)
	}
	a.inMemory(&opts.credentials)
	s, err := a.stand(ctx, opts.profile, &opts.credentials, words...)
	if err != nil {
		return offer{}, err
	}
	return offer{profile: s.served(), grant: a.grant(s.session), generation: a.ownGeneration}, nil
}

// inMemory makes --no-cache that of a server.
func (a *app) inMemory(f *credentialFlags) {
	if f.noCache {
		a.unkept = &memory{generation: a.generation}
	}
}

// runBeside runs the command as a child, which has the terminal from then on.
func (a *app) runBeside(words, env []string, handOver func() error) error {
	command, err := exec.Find(words, env)
	if err != nil {
		return err
	}
	a.terminal.giveUp()
	if err := handOver(); err != nil {
		return err
	}
	status, err := exec.Run(command, a.host.Stdio)
	if failed, ok := errors.AsType[*exec.StartError](err); ok {
		return failed
	}
	return exitStatus(status)
}
