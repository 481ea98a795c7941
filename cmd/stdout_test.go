package cmd

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"assume-role/internal/fault"
	"assume-role/internal/terminal"
)

// fullDisk fails after some bytes, as a disk or a pipe does.
type fullDisk struct {
	room int
	got  bytes.Buffer
}

var errFull = errors.New("no space left on device")

func (d *fullDisk) Write(p []byte) (int, error) {
	n := min(len(p), d.room-d.got.Len())
	d.got.Write(p[:n])
	if n < len(p) {
		return n, errFull
	}
	return n, nil
}

func TestAFailedWriteIsRemembered(t *testing.T) {
	t.Parallel()
	disk := &fullDisk{room: 10}
	w := &checkedWriter{to: disk}
	if n, err := w.Write([]byte("12345678")); n != 8 || err != nil {
		t.Fatalf("got %d, %v", n, err)
	}
	n, err := w.Write([]byte("90abc"))
	if n != 2 || !errors.Is(err, errFull) || err.Error() != "cannot write the result to stdout: no space left on device" {
		t.Errorf("got %d, %v", n, err)
	}
	disk.room = 100
	if n, err := w.Write([]byte("x")); n != 0 || !errors.Is(err, errFull) {
		t.Errorf("a result with a hole in it was gone on with: %d, %v", n, err)
	}
	if disk.got.String() != "1234567890" {
		t.Errorf("got %q", disk.got.String())
	}
}

func TestAnUnwrittenResultFailsTheCommand(t *testing.T) {
	t.Parallel()
	for _, words := range [][]string{{"version"}, {"--version"}, {"--help"}, {"completion", "zsh"}, {"export", "--unset"}} {
		var stderr bytes.Buffer
		status := Main(Host{Out: &fullDisk{}, Err: &stderr, Environ: []string{"HOME=/none"}, GOOS: "linux"}, words)
		if status != statusFailed || stderr.String() != "assume-role: cannot write the result to stdout: no space left on device\n" {
			t.Errorf("%q: status %d, %q", words, status, stderr.String())
		}
	}
}

func TestJSONShowsWhatATerminalWouldHide(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	a := newApp(Host{Out: &out})
	const name = "a\x1b[31m\u202eb\u200bc\U000e0001d\x7fé日<&>"
	if err := a.printJSON(map[string]string{"name": name}); err != nil {
		t.Fatal(err)
	}
	const want = `{"name":"a\u001b[31m\u202eb\u200bc\udb40\udc01d\u007fé日<&>"}` + "\n"
	if out.String() != want {
		t.Errorf("got  %swant %s", out.String(), want)
	}
}

func FuzzEscapeHidden(f *testing.F) {
	for _, seed := range []string{"", "plain", "\u202e", "\U000e0001x", "\x7f\x80\xff", "\"\\\n", "\ufeff日"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		text, err := json.Marshal(value)
		if err != nil {
			t.Skip()
		}
		shown := escapeHidden(text)
		if s := string(shown); terminal.Visible(s) != s {
			t.Errorf("%q still hides something", s)
		}
		var want, got string
		if json.Unmarshal(text, &want) != nil || json.Unmarshal(shown, &got) != nil || got != want {
			t.Errorf("%q became %q", want, got)
		}
	})
}

func TestMisusedFlagInTheUsersWords(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ words, want string }{
		{"--bogus", "unknown flag --bogus"},
		{"--bogus=1", "unknown flag --bogus"},
		{"-z", "unknown flag -z"},
		{"--regoin=x", "unknown flag --regoin: did you mean --region?"},
		{"--profile", "unknown flag --profile: PROFILE is a word of its own, without a flag"},
		{"-nz", "unknown flag -z"},
		{"--duration", "--duration needs a value"},
		{"-d", "-d needs a value"},
		{"-nd", "-d needs a value"},
		{"--no-cache=maybe", `--no-cache takes true or false, not "maybe"`},
	} {
		c := newExport(newApp(Host{}))
		err := misusedFlag(c.ParseFlags(strings.Fields(tc.words)), flagNames(c))
		if err.Error() != tc.want {
			t.Errorf("%s: got %q, want %q", tc.words, err, tc.want)
		}
	}
}

func TestEmptyFlagsAreRefused(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]string{
		"":                            "",
		"--region eu-west-1":          "",
		"--expect-account=":           "--expect-account is empty",
		"--region= --format json":     "--region is empty",
		"--quiet --keyring-backend= ": "--keyring-backend is empty",
	} {
		a := newApp(Host{})
		root := a.root([]string{"export"})
		c, _, err := root.Find([]string{"export"})
		if err != nil {
			t.Fatal(err)
		}
		if err := c.ParseFlags(strings.Fields(words)); err != nil {
			t.Fatal(err)
		}
		var f *fault.Error
		err = refuseEmpty(c.Flags())
		switch {
		case want == "" && err != nil:
			t.Errorf("%q: %v", words, err)
		case want != "" && (!errors.As(err, &f) || f.Code != fault.InvalidValue || f.Message != want):
			t.Errorf("%q: got %v, want %s", words, err, want)
		}
	}
}

func TestNumberOfProfiles(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		check cobra.PositionalArgs
		args  []string
		ok    bool
	}{
		{noArguments, nil, true},
		{noArguments, []string{"x"}, false},
		{atMostOneProfile, nil, true},
		{atMostOneProfile, []string{"x"}, true},
		{atMostOneProfile, []string{""}, false},
		{atMostOneProfile, []string{"x", "y"}, false},
		{exactlyOneProfile, nil, false},
		{exactlyOneProfile, []string{"x"}, true},
		{exactlyOneProfile, []string{"\t"}, false},
		{anyProfiles, []string{"x", "y"}, true},
		{anyProfiles, []string{"x", ""}, false},
	} {
		err := tc.check(&cobra.Command{Use: "list"}, tc.args)
		var misuse usageError
		if (err == nil) != tc.ok || err != nil && !errors.As(err, &misuse) {
			t.Errorf("%q: %v", tc.args, err)
		}
	}
}
