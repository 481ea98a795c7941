package cmd

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/viper"

	"assume-role/internal/fault"
	"assume-role/internal/securefile"
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
	file, err := readSettingsFile(path, table)
	if err != nil {
		return Settings{}, err
	}
	env := host.own()
	var s Settings
	for _, entry := range table {
		text, where, err := settingText(env, file, path, entry)
		if err != nil {
			return Settings{}, err
		}
		if text == "" && entry.fallback == "" && where == "" {
			continue
		}
		if err := entry.set(&s, text); err != nil {
			return Settings{}, badSetting(entry, where, err)
		}
	}
	return s, nil
}

// settingText is the text that counts for one setting and who said it.
func settingText(variables map[string]string, file *viper.Viper, path string, entry setting) (text, where string, err error) {
	text = entry.fallback
	if file != nil && file.IsSet(entry.key) {
		where = path
		if text, err = fileText(file, entry); err != nil {
			return "", "", badSetting(entry, where, err)
		}
	}
	env := variables[entry.variable()]
	if env == "" {
		return text, where, nil
	}
	if entry.guard != nil && !entry.guard(text, env) {
		return "", "", badSetting(entry, entry.variable(), errors.New("can only be made stricter by a variable"))
	}
	return env, entry.variable(), nil
}

func badSetting(entry setting, where string, err error) error {
	if where == "" {
		where = "default"
	}
	return fault.New(fault.InvalidValue, "setting %s (%s) %s", entry.key, where, err)
}

// settingsLimit is far above the size of every setting at its longest, in bytes.
const settingsLimit = 1 << 20

// readSettingsFile returns nil where there is no file.
func readSettingsFile(path string, table []setting) (*viper.Viper, error) {
	data, err := securefile.Read(path, settingsLimit)
	if securefile.Missing(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fault.New(fault.FileUnreadable, "cannot read the settings in %s", path).Fix("make it readable, or move it away").Because(err)
	}
	v := viper.New()
	v.SetConfigType("yaml")
	if err := v.ReadConfig(bytes.NewReader(data)); err != nil {
		return nil, fault.New(fault.ParseError, "%s is not valid YAML%s", path, yamlLine(err)).Fix("mend the line").Because(err)
	}
	return v, unknownSettings(v, path, table)
}

// yamlLine is " (line N)" when the parser's error tells it. The rest of that
// error may quote the file, and is left out.
func yamlLine(err error) string {
	var line int
	for _, word := range strings.SplitAfter(err.Error(), "line ")[1:] {
		if _, scan := fmt.Sscanf(word, "%d", &line); scan == nil {
			return fmt.Sprintf(" (line %d)", line)
		}
	}
	return ""
}

func unknownSettings(v *viper.Viper, path string, table []setting) error {
	keys := v.AllKeys()
	slices.Sort(keys)
	for _, key := range keys {
		i := slices.IndexFunc(table, func(s setting) bool { return s.key == key })
		section := slices.ContainsFunc(table, func(s setting) bool { return strings.HasPrefix(s.key, key+".") })
		switch {
		case section && v.Get(key) == nil: // all of it is commented out
		case section:
			return fault.New(fault.InvalidValue, "setting %s in %s is a section, and has a value", key, path).Fix("write its settings below it, indented")
		case i < 0:
			return fault.New(fault.InvalidValue, "unknown setting %s in %s", key, path).Fix("see docs/settings.md for the names")
		case table[i].envOnly:
			return fault.New(fault.InvalidValue, "setting %s must not stand in %s", key, path).Fix("set the variable %s", table[i].variable())
		}
	}
	return nil
}

// fileText is a setting of config.yaml as text; a list is joined by commas.
func fileText(v *viper.Viper, entry setting) (string, error) {
	switch value := v.Get(entry.key).(type) {
	case nil:
		return "", nil
	case []any:
		if !entry.list {
			return "", errors.New("must be one value, not a list")
		}
		return strings.Join(v.GetStringSlice(entry.key), ","), nil
	case map[string]any:
		return "", errors.New("must be a value, not a section")
	default:
		return fmt.Sprint(value), nil
	}
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
