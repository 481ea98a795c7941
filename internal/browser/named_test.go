package browser

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// lines are the programs of an opener, one a line.
func lines(o Opener) string {
	var all []string
	for _, words := range o.programs() {
		all = append(all, fmt.Sprintf("%q", words))
	}
	return strings.Join(all, "\n")
}

func TestWith(t *testing.T) {
	t.Parallel()
	const environ = `BROWSER=lynx|ProgramFiles=C:\P|LocalAppData=C:\L`
	for name, tc := range map[string]struct{ browser, goos, want string }{
		"Linux":              {"chrome", "linux", "[\"google-chrome\"]\n[\"google-chrome-stable\"]"},
		"macOS":              {"brave", "darwin", `["/Applications/Brave Browser.app/Contents/MacOS/Brave Browser"]`},
		"Windows":            {"edge", "windows", "[\"C:\\\\P\\\\Microsoft\\\\Edge\\\\Application\\\\msedge.exe\"]\n[\"C:\\\\L\\\\Microsoft\\\\Edge\\\\Application\\\\msedge.exe\"]"},
		"a command":          {"my-browser --new %s", "linux", `["my-browser" "--new" "%s"]`},
		"a name with a path": {"/opt/firefox", "linux", `["/opt/firefox"]`},
	} {
		o := Opener{Setting: "w3m", GOOS: tc.goos, Environ: strings.Split(environ, "|")}
		if diff := cmp.Diff(tc.want, lines(o.With(tc.browser))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if lines(o) != `["w3m"]` {
			t.Errorf("%s: the opener itself is another: %s", name, lines(o))
		}
	}
	if o := (Opener{GOOS: "linux", Environ: []string{"BROWSER=lynx", "DISPLAY=:0"}}).With(" "); !errors.Is(o.Usable(), ErrNone) || lines(o) != "" {
		t.Errorf("a blank name is %s", lines(o))
	}
	for _, name := range Names() {
		if len((Opener{GOOS: "linux"}).With(name).programs()) == 0 {
			t.Errorf("%s has no program", name)
		}
	}
}

func TestInContainer(t *testing.T) {
	t.Parallel()
	const address = "http://127.0.0.1:1/a-b_c"
	for name, tc := range map[string]struct{ setting, browser, environ, program string }{
		"nothing said":        {"", "", "", "firefox"},
		"another by setting":  {"google-chrome", "", "", "firefox"},
		"one by setting":      {"/opt/librewolf -P x", "", "", "/opt/librewolf -P x"},
		"one with a place":    {"firefox -P x %s", "", "", "firefox -P x"},
		"one by BROWSER":      {"", "", "BROWSER=lynx:firefox-esr", "firefox-esr"},
		"one by name":         {"google-chrome", "librewolf", "", "librewolf"},
		"one by its own path": {"", "/usr/lib/firefox/firefox", "", "/usr/lib/firefox/firefox"},
	} {
		o := Opener{Setting: tc.setting, GOOS: "linux", Environ: []string{tc.environ}}
		if tc.browser != "" {
			o = o.With(tc.browser)
		}
		o, ok := o.InContainer("prod & co 100%s")
		if !ok {
			t.Errorf("%s: no", name)
			continue
		}
		got := strings.Join(filled(o.programs()[0], address), " ")
		want := tc.program + " --new-tab ext+granted-containers:name=prod%20%26%20co%20100%25s&url=" + address + "&color="
		if !strings.HasPrefix(got, want) || !strings.HasSuffix(got, "&icon=fingerprint") || strings.Count(got, address) != 1 {
			t.Errorf("%s: %s", name, got)
		}
	}
	for _, browser := range []string{"chrome", "lynx", "notfirefox"} {
		if o, ok := (Opener{GOOS: "linux"}).With(browser).InContainer("x"); ok {
			t.Errorf("%s has containers: %s", browser, lines(o))
		}
	}
}

func TestInProfile(t *testing.T) {
	t.Parallel()
	o, ok := Opener{GOOS: "linux", Setting: "firefox"}.InProfile("aws-50%s")
	got := o.programs()
	if !ok || len(got) < 6 || got[0][0] != "google-chrome" {
		t.Fatalf("%v %q", ok, got)
	}
	words := filled(got[0], "http://127.0.0.1:1/a")
	if diff := cmp.Diff([]string{"google-chrome", "--profile-directory=aws-50%s", "--no-first-run", "--no-default-browser-check", "http://127.0.0.1:1/a"}, words); diff != "" {
		t.Error(diff)
	}
	if o, ok := (Opener{GOOS: "darwin"}).With("firefox").InProfile("x"); ok {
		t.Error(lines(o))
	}
	if o, ok := (Opener{GOOS: "windows", Environ: []string{`ProgramFiles=C:\P`}}).With("vivaldi").InProfile("x"); !ok || !strings.Contains(lines(o), "--profile-directory=x") {
		t.Error(lines(o))
	}
}

// TestColour: a container keeps its colour, and not all have the same.
func TestColour(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for i := range 50 {
		name := fmt.Sprint("profile-", i)
		first := colour(name)
		if again := colour(name); again != first {
			t.Errorf("%s: %s, then %s", name, first, again)
		}
		seen[first] = true
	}
	if len(seen) != 8 {
		t.Errorf("%v", seen)
	}
}
