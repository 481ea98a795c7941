package awsfile

import (
	"errors"
	"strings"
	"testing"

	"assume-role/internal/fault"
)

// parsed is a file with a text.
func parsed(t *testing.T, text string) *File {
	t.Helper()
	f, err := Parse(text)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return f
}

// become wants the file's text.
func become(t *testing.T, f *File, want string) {
	t.Helper()
	if got := f.Text(); got != want {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
}

func TestSet(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ section, key, value, before, after string }{
		"in place":              {"default", "region", "b", "[default]\nregion = a\noutput = json\n", "[default]\nregion = b\noutput = json\n"},
		"spacing stays":         {"default", "region", "b", "[default]\nregion\t=a  \n", "[default]\nregion\t=b  \n"},
		"no blanks":             {"default", "region", "b", "[default]\nregion=a", "[default]\nregion=b"},
		"the key's case stays":  {"default", "region", "b", "[default]\nRegion = a\n", "[default]\nRegion = b\n"},
		"the comment stays":     {"default", "region", "b", "[default]\nregion = a # home\n", "[default]\nregion = b # home\n"},
		"empty before comment":  {"default", "region", "b", "[default]\nregion = # none\n", "[default]\nregion = b # none\n"},
		"empty":                 {"default", "region", "b", "[default]\nregion =\n", "[default]\nregion =b\n"},
		"# in a value":          {"default", "key", "x#y", "[default]\nkey = a#b ; c\n", "[default]\nkey = x#y ; c\n"},
		"= in a value":          {"default", "key", "x=y", "[default]\nkey = a=b\n", "[default]\nkey = x=y\n"},
		"CR LF":                 {"default", "region", "b", "[default]\r\nregion = a\r\n", "[default]\r\nregion = b\r\n"},
		"new line in CR LF":     {"default", "output", "json", "[default]\r\nregion = a\r\n\r\n[profile x]\r\n", "[default]\r\nregion = a\r\noutput = json\r\n\r\n[profile x]\r\n"},
		"the last of two":       {"default", "region", "c", "[default]\nregion = a\nregion = b\n", "[default]\nregion = a\nregion = c\n"},
		"the last section":      {"default", "region", "c", "[default]\nregion = a\n[x]\n[default]\nregion = b\n", "[default]\nregion = a\n[x]\n[default]\nregion = c\n"},
		"new in the last":       {"default", "output", "c", "[default]\nregion = a\n[x]\n[default]\nregion = b\n", "[default]\nregion = a\n[x]\n[default]\nregion = b\noutput = c\n"},
		"before comments":       {"profile a", "k", "v", "[profile a]\nx = 1\n\n# about b\n[profile b]\n", "[profile a]\nx = 1\nk = v\n\n# about b\n[profile b]\n"},
		"behind nested lines":   {"profile a", "k", "v", "[profile a]\ns3 =\n  x = 1\n[profile b]\n", "[profile a]\ns3 =\n  x = 1\nk = v\n[profile b]\n"},
		"nested keys are none":  {"profile a", "x", "v", "[profile a]\ns3 =\n  x = 1\n", "[profile a]\ns3 =\n  x = 1\nx = v\n"},
		"nested lines go":       {"profile a", "s3", "v", "[profile a]\ns3 =\n  x = 1\n\n# stays\n  y = 2\nz = 3\n", "[profile a]\ns3 =v\n\n# stays\nz = 3\n"},
		"no newline at the end": {"profile a", "k", "v", "[profile a]\nx = 1", "[profile a]\nx = 1\nk = v\n"},
		"an empty file":         {"profile a", "k", "v", "", "[profile a]\nk = v\n"},
		"a new section":         {"profile a", "k", "v", "# mine\n[default]\nx = 1\n", "# mine\n[default]\nx = 1\n\n[profile a]\nk = v\n"},
		"a new one in CR LF":    {"a", "k", "v", "[b]\r\nx = 1", "[b]\r\nx = 1\r\n\r\n[a]\r\nk = v\r\n"},
		"behind a blank line":   {"profile a", "k", "v", "[default]\n\n", "[default]\n\n[profile a]\nk = v\n"},
		"a byte-order mark":     {"default", "k", "v", "\ufeff[default]\n", "\ufeff[default]\nk = v\n"},
		"double quotes":         {"profile a b", "k", "w", "[profile \"a b\"]\nk = v\n", "[profile \"a b\"]\nk = w\n"},
		"single quotes":         {`profile "a b"`, "k", "w", "[ profile\t'a b' ] ; c\nk = v\n", "[ profile\t'a b' ] ; c\nk = w\n"},
		"a shell word":          {"profile it's", "k", "w", "[profile 'it'\"'\"'s']\nk = v\n", "[profile 'it'\"'\"'s']\nk = w\n"},
		"quoted where needed":   {"profile it's me", "k", "v", "", "[profile 'it'\"'\"'s me']\nk = v\n"},
		"bare where possible":   {"sso-session a.b/c@d-e_f+g:h%", "k", "v", "", "[sso-session a.b/c@d-e_f+g:h%]\nk = v\n"},
		"tabs in a header":      {"sso-session corp", "k", "w", "[sso-session\t\tcorp]\nk = v\n", "[sso-session\t\tcorp]\nk = w\n"},
		"the same value":        {"default", "k", "v", "[default]\nk=v #c\n", "[default]\nk=v #c\n"},
		"an empty value":        {"default", "k", "", "[default]\nk = v # c\n", "[default]\nk =  # c\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := parsed(t, c.before)
			if err := f.Set(c.section, c.key, c.value); err != nil {
				t.Fatal(err)
			}
			become(t, f, c.after)
			if got, ok := f.Get(c.section, c.key); !ok || got != c.value {
				t.Errorf("got %q, %v", got, ok)
			}
			if f.Changed() != (c.before != c.after) {
				t.Errorf("changed: %v", f.Changed())
			}
		})
	}
}

