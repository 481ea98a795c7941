package cmd

import (
	"io"
	"os"
	"runtime"
	"strings"
	"sync"
	"time"

	"assume-role/internal/exec"
	"assume-role/internal/keystore/nodbus"
	"assume-role/internal/terminal"
)

// Host is everything that a command may learn from the machine it runs on.
// Nothing below package cmd reads the process's streams, environment or clock
// by itself.
type Host struct {
	// In, Out and Err are the standard streams.
	In       io.Reader
	Out, Err io.Writer
	// Stdio are the files that a child inherits.
	Stdio exec.Stdio
	// OutTerminal and ErrTerminal say whether a person reads them.
	OutTerminal, ErrTerminal bool
	// Environ is the caller's environment, to the letter.
	Environ []string
	// GOOS is the operating system, in Go's names.
	GOOS string
	// Now is the clock.
	Now func() time.Time
	// Machine tells this machine from others that share a home folder.
	Machine func() string
	// OnEC2 tells whether the machine is an EC2 instance, from its files
	// alone; nil: it is not.
	OnEC2 func() bool
}

// System returns the machine that the process really runs on, takes this
// tool's secrets out of the process's own environment, and keeps core files
// from being made of it.
func System() Host {
	exec.NoCoreFile()
	nodbus.Restore()
	environ := os.Environ()
	for _, secret := range []string{passphraseVariable, newPassphraseVariable, mfaTokenVariable} {
		_ = os.Unsetenv(secret) // keyring backends hand their environment to programs
	}
	return Host{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Stdio: exec.Stdio{os.Stdin, os.Stdout, os.Stderr},
		OutTerminal: isTerminal(os.Stdout), ErrTerminal: isTerminal(os.Stderr),
		Environ: environ,
		GOOS:    runtime.GOOS,
		Now:     time.Now,
		Machine: machine,
		OnEC2:   sync.OnceValue(onEC2),
	}
}

func machine() string {
	name, _ := os.Hostname() // a machine without a name is like any other
	return name
}

// Getenv returns a variable of the caller, empty when unset. Of duplicates the
// first counts, as for getenv(3).
func (h Host) Getenv(name string) string {
	value, _ := h.lookup(name)
	return value
}

// ownFiles is Getenv for where the AWS files are: inside a session with copies
// of them, the user's own still count.
func (h Host) ownFiles(name string) string {
	if h.Getenv(name) == "" {
		return ""
	}
	switch name {
	case "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE":
		return exec.OwnFile(h.Environ, name)
	}
	return h.Getenv(name)
}

// own are the variables that may be settings of this tool.
func (h Host) own() map[string]string {
	found := map[string]string{}
	for _, entry := range h.Environ {
		name, value, ok := strings.Cut(entry, "=")
		if h.GOOS == "windows" {
			name = strings.ToUpper(name)
		}
		if _, again := found[name]; ok && !again && strings.HasPrefix(name, "ASSUME_ROLE_") {
			found[name] = value
		}
	}
	return found
}

func (h Host) lookup(name string) (string, bool) {
	for _, entry := range h.Environ {
		key, value, ok := strings.Cut(entry, "=")
		if ok && (key == name || h.GOOS == "windows" && strings.EqualFold(key, name)) {
			return value, true
		}
	}
	return "", false
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && terminal.IsTerminal(f.Fd())
}
