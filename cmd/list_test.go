package cmd

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"assume-role/internal/cache"
	"assume-role/internal/profile"
)

// TestListingTable: columns are two spaces apart, whatever is in them, and no
// line ends in blanks.
func TestListingTable(t *testing.T) {
	t.Parallel()
	until := time.Date(2026, 1, 2, 3, 4, 5, 0, time.Local)
	var out strings.Builder
	all := listing{Profiles: []listedProfile{
		{Name: "a", Kind: profile.AssumeRole, Source: profile.Static, KeysStored: true, SessionExpires: &until},
		{Name: "größer", Kind: "none", Error: &jsonError{Message: "no\nway"}},
		{Name: "b\x1b[2J", Kind: profile.Static},
	}}
	if err := printListing(&out, all, screen{person: true}); err != nil {
		t.Fatal(err)
	}
	want := []string{
		`PROFILE   KIND         SOURCE  KEYS    SESSION UNTIL`,
		`a         assume-role  static  stored  2026-01-02 03:04`,
		`größer    none         -       -       -                 error: no way`,
		`b\x1b[2J  static       -       -       -`,
	}
	if diff := cmp.Diff(strings.Join(want, "\n")+"\n", out.String()); diff != "" {
		t.Error(diff)
	}
}

// TestListerAnswersInOrder: at once and one by one give the same.
func TestListerAnswersInOrder(t *testing.T) {
	t.Parallel()
	l := newTestLister(t, 300)
	names := l.config.Names()
	all := l.profiles(names)
	if len(all) != len(names) || len(names) < 300 {
		t.Fatalf("%d answers for %d names", len(all), len(names))
	}
	for i, name := range names {
		if diff := cmp.Diff(l.profile(name, l.newOutliner()), all[i]); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if got := l.profiles(nil); len(got) != 0 || got == nil {
		t.Errorf("no names give %v, which is null in JSON", got)
	}
}

// newTestLister has n profiles that share one source, every tenth broken, and
// a key stored for some.
func newTestLister(t *testing.T, n int) *lister {
	t.Helper()
	var config strings.Builder
	for i := range n {
		from := "base"
		if i%10 == 0 {
			from = "nobody"
		}
		fmt.Fprintf(&config, "[profile p%d]\nrole_arn = arn:aws:iam::123456789012:role/r%d\nsource_profile = %s\n", i, i, from)
	}
	dir := t.TempDir()
	files := profile.Files{Config: profile.File{Path: filepath.Join(dir, "config")}, Credentials: profile.File{Path: filepath.Join(dir, "credentials")}}
	for path, text := range map[string]string{files.Config.Path: config.String(), files.Credentials.Path: "[base]\naws_access_key_id = AKIA\naws_secret_access_key = s\n"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	loaded, err := profile.Load(files)
	if err != nil {
		t.Fatal(err)
	}
	keys := []cache.StoredKey{{Profile: "p1", AccessKeyID: "AKIA1"}, {Profile: "base", AccessKeyID: "AKIA2"}}
	return &lister{
		config: loaded, settings: true, expiry: map[string]time.Time{"p2": time.Unix(1e9, 0)},
		request: profile.Request{Env: func(string) string { return "" }, StoredKey: lookUp(keys)},
	}
}

// TestRememberingLooksOnce: the environment is a list, and a long one.
func TestRememberingLooksOnce(t *testing.T) {
	t.Parallel()
	looks := 0
	env := remembering(func(name string) string { looks++; return name + "!" })
	for range 3 {
		if got := env("A") + env("B"); got != "A!B!" {
			t.Errorf("got %q", got)
		}
	}
	if looks != 2 {
		t.Errorf("%d looks for two variables", looks)
	}
}