// What would not come back as it went in is refused and changes nothing.
func TestSetRefuses(t *testing.T) {
	t.Parallel()
	const text = "[default]\nk = old\n"
	for name, c := range map[string][3]string{
		"line break":               {"default", "k", "a\nb"},
		"carriage return":          {"default", "k", "a\rb"},
		"control":                  {"default", "k", "a\x1b[m"},
		"tab":                      {"default", "k", "a\tb"},
		"NUL":                      {"default", "k", "a\x00b"},
		"C1 control":               {"default", "k", "a\u0085b"},
		"no UTF-8":                 {"default", "k", "a\xffb"},
		"blank first":              {"default", "k", " a"},
		"blank last":               {"default", "k", "a "},
		"no-break space":           {"default", "k", "\u00a0a"},
		"comment":                  {"default", "k", "a #b"},
		"comment first":            {"default", "k", "#b"},
		"semicolon":                {"default", "k", "a ;b"},
		"no key":                   {"default", "", "a"},
		"= in the key":             {"default", "a=b", "a"},
		"blank in the key":         {"default", "a b", "a"},
		"bracket key":              {"default", "[a", "a"},
		"comment key":              {"default", "#a", "a"},
		"no section":               {"", "k", "a"},
		"blank section":            {"  ", "k", "a"},
		"line break in section":    {"profile a\nb", "k", "a"},
		"a header's end":           {"profile a] #b", "k", "a"},
		"a header's end, bare":     {"a] ;b", "k", "a"},
		"control in section":       {"profile a\x7f", "k", "a"},
		"no UTF-8 in section":      {"profile a\xff", "k", "a"},
		"escape in the value":      {"default", "k", "\x9b31m"},
		"vertical tab at the end":  {"default", "k", "a\v"},
		"line separator in header": {"profile a\u0085", "k", "a"},
	} {
		f := parsed(t, text)
		err := f.Set(c[0], c[1], c[2])
		var told *fault.Error
		if !errors.As(err, &told) || told.Code != fault.InvalidValue {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if strings.ContainsAny(err.Error(), "\n\x00\x1b\x7f") {
			t.Errorf("%s: not one plain line: %q", name, err)
		}
		become(t, f, text)
	}
}

func TestGet(t *testing.T) {
	t.Parallel()
	f := parsed(t, "[default]\nA = 1 # c\ns3 =\n  x = 1\n\ty = 2 # c\ntext = a\n  b\n[profile x]\n[ default ]\na = 2\n")
	for key, want := range map[string]string{"a": "2", "A": "2", "s3": "\nx = 1\ny = 2 # c", "text": "a\nb"} {
		if got, ok := f.Get("default", key); !ok || got != want {
			t.Errorf("%s: %q, %v", key, got, ok)
		}
	}
	for _, none := range [][2]string{{"default", "x"}, {"default", ""}, {"profile x", "a"}, {"profile y", "a"}} {
		if got, ok := f.Get(none[0], none[1]); ok || got != "" {
			t.Errorf("%v: %q", none, got)
		}
	}
}

func TestHas(t *testing.T) {
	t.Parallel()
	f := parsed(t, "[profile a b]\n[profile \"c d\"] # x\n[profile\t'e']\n[sso-session s]\n[dev]\n[profilefoo]\n[ 'q' ]\n")
	for section, want := range map[string]bool{
		"profile a b": true, "profile 'a b'": true, "profile c d": true, "profile  e": true, "sso-session s": true, "dev": true, "profilefoo": true, "'q'": true,
		"profile dev": false, "profile s": false, "Dev": false, "profile": false, "q": false, "default": false,
	} {
		if f.Has(section) != want {
			t.Errorf("%s: %v", section, !want)
		}
	}
}

func TestProfile(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"": "default", "[default]\n": "default", "[default]\n[profile 'default']\n": "profile default"} {
		if got := parsed(t, text).Profile("default"); got != want {
			t.Errorf("%q: %s", text, got)
		}
	}
	if got := parsed(t, "").Profile("dev"); got != "profile dev" {
		t.Error(got)
	}
}

