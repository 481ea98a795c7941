package profile

import (
	"strings"

	"assume-role/internal/fault"
)

// File is one of the two AWS files.
type File struct {
	// Path is where it lies; it need not exist.
	Path string
	// Named says that an environment variable named it.
	Named bool
}

// Files are the places of the shared config and credentials files.
type Files struct {
	Config, Credentials File
	// Home is the user's home folder, or empty where none is known.
	Home string
}

// Locate finds the two files and the home folder by the SDKs' common rules:
// AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE, each on its own, else
// .aws/config and .aws/credentials in the home folder. Home is HOME on every
// platform, then, on Windows only, USERPROFILE, then HOMEDRIVE and HOMEPATH.
// A leading ~/ in a variable means the home folder. An empty variable counts
// as unset. goos is a runtime.GOOS; env reads one variable.
//
// It fails only where a file's place needs a home folder and there is none.
// See https://docs.aws.amazon.com/sdkref/latest/guide/file-location.html.
func Locate(goos string, env func(string) string) (Files, error) {
	l := locator{goos: goos, env: env, home: home(goos, env)}
	config, err := l.locate(configVariable, "config")
	if err != nil {
		return Files{}, err
	}
	credentials, err := l.locate(credentialsVariable, "credentials")
	if err != nil {
		return Files{}, err
	}
	return Files{Config: config, Credentials: credentials, Home: l.home}, nil
}

func home(goos string, env func(string) string) string {
	if h := env("HOME"); h != "" || goos != windows {
		return h
	}
	if h := env("USERPROFILE"); h != "" {
		return h
	}
	return env("HOMEDRIVE") + env("HOMEPATH")
}

const (
	configVariable      = "AWS_CONFIG_FILE"
	credentialsVariable = "AWS_SHARED_CREDENTIALS_FILE"

	windows = "windows"
)

type locator struct {
	goos string
	env  func(string) string
	home string
}

func (l locator) locate(variable, name string) (File, error) {
	path := l.env(variable)
	if path == "" {
		path, err := l.inHome(l.join(".aws", name), variable)
		return File{Path: path}, err
	}
	rest, ok := l.afterTilde(path)
	if !ok {
		return File{Path: path, Named: true}, nil
	}
	path, err := l.inHome(rest, variable)
	return File{Path: path, Named: true}, err
}

// afterTilde returns what follows ~/; ~someone/ is a name like any other.
func (l locator) afterTilde(path string) (string, bool) {
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		return rest, true
	}
	if l.goos == windows {
		return strings.CutPrefix(path, `~\`)
	}
	return "", false
}

func (l locator) inHome(rest, variable string) (string, error) {
	if l.home == "" {
		return "", l.homeless(variable)
	}
	return l.join(strings.TrimRight(l.home, l.separators()), rest), nil
}

func (l locator) homeless(variable string) error {
	names := "HOME is"
	if l.goos == windows {
		names = "HOME and USERPROFILE are"
	}
	return fault.New(fault.FileUnreadable, "there is no home folder to look for the AWS files in: %s not set", names).
		Fix("set HOME, or %s to the file's full path", variable)
}

func (l locator) separators() string {
	if l.goos == windows {
		return `\/`
	}
	return "/"
}

func (l locator) join(folder, name string) string {
	return folder + l.separators()[:1] + name
}

// Expand puts the home folder in place of a leading ~/ of a path.
func (f Files) Expand(path string) string {
	if rest, ok := strings.CutPrefix(path, "~/"); ok && f.Home != "" {
		return f.Home + "/" + rest
	}
	return path
}
