package awsfile_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"assume-role/internal/awsfile"
	"assume-role/internal/profile"
)

// said is what a config file says to its reader: every setting of every
// profile and sso-session.
type said map[string]string

// read has package profile read a text as the config file.
func read(t *testing.T, text string) (said, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	config, err := profile.Load(profile.Files{Config: profile.File{Path: path}, Credentials: profile.File{Path: path + "-none"}})
	if err != nil {
		return nil, err
	}
	all := said{}
	note := func(kind, name string, p *profile.Profile) {
		all[kind+name] = ""
		for _, key := range p.Keys() {
			value, _ := p.Get(key)
			all[kind+name+"\n"+key] = value.Text
		}
	}
	for _, name := range config.Names() {
		if p, err := config.Profile(name); p != nil {
			note("profile ", name, p)
		} else if err != nil {
			t.Fatalf("%q: %v", name, err)
		}
	}
	for _, name := range config.SSOSessions() {
		if p, ok := config.SSOSession(name); ok {
			note("sso-session ", name, p)
		}
	}
	return all, nil
}

// but is what is said, without one setting of a profile, and without the
// profile itself.
func (s said) but(name, key string) said {
	rest := maps.Clone(s)
	delete(rest, "profile "+name)
	delete(rest, "profile "+name+"\n"+strings.ToLower(key))
	return rest
}

// FuzzSet: what is set is what the reader gets, nothing else changes for it,
// and what is taken away again is gone.
func FuzzSet(f *testing.F) {
	for _, text := range []string{
		"", "[default]\nregion = x\n", "# c\n[profile a]\r\nk = v # c\r\ns3 =\r\n  x = 1\r\n[sso-session s]\r\nk = w",
		"\ufeff[profile a]\nk=v\n\n[profile a]\nk =\n\n  a = b\n# d\n  c = d\n", "[default]\nk = 1\n[profile default]\nk = 2\n", "[ profile\t'a b' ] ; c\nk = v",
		"[profile \"a\"]\nk = v\n[profile 'a']\nk = w\n[x]\nk = z\n", "[profile a]\nk y = v\n  z\n k = n\n",
	} {
		f.Add(text, "a", "k", "value")
		f.Add(text, "default", "region", "eu west")
		f.Add(text, "it's \"me\"", "s3", "x#y;z=[w]")
	}
	f.Add("[default]\n", "a] #b", "k", "v")
	f.Add("[default]\n", "a]", "k", "v #")
	f.Add("[default]\n", "' '", "k", "[x]")
	f.Fuzz(func(t *testing.T, text, name, key, value string) {
		if strings.Contains(strings.ToLower(text+key), "include_profile") || strings.Contains(strings.ToLower(key), "_token") {
			t.Skip("profile reads these through others")
		}
		before, unread := read(t, text)
		file, unparsed := awsfile.Parse(text)
		if (unread == nil) != (unparsed == nil) {
			t.Fatalf("read: %v, parsed: %v", unread, unparsed)
		}
		if unread != nil {
			return
		}
		section := file.Profile(name)
		if file.Set(section, key, value) != nil {
			if file.Changed() {
				t.Fatal("refused, and changed all the same")
			}
			return
		}
		after, err := read(t, file.Text())
		if err != nil {
			t.Fatalf("not read any more: %v\n%q", err, file.Text())
		}
		changed := changedProfile(t, file, after, section, key)
		if got := after["profile "+changed+"\n"+strings.ToLower(key)]; got != value && key != "-" {
			t.Fatalf("%q is read as %q in %q", value, got, file.Text())
		}
		if was, is := before.but(changed, key), after.but(changed, key); !maps.Equal(was, is) {
			t.Fatalf("other settings changed:\n%v\n%v\n%q", was, is, file.Text())
		}
		undo(t, file, after, section, changed, key)
	})
}

// changedProfile finds the profile by the name that its reader has for it.
func changedProfile(t *testing.T, file *awsfile.File, after said, section, key string) string {
	t.Helper()
	want, _ := file.Get(section, key)
	for _, at := range slices.Sorted(maps.Keys(after)) {
		name, ok := strings.CutPrefix(at, "profile ")
		if !ok || strings.Contains(name, "\n") {
			continue
		}
		if _, same := sameSection(file, section, file.Profile(name)); same {
			return name
		}
	}
	t.Fatalf("nobody has %q = %q in %q", key, want, file.Text())
	return ""
}

