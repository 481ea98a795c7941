package cmd

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// version is set by the linker (see Makefile); a plain `go build` leaves it.
var version = "dev"

func newVersion(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print version, commit, its date and Go version",
		Example: "  assume-role version",
		Args:    noArguments,
		RunE:    func(*cobra.Command, []string) error { return a.printVersion() },
	}
}

func (a *app) printVersion() error {
	_, err := fmt.Fprintln(a.host.Out, versionLine())
	return err
}

func versionLine() string {
	return fmt.Sprintf("assume-role %s (commit %s, %s, %s, %s/%s)",
		version, recorded("vcs.revision"), recorded("vcs.time"), runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// recorded is what the Go tool wrote into the program when it built it: the
// commit and its date (https://pkg.go.dev/runtime/debug#BuildSetting).
func recorded(key string) string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, setting := range info.Settings {
		if setting.Key == key {
			return setting.Value
		}
	}
	return "unknown"
}
