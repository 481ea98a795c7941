package cmd

import (
	"errors"
	"path/filepath"
	"slices"
	"time"

	"assume-role/internal/fault"
	"assume-role/internal/nearest"
)

// Settings are the tool's own settings, after config.yaml, the environment
// and the flags, of which the later ones win.
type Settings struct {
	Keyring          KeyringSettings
	MFAPrompt        string
	TokenDuration    time.Duration
	RoleDuration     time.Duration
	MinTTL           time.Duration
	SessionBackend   string
	SessionName      string
	SessionToken     string
	RegionalSTS      bool
	Prompt           string
	Quiet            bool
	EnvAccountID     bool
	EnvAWSVault      bool
	ClearAWSCLI      bool
	ConsoleBrowser   string
	ServerPort       int
	LoginAuto        bool
	TrustedEndpoints []string
	AgentVariables   []string
}

// KeyringSettings say where secrets are kept.
type KeyringSettings struct {
	Backend               string
	FileDir               string
	FilePassphraseFile    string
	FilePassphraseCommand string
	FileUnlockTTL         time.Duration
	PassDir               string
	ServiceName           string
}

// loadSettings reads config.yaml and the environment, strictly: an unknown
// key or a bad value is an error that names it. Unknown ASSUME_ROLE_…
// variables are somebody else's and are left alone.
func loadSettings(host Host, path string) (Settings, error) {
	table := settingsTable()
	file, err := readSettingsFile(path)
	if err != nil {
		return Settings{}, err
	}
	if wrong := file.strangers(table); len(wrong) > 0 {
		return Settings{}, wrong[0].err
	}
	variables := host.own()
	var s Settings
	for _, entry := range table {
		if _, err := settle(&s, entry, file, variables); err != nil {
			return Settings{}, err
		}
	}
	return s, nil
}

// settle puts a setting into its place, and returns what was said of it. What
// was said also comes with an error, if there is any text.
func settle(s *Settings, entry setting, file *settingsFile, variables map[string]string) (said, error) {
	says, err := file.says(entry)
	if err != nil {
		return says, err
	}
	if text := variables[entry.variable()]; text != "" {
		inFile := says.text
		says = said{text: text, from: fromVariable, name: entry.variable()}
		if entry.guard != nil && !entry.guard(inFile, text) {
			return says, says.refused(entry, errors.New("can only be made stricter by a variable"))
		}
	}
	if says.text == "" && says.from == fromDefault {
		return says, nil
	}
	err = entry.set(s, says.text)
	if err == nil {
		return says, nil
	}
	if says.from == fromFile {
		says.at = file.origin(entry.key)
	}
	return says, says.refused(entry, err)
}

// The ways to say a setting, as `config --json` names them; later ones win.
const (
	fromDefault  = "default"
	fromFile     = "file"
	fromVariable = "variable"
	fromFlag     = "flag"
)

// said is the text that counts for a setting, and who said it.
type said struct {
	text string
	from string
	// name is the variable's or the flag's.
	name string
	// at is the place in config.yaml.
	at fault.Origin
}

// refused is the error for a text that a setting cannot have.
func (s said) refused(entry setting, err error) error {
	where := ""
	switch s.from {
	case fromDefault:
		where = " (default)"
	case fromVariable, fromFlag:
		where = " (" + s.name + ")"
	}
	return fault.New(fault.InvalidValue, "setting %s%s %s", entry.key, where, err).At(s.at).
		Fix("%s", nearest.Hint(entry.choices, s.text, ""))
}

// places are the folders that the tool keeps its own files in.
type places struct {
	settings string // config.yaml
	state    string // index.json, the recorded backend
	keyring  string // the file backend's items, unless set
}

// placesOf follows the XDG base directory specification on Linux and the
// platform's custom elsewhere.
func placesOf(host Host, home string) places {
	join := filepath.Join
	config, state, data := join(home, ".config"), join(home, ".local", "state"), join(home, ".local", "share")
	switch host.GOOS {
	case "darwin":
		support := join(home, "Library", "Application Support")
		config, state, data = support, support, support
	case "windows":
		config = firstOf(host.Getenv("APPDATA"), join(home, "AppData", "Roaming"))
		state = firstOf(host.Getenv("LOCALAPPDATA"), join(home, "AppData", "Local"))
		data = state
	}
	config = firstOf(absolute(host.Getenv("XDG_CONFIG_HOME")), config)
	state = firstOf(absolute(host.Getenv("XDG_STATE_HOME")), state)
	data = firstOf(absolute(host.Getenv("XDG_DATA_HOME")), data)
	return places{
		settings: join(config, "assume-role", "config.yaml"),
		state:    join(state, "assume-role"),
		keyring:  join(data, "assume-role", "keyring"),
	}
}

// fixed reports whether the folders are the same from wherever a command runs.
func (p places) fixed() bool {
	return filepath.IsAbs(p.settings) && filepath.IsAbs(p.state) && filepath.IsAbs(p.keyring)
}

// absolute drops a relative path: the specification says to ignore those.
func absolute(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return ""
}

func firstOf(values ...string) string {
	i := slices.IndexFunc(values, func(v string) bool { return v != "" })
	if i < 0 {
		return ""
	}
	return values[i]
}