// sameSection tells whether two headers are one section: cutting the one
// leaves nothing of the other.
func sameSection(file *awsfile.File, one, other string) (string, bool) {
	other2, err := awsfile.Parse(file.Text())
	if err != nil || !other2.Has(one) || !other2.Has(other) {
		return "", false
	}
	other2.Cut(one)
	return "", !other2.Has(other)
}

func undo(t *testing.T, file *awsfile.File, after said, section, name, key string) {
	t.Helper()
	if !file.Unset(section, key) {
		t.Fatal("it was not there")
	}
	left, err := read(t, file.Text())
	if err != nil {
		t.Fatalf("not read any more: %v\n%q", err, file.Text())
	}
	if was, is := after.but(name, key), left.but(name, key); !maps.Equal(was, is) {
		t.Fatalf("other settings went:\n%v\n%v\n%q", was, is, file.Text())
	}
	file.Cut(section)
	left, err = read(t, file.Text())
	if err != nil {
		t.Fatalf("not read any more: %v\n%q", err, file.Text())
	}
	for at := range left {
		if (at == "profile "+name || strings.HasPrefix(at, "profile "+name+"\n")) && name != "default" {
			t.Fatalf("%q is left in %q", at, file.Text())
		}
	}
}

// FuzzSetBlock: a block changes no setting outside, comes back as it went in,
// and is gone without a trace.
func FuzzSetBlock(f *testing.F) {
	const block = "[profile new]\nk = v\n"
	for _, text := range []string{"", "[default]\nregion = x", "[default]\r\nregion = x\r\n", "# >>> assume-role: o >>>\n[profile z]\n# <<< assume-role: o <<<\n[default]\n k = v\n"} {
		f.Add(text, block)
	}
	f.Add("[default]\n# >>> assume-role: o >>>\n[profile z]\nk=v\n# <<< assume-role: o <<<\nx = y\n", block)
	f.Add("", "k = v\n")
	f.Add(" \n \n ", "")
	f.Fuzz(func(t *testing.T, text, block string) {
		file, err := awsfile.Parse(text)
		if err != nil || strings.Contains(strings.ToLower(text+block), "include_profile") {
			return
		}
		if err := file.SetBlock("o", nil); err != nil {
			return
		}
		bare := file.Text()
		outside, err := read(t, bare)
		if err != nil {
			t.Fatalf("%v: %q", err, bare)
		}
		if file.SetBlock("o", []byte(block)) != nil {
			if file.Text() != bare {
				t.Fatal("refused, and changed all the same")
			}
			return
		}
		if got, ok := file.Block("o"); !ok || strings.ReplaceAll(string(got), "\r", "") != strings.ReplaceAll(block, "\r", "") {
			t.Fatalf("%q became %q", block, got)
		}
		whole, err := read(t, file.Text())
		if err != nil {
			t.Fatalf("%v: %q", err, file.Text())
		}
		inside, err := read(t, block)
		if err != nil {
			t.Fatalf("%v: %q", err, block)
		}
		for at, value := range outside {
			name, _, _ := strings.Cut(at, "\n")
			if _, both := inside[name]; !both && whole[at] != value {
				t.Fatalf("%q was %q and is %q in %q", at, value, whole[at], file.Text())
			}
		}
		if err := file.SetBlock("o", nil); err != nil {
			t.Fatal(err)
		}
		if got := strings.TrimRight(file.Text(), "\r\n"); got != strings.TrimRight(bare, "\r\n") {
			t.Fatalf("%q is left of %q", file.Text(), bare)
		}
	})
}

// FuzzDiff: a diff is safe to print, and its lines are those of the texts.
func FuzzDiff(f *testing.F) {
	f.Add("[default]\n# \x1b[31m\nk = v", "k", "w")
	f.Add("[default]\naws_secret_access_key = s\n", "aws_secret_access_key", "t")
	f.Fuzz(func(t *testing.T, text, key, value string) {
		file, err := awsfile.Parse(text)
		if err != nil || file.Set("default", key, value) != nil {
			return
		}
		diff := file.Diff(false)
		if (diff == "") != !file.Changed() {
			t.Fatalf("changed %v, and the diff is %q", file.Changed(), diff)
		}
		if i := strings.IndexFunc(diff, func(r rune) bool {
			return r < ' ' && r != '\n' && r != '\t' || r == 0x7f || r >= 0x80 && r < 0xa0 || r == 0x202e
		}); i >= 0 {
			t.Fatalf("%q", diff[i:])
		}
		if strings.EqualFold(key, "aws_secret_access_key") && len(value) > 5 && strings.Contains(diff, "= "+value) {
			t.Fatal(fmt.Sprint("a secret is in ", diff))
		}
	})
}