func TestUnset(t *testing.T) {
	t.Parallel()
	f := parsed(t, "# top\n[dev]\naws_access_key_id = AKIA # c\nAWS_SECRET_ACCESS_KEY=x\n region\n# keep\noutput = json\n[x]\naws_access_key_id = y\n[dev]\naws_access_key_id = z")
	if !f.Unset("dev", "aws_access_key_id", "aws_secret_access_key", "aws_session_token") {
		t.Error("nothing was there")
	}
	become(t, f, "# top\n[dev]\n# keep\noutput = json\n[x]\naws_access_key_id = y\n[dev]\n")
	if f.Unset("dev", "aws_access_key_id") || f.Unset("none", "output") {
		t.Error("something was there")
	}
}

func TestCut(t *testing.T) {
	t.Parallel()
	for name, c := range map[string][2]string{
		"in the middle":   {"[x]\nk = 1\n\n[dev]\na = 1\n# b\nc = 2\n\n\n# of y\n[y]\n", "[x]\nk = 1\n\n# of y\n[y]\n"},
		"at the end":      {"[x]\nk = 1\n\n[dev]\na = 1\n", "[x]\nk = 1\n"},
		"alone":           {"[dev]\na = 1\n", ""},
		"with comments":   {"[dev]\na = 1\n# stays\n[y]\n", "# stays\n[y]\n"},
		"empty":           {"[x]\n[dev]\n[y]\n", "[x]\n[y]\n"},
		"twice":           {"[dev]\na = 1\n[x]\nb = 1\n[dev] # again\nc = 1\n", "[x]\nb = 1\n"},
		"nested lines":    {"[dev]\ns3 =\n  a = 1\n\n  b = 2\n[y]\n", "[y]\n"},
		"no final ending": {"[x]\n\n[dev]\na = 1", "[x]\n"},
	} {
		f := parsed(t, c[0])
		if !f.Cut("dev") || f.Cut("dev") || f.Has("dev") {
			t.Errorf("%s: not cut once", name)
		}
		become(t, f, c[1])
	}
}

// What Set adds, Cut takes away again, to the byte.
func TestCutUndoesSet(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "# c\n", "[x]\nk = 1\n", "[x]\r\nk = 1\r\n", "[x]\n# end\n"} {
		f := parsed(t, text)
		if err := f.Set("profile new", "k", "v"); err != nil {
			t.Fatal(err)
		}
		f.Cut("profile new")
		become(t, f, text)
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"[a\n":                           "a section header does not end with ] (:1)",
		"[a] b\n":                        "a section header does not end with ] (:1)",
		"\n[a]\nb\n":                     "a line has no = sign (:3)",
		"[a]\nb #=\n":                    "a line has no = sign (:2)",
		"[a]\n= b\n":                     "a setting has no name",
		"a = b\n":                        "a setting stands before the first section",
		"[a]\n b = c\n":                  "an indented line continues no setting",
		" b\n":                           "an indented line continues no setting",
		"[a]\nb =\n c\n":                 "an indented line below an empty setting",
		"[a]\nb =\n = c\n":               "an indented line below an empty setting",
		"\xff\xfe[\x00a\x00]\x00":        "not text in UTF-8",
		"[a]\nb = \x00\n":                "not text in UTF-8",
		"#" + strings.Repeat("x", 1<<24): "larger than 16 MiB",
		strings.Repeat("[a]\n", 100_001): "more than 100,000 sections",
	} {
		_, err := Parse(text)
		if err == nil || !strings.Contains(strings.ReplaceAll(err.Error(), "()", ""), strings.TrimSuffix(strings.Split(want, " (:")[0], "")) {
			t.Errorf("%.20q: %v", text, err)
		}
		var told *fault.Error
		if !errors.As(err, &told) || told.Code != fault.ParseError && told.Code != fault.FileUnreadable {
			t.Errorf("%.20q: %v", text, err)
		}
		if at := strings.Split(want, " (:"); len(at) == 2 && told != nil && at[1] != string(rune('0'+told.Origin.Line))+")" {
			t.Errorf("%.20q: line %d", text, told.Origin.Line)
		}
	}
}
