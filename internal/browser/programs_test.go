package browser

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPrograms(t *testing.T) {
	t.Parallel()
	const rundll = "rundll32.exe url.dll,FileProtocolHandler"
	for name, tc := range map[string]struct {
		setting, goos, environ string
		want                   string
	}{
		"a desktop":             {"", "linux", "DISPLAY=:0", "xdg-open|x-www-browser|www-browser"},
		"Wayland":               {"", "linux", "WAYLAND_DISPLAY=w", "xdg-open|x-www-browser|www-browser"},
		"no desktop":            {"", "linux", "", ""},
		"over SSH":              {"", "linux", "DISPLAY=:0 SSH_CONNECTION=x", ""},
		"a terminal over SSH":   {"", "darwin", "SSH_TTY=/dev/pts/0", ""},
		"WSL":                   {"", "linux", "WSL_DISTRO_NAME=Debian", "wslview|" + rundll},
		"macOS":                 {"", "darwin", "", "/usr/bin/open"},
		"Windows":               {"", "windows", "", rundll},
		"BROWSER":               {"", "linux", "BROWSER=firefox:lynx", "firefox|lynx"},
		"BROWSER over SSH":      {"", "linux", "BROWSER=helper.sh SSH_CONNECTION=x", "helper.sh"},
		"BROWSER with parts":    {"", "linux", "BROWSER=:firefox::", "firefox"},
		"BROWSER on Windows":    {"", "windows", `Browser=C:\x\f.exe;g.exe`, `C:\x\f.exe|g.exe`},
		"an empty BROWSER":      {"", "darwin", "BROWSER=", "/usr/bin/open"},
		"the setting":           {"firefox -P work", "linux", "BROWSER=lynx", "firefox -P work"},
		"the setting over SSH":  {"helper", "linux", "SSH_CONNECTION=x", "helper"},
		"a setting of blanks":   {"  ", "darwin", "", "/usr/bin/open"},
		"an empty program":      {`"" x`, "darwin", "", "/usr/bin/open"},
		"a program with blanks": {`'/opt/my browser/b' --new`, "linux", "", "/opt/my browser/b --new"},
	} {
		o := Opener{Setting: tc.setting, GOOS: tc.goos, Environ: strings.Fields(tc.environ)}
		var got []string
		for _, words := range o.programs() {
			got = append(got, strings.Join(words, " "))
		}
		if strings.Join(got, "|") != tc.want {
			t.Errorf("%s: %q, not %q", name, got, tc.want)
		}
	}
}

func TestRemoteAndWSL(t *testing.T) {
	t.Parallel()
	for environ, want := range map[string][2]bool{
		"": {false, false}, "SSH_CONNECTION=a": {true, false}, "SSH_CLIENT=a": {true, false}, "SSH_TTY=a": {true, false},
		"SSH_AUTH_SOCK=a": {false, false}, "SSH_TTY=": {false, false}, "WSL_INTEROP=a": {false, true}, "WSL_DISTRO_NAME=a": {false, true},
	} {
		o := Opener{GOOS: "linux", Environ: []string{environ}}
		if got := [2]bool{o.Remote(), o.WSL()}; got != want {
			t.Errorf("%q: %v", environ, got)
		}
	}
	if (Opener{GOOS: "windows", Environ: []string{"WSL_INTEROP=a"}}).WSL() {
		t.Error("Windows is not WSL")
	}
}

func TestSplit(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"": nil, " \t": nil, "a": {"a"}, " a  b\t": {"a", "b"}, `a "b c" d`: {"a", "b c", "d"}, `a 'b "c"'`: {"a", `b "c"`},
		`a ""`: {"a", ""}, `"" a`: nil, `C:\a\b.exe -x`: {`C:\a\b.exe`, "-x"}, `a "b`: {"a", "b"}, `a'b'c`: {"abc"}, "a %s": {"a", "%s"},
	} {
		if d := cmp.Diff(want, split(text)); d != "" {
			t.Errorf("%q: %s", text, d)
		}
	}
}

func TestFilled(t *testing.T) {
	t.Parallel()
	const address = "https://example.com/?a=%s&b=%%"
	for text, want := range map[string][]string{
		"b": {"b", address}, "b %s": {"b", address}, "b --app=%s": {"b", "--app=" + address}, "b %s %s": {"b", address, address},
		"b 100%%": {"b", "100%", address}, "b %%s": {"b", "%s", address}, "b%s": {"b%s", address}, "b -x %": {"b", "-x", "%", address},
	} {
		if d := cmp.Diff(want, filled(split(text), address)); d != "" {
			t.Errorf("%q: %s", text, d)
		}
	}
}

func TestPresentable(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"https://example.com/": true, "http://127.0.0.1:4711/start/x": true, "https://d-abc.awsapps.com/start/#/device": true,
		"": false, "example.com": false, "-https://example.com": false, "--new-window": false, "file:///etc/passwd": false, "javascript:x": false,
		"https://": false, "https://a b/": false, "https://a/\n": false, "https://a/\x00": false, `https://a/"&calc`: false, "data:text/html,x": false,
	} {
		if presentable(address) != want {
			t.Errorf("%q: %v", address, !want)
		}
	}
}

func TestWithoutCredentials(t *testing.T) {
	t.Parallel()
	got := withoutCredentials([]string{
		"PATH=/bin", "AWS_ACCESS_KEY_ID=a", "AWS_SECRET_ACCESS_KEY=s", "AWS_SESSION_TOKEN=t", "aws_session_token=t", "AWS_PROFILE=p",
		"ASSUME_ROLE_MFA_TOKEN=1", "ASSUME_ROLE_KEYRING_FILE_PASSPHRASE=x", "ASSUME_ROLE_KEYRING_BACKEND=file", "DISPLAY=:0", "odd",
	})
	if d := cmp.Diff([]string{"PATH=/bin", "AWS_PROFILE=p", "ASSUME_ROLE_KEYRING_BACKEND=file", "DISPLAY=:0", "odd"}, got); d != "" {
		t.Error(d)
	}
}

// FuzzSplit: no text makes words that are none of it, or a program without a
// name.
func FuzzSplit(f *testing.F) {
	for _, seed := range []string{"firefox", `"a b" c`, `'`, `""`, "a %s", "\t", `C:\a b`, "é \x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		words := split(text)
		if len(words) > 0 && words[0] == "" {
			t.Errorf("%q: a program without a name", text)
		}
		if len(words) > 0 && len(filled(words, "https://example.com/")) < len(words) {
			t.Errorf("%q: words are lost", text)
		}
	})
}
