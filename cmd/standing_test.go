package cmd

import (
	"errors"
	"io/fs"
	"strings"
	"testing"

	"assume-role/internal/fault"
	"assume-role/internal/keystore"
	"assume-role/internal/profile"
	"assume-role/internal/server"
)

// What was ended from outside is not in a server's memory any more.
func TestMemoryForgets(t *testing.T) {
	t.Parallel()
	generation := int64(1)
	m := &memory{generation: func() int64 { return generation }}
	if _, err := m.Get("a"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("empty: %v", err)
	}
	if err := m.Set("a", []byte("x")); err != nil {
		t.Fatal(err)
	}
	if got, err := m.Get("a"); string(got) != "x" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	generation++
	if got, err := m.Get("a"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("still %q, %v", got, err)
	}
}

// Paths are the same however a client writes them, and no two are.
func TestPaths(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"dev": "/role/dev", "a b": "/role/a-b", "../x?y#z%2e": "/role/..-x-y-z-2e", "ü": "/role/-",
		"arn:aws:iam::1:role/r": "/role/arn-aws-iam--1-role-r",
	} {
		if got := pathOf(name); got != want {
			t.Errorf("%q: %s", name, got)
		}
	}
	offers := distinctPaths([]offer{{profile: server.Profile{Path: "/a"}}, {profile: server.Profile{Path: "/a"}}, {profile: server.Profile{Path: "/a-"}}})
	seen := map[string]bool{}
	for _, o := range offers {
		if seen[o.profile.Path] {
			t.Errorf("%s twice", o.profile.Path)
		}
		seen[o.profile.Path] = true
	}
}

func TestTokensDiffer(t *testing.T) {
	t.Parallel()
	a, b := newToken(), newToken()
	if a == b || len(a) != 64 || strings.Trim(a.Reveal(), "0123456789abcdef") != "" {
		t.Error("tokens are not 256 random bits in hexadecimal")
	}
}

// The advice of a failed renewal is one that helps where there is no terminal,
// and any other error keeps its own.
func TestToldWithoutATerminal(t *testing.T) {
	t.Parallel()
	s := &standing{session: &session{chain: &profile.Chain{Profile: "p"}}}
	code := fault.New("", "a code is needed").Fix("type it").Because(errNoTerminal)
	if got := s.told(code).Error(); !strings.Contains(got, "assume-role warm p") || strings.Contains(got, "type it") {
		t.Error(got)
	}
	if code.Hint != "type it" {
		t.Error("the error itself was changed")
	}
	for _, err := range []error{
		fault.New("", "denied").Fix("ask"),
		fault.New("", "locked").Fix("unlock").Because(errors.Join(errNoTerminal, keystore.ErrLocked)),
		errors.New("other"),
	} {
		if got := s.told(err); got != err {
			t.Errorf("%v became %v", err, got)
		}
	}
}

func TestNamedProfile(t *testing.T) {
	t.Parallel()
	one, two := server.Profile{Name: "one"}, server.Profile{Name: "two"}
	for _, tc := range []struct {
		at         []server.Profile
		name, want string
	}{
		{[]server.Profile{one}, "", "one"}, {[]server.Profile{one, two}, "two", "two"},
		{[]server.Profile{one, two}, "", ""}, {[]server.Profile{one}, "two", ""}, {nil, "", ""},
	} {
		got, err := namedProfile(tc.at, tc.name)
		if got.Name != tc.want || (err == nil) != (tc.want != "") {
			t.Errorf("%q: %q, %v", tc.name, got.Name, err)
		}
	}
}

func TestTerminalRule(t *testing.T) {
	t.Setenv("GPG_TTY", "/dev/pts/1")
	var stderr strings.Builder
	a := newApp(Host{Err: &stderr})
	if a.terminal.taken() {
		t.Error("taken from the start")
	}
	a.terminal.giveUp()
	a.note("something")
	if got := stderr.String(); got != "" || !a.terminal.taken() {
		t.Errorf("wrote %q over the command's terminal", got)
	}
}
