package cmd

import (
	"fmt"
	"path/filepath"
	"sync"

	"assume-role/internal/cache"
	"assume-role/internal/fault"
	"assume-role/internal/keystore"
	"assume-role/internal/profile"
	"assume-role/internal/securefile"
)

// app is what commands share: the host, the flags of every command, and the
// things that are opened when first needed and only then. `version` opens
// none, `explain` and completion open files but never a keyring or a
// connection.
type app struct {
	host  Host
	args  []string // the words of the command line
	out   *checkedWriter
	flags globalFlags

	settings func() (Settings, error)
	files    func() (profile.Files, error)
	config   func() (*profile.Config, error)
	index    func() (*cache.Index, error)
	known    func() cache.Contents
	stored   func() []cache.StoredKey
	locks    func() (string, error)
	rings    map[string]*keystore.Ring // by backend
	opening  *sync.Mutex               // of rings: a server renews several profiles at a time
	terminal *terminalRule
	progress *progress
	unkept   cache.Store       // keeps sessions under --no-cache; nil: nothing does
	fromJSON *profile.Document // once it is read
	noted    []string          // what notesOf said
}

// globalFlags are the flags of every command.
type globalFlags struct {
	keyringBackend string
	debug          bool
	noPrompt       bool
	mfaPrompt      string
	quiet          bool
}

func newApp(host Host) *app {
	a := &app{host: host, rings: map[string]*keystore.Ring{}, opening: &sync.Mutex{}, terminal: &terminalRule{}}
	a.progress = a.newProgress()
	a.out = &checkedWriter{to: &beside{host.Out, a.progress}}
	a.host.Out, a.host.Err = a.out, &beside{host.Err, a.progress}
	a.files = sync.OnceValues(func() (profile.Files, error) {
		return profile.Locate(a.host.GOOS, a.host.ownFiles)
	})
	a.config = sync.OnceValues(a.loadConfig)
	a.settings = sync.OnceValues(a.loadSettings)
	a.index = sync.OnceValues(a.openIndex)
	a.locks = sync.OnceValues(securefile.LockDir)
	a.known = sync.OnceValue(func() cache.Contents { return fromIndex(a, (*cache.Index).Read) })
	a.stored = sync.OnceValue(func() []cache.StoredKey { return fromIndex(a, (*cache.Index).Keys) })
	return a
}

func (a *app) loadConfig() (*profile.Config, error) {
	files, err := a.files()
	if err != nil {
		return nil, err
	}
	return profile.Load(files)
}

// loadSettings puts the flags of every command over config.yaml and the
// environment.
func (a *app) loadSettings() (Settings, error) {
	dirs, err := a.places()
	if err != nil {
		return Settings{}, err
	}
	return a.settingsAt(dirs.settings)
}

// settingsAt are the settings with the config.yaml at path, or with none.
func (a *app) settingsAt(path string) (Settings, error) {
	s, err := loadSettings(a.host, path)
	if err != nil {
		return Settings{}, err
	}
	for _, flag := range []struct{ key, value string }{
		{"keyring.backend", a.flags.keyringBackend}, {"mfa.prompt", a.flags.mfaPrompt},
	} {
		if err := setByFlag(&s, flag.key, flag.value); err != nil {
			return Settings{}, err
		}
	}
	if files, err := a.files(); err == nil {
		s.Keyring = s.Keyring.inHome(files.Home)
	}
	if a.flags.noPrompt {
		s.Prompt = "never"
	}
	s.Quiet = s.Quiet || a.flags.quiet
	return s, nil
}

func setByFlag(s *Settings, key, value string) error {
	if value == "" {
		return nil
	}
	for _, entry := range settingsTable() {
		if entry.key == key {
			if err := entry.set(s, value); err != nil {
				return said{text: value, from: fromFlag, name: entry.flag + " " + value}.refused(entry, err)
			}
		}
	}
	return nil
}

// places needs a home folder only where XDG variables do not name them all.
// Below the folder where a command runs is none of them: its files may be
// another's, and config.yaml names commands.
func (a *app) places() (places, error) {
	files, err := a.files()
	dirs := placesOf(a.host, files.Home)
	switch {
	case dirs.fixed():
		return dirs, nil
	case err != nil:
		return places{}, err
	}
	return places{}, fault.New(fault.FileUnreadable, "there is no home folder for the tool's own files").Fix("set HOME to a full path")
}

func (a *app) openIndex() (*cache.Index, error) {
	dirs, err := a.places()
	if err != nil {
		return nil, err
	}
	locks, err := a.locks()
	if err != nil {
		a.debug("no folder for locks: %s", err) // What can go without locks does.
	}
	return &cache.Index{Path: filepath.Join(dirs.state, "index.json"), Locks: locks, Now: a.host.Now}, nil
}

// fromIndex reads the index. What cannot be read counts as empty: it is a hint.
func fromIndex[T any](a *app, read func(*cache.Index) (T, error)) T {
	var none T
	index, err := a.index()
	if err != nil {
		a.debug("%s", err)
		return none
	}
	contents, err := read(index)
	if err != nil {
		a.debug("%s", err)
	}
	return contents
}

// storedKey answers from the index, so that resolving a profile never opens
// the keyring.
func (a *app) storedKey(name string) (string, bool) {
	for _, key := range a.stored() {
		if key.Profile == name {
			return key.AccessKeyID, true
		}
	}
	return "", false
}

// note tells the person one thing on stderr, unless they asked for quiet or are
// looking at another program.
func (a *app) note(text string) {
	if a.terminal.silent() {
		a.debug("%s", text)
		return
	}
	if s, err := a.settings(); err == nil && s.Quiet {
		return
	}
	a.stderr(text)
}

// debug writes to stderr under --debug. No caller passes a secret; the types
// that hold one redact themselves.
func (a *app) debug(format string, args ...any) {
	if a.flags.debug {
		a.stderr("debug: " + fmt.Sprintf(format, args...))
	}
}

func (a *app) stderr(text string) {
	fmt.Fprintln(a.host.Err, "assume-role: "+oneLine(text))
}

// usageError is a mistake in the words of the command line: exit status 2.
type usageError struct{ error }

func usage(format string, args ...any) error {
	return usageError{fault.New("", format, args...)}
}
