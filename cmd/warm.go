package cmd

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"assume-role/internal/fault"
)

type warmOptions struct {
	credentials credentialFlags
	profiles    []string
	json        bool
}

func newWarm(a *app) *cobra.Command {
	opts := &warmOptions{}
	c := &cobra.Command{
		Use:   "warm PROFILE...",
		Short: "Make sessions of many profiles ready under one MFA code",
		Long: `Make the sessions of every PROFILE and keep them, for jobs that must not ask.
Profiles on the same keys and MFA device share one code. A line a profile says
until when it is ready; one that fails does not stop the others, and the exit
status is then 1. --min-ttl renews what would end during the job.`,
		Example: `  assume-role warm dev staging prod
  assume-role warm dev prod --min-ttl 45m && ./nightly.sh`,
		Args:              someProfiles,
		ValidArgsFunction: a.completeEachProfile,
		RunE: func(c *cobra.Command, args []string) error {
			opts.profiles = args
			return a.runWarm(c.Context(), opts)
		},
	}
	opts.credentials.register(a, c)
	c.Flags().BoolVar(&opts.json, "json", false, "print JSON")
	return c
}

func someProfiles(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return usage("name the PROFILEs to make ready")
	}
	return anyProfiles(c, args)
}

// warmed is what became of one profile.
type warmed struct {
	Profile string     `json:"profile"`
	Expires string     `json:"expires,omitempty"`
	Error   *jsonError `json:"error,omitempty"`
}

// runWarm takes the profiles one after the other: they share a code, and a
// person answers one prompt at a time.
func (a *app) runWarm(ctx context.Context, opts *warmOptions) error {
	if opts.credentials.noCache {
		return usage("--no-cache keeps nothing, and warm does nothing else")
	}
	done, failed := make([]warmed, 0, len(opts.profiles)), 0
	for _, name := range opts.profiles {
		w := a.warm(ctx, name, &opts.credentials)
		if ctx.Err() != nil {
			return fault.ErrInterrupted
		}
		if w.Error != nil {
			failed++
		}
		if done = append(done, w); !opts.json {
			a.sayWarmed(w)
		}
	}
	if opts.json {
		return a.warmedJSON(done, failed)
	}
	return cold(failed, len(done))
}

// warm makes one profile's sessions ready. Its error is said at once.
func (a *app) warm(ctx context.Context, name string, f *credentialFlags) warmed {
	s, err := a.session(ctx, name, f, ttlForPeople)
	if err == nil {
		return warmed{Profile: name, Expires: endOf(s)}
	}
	if ctx.Err() == nil {
		a.stderr(err.Error())
	}
	told := errorJSON(err)
	return warmed{Profile: name, Error: &told}
}

// warmedJSON prints one document, which has the errors in it.
func (a *app) warmedJSON(done []warmed, failed int) error {
	if err := a.printJSON(map[string]any{"profiles": done}); err != nil || failed == 0 {
		return err
	}
	return exitStatus(statusFailed)
}

// endOf is when the profile's credentials end; empty where they never do.
func endOf(s *session) string {
	if s.credentials.Expiration.IsZero() {
		return ""
	}
	return s.credentials.Expiration.UTC().Format(time.RFC3339)
}

func (a *app) sayWarmed(w warmed) {
	state := "ready until " + w.Expires
	switch {
	case w.Error != nil:
		state = "not ready, see above"
	case w.Expires == "":
		state = "ready, and has no end"
	}
	fmt.Fprintf(a.host.Out, "%s: %s\n", oneLine(w.Profile), state)
}

// cold is the error for the profiles that are not ready.
func cold(failed, all int) error {
	if failed == 0 {
		return nil
	}
	return fault.New("", "%d of %s could not be made ready", failed, count(all, "profile")).
		Fix("see the lines above, and run it again")
}
