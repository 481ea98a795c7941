package profile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"testing"

	"assume-role/internal/fault"
)

func TestMissingFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := dir + "/file"
	write(t, file, "")
	for _, tc := range []struct {
		name  string
		files Files
		notes []string
	}{
		{"defaults", Files{Config: File{Path: dir + "/none"}, Credentials: File{Path: dir + "/no/ne"}}, nil},
		{"named", Files{Config: File{dir + "/c", true}, Credentials: File{dir + "/d", true}, Home: dir},
			[]string{"AWS_CONFIG_FILE names a file that does not exist: ~/c", "AWS_SHARED_CREDENTIALS_FILE names a file that does not exist: ~/d"}},
		{"a file where a folder should be", Files{Config: File{Path: file + "/config"}, Credentials: File{Path: dir + "/none"}}, nil},
		{"the null device", Files{Config: File{os.DevNull, true}, Credentials: File{os.DevNull, true}}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c, err := Load(tc.files)
			if err != nil {
				t.Fatal(err)
			}
			diff(t, "notes", tc.notes, c.Notes())
			if names := c.Names(); len(names) != 0 || c.Has("default") {
				t.Errorf("profiles: %q", names)
			}
		})
	}
}

// TestNoTextFiles tries what is no text: none may be read in part or for long.
func TestNoTextFiles(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, text, words string }{
		{"UTF-16, little end first", "\xff\xfe[\x00a\x00]\x00", "config:1): save it as UTF-8"},
		{"UTF-16, big end first", "\xfe\xff\x00[\x00a\x00]", "config:1): save it as UTF-8"},
		{"Latin-1", "[profile a]\nx = caf\xe9\n", "not text in UTF-8 (~/config:2)"},
		{"a cut-off letter", "[profile a]\n\n# \xe2\x98", "not text in UTF-8 (~/config:3)"},
		{"NUL", "[profile a]\nx = a\x00b\n", "not text in UTF-8 (~/config:2)"},
		{"a program", "\x7fELF\x02\x01\x01\x00\x00", "not text in UTF-8 (~/config:1)"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := load2(t, tc.text, "")
			checkFault(t, err, fault.ParseError, tc.words)
		})
	}
	c := mustLoad(t, "[profile a]\nx = \ufffd\n", "")
	if v, _ := profileOf(t, c, "a").Get("x"); v.Text != "\ufffd" {
		t.Errorf("a replacement character that stands in the file became %q", v.Text)
	}
}

func checkFault(t *testing.T, err error, code fault.Code, words string) {
	t.Helper()
	var e *fault.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want %s", err, code)
	}
	if e.Code != code || e.Hint == "" || !strings.Contains(err.Error(), words) || strings.Contains(err.Error(), "\n") {
		t.Errorf("got %s %q, want %s with %q", e.Code, err, code, words)
	}
}

func TestUnreadableFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Mkdir(dir+"/folder", 0o700); err != nil {
		t.Fatal(err)
	}
	large := dir + "/large"
	write(t, large, "")
	if err := os.Truncate(large, maxFileSize+1); err != nil {
		t.Fatal(err)
	}
	for name, words := range map[string]string{"folder": "is a directory (~/folder)", "large": "larger than 16 MiB (~/large)"} {
		_, err := Load(Files{Config: File{Path: dir + "/" + name}, Home: dir})
		checkFault(t, err, fault.FileUnreadable, words)
		_, err = Load(Files{Credentials: File{Path: dir + "/" + name}, Config: File{Path: os.DevNull}, Home: dir})
		checkFault(t, err, fault.FileUnreadable, words)
	}
}

// TestAFileThatGrows: what is read is bounded by itself, not by the size that
// the file had when it was opened.
func TestAFileThatGrows(t *testing.T) {
	t.Parallel()
	path := t.TempDir() + "/config"
	write(t, path, "")
	if err := os.Truncate(path, 3*maxFileSize); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if text, err := readAll(f, 10); err != nil || len(text) != maxFileSize+1 {
		t.Errorf("%d bytes, %v", len(text), err)
	}
}

// TestOpenErrors holds what root cannot meet, too.
func TestOpenErrors(t *testing.T) {
	t.Parallel()
	for err, want := range map[error][2]string{
		fs.ErrPermission: {"the file cannot be read, " + fs.ErrPermission.Error(), "give yourself permission"},
		io.ErrNoProgress: {"the file cannot be read, " + io.ErrNoProgress.Error(), "check the path"},
	} {
		got := openError(&fs.PathError{Op: "open", Path: "/secret/path", Err: err}).at(fault.Origin{Path: "~/config"})
		checkFault(t, got, fault.FileUnreadable, want[1])
		if !strings.HasPrefix(got.Error(), want[0]+" (~/config)") || !errors.Is(got, err) {
			t.Errorf("got %v", got)
		}
	}
}

// TestHostileSizes reads files that cost far too much time or memory where a
// step of the reading is not linear in their length.
func TestHostileSizes(t *testing.T) {
	t.Parallel()
	const size = 1 << 20
	for name, tc := range map[string]struct{ start, repeated, end, err string }{
		"one value of many lines":        {"[profile a]\nx = 1\n", " b\n", "", ""},
		"one block of many lines":        {"[profile a]\nx =\n", " b=\n", "", ""},
		"a long value that goes on":      {"[profile a]\nx = " + strings.Repeat("y", size) + "\n", " b\n", "", ""},
		"a long name":                    {"[profile a]\n", "n", "=\n", ""},
		"one setting many times":         {"[profile a]\n", "x=\n", "", "more than 100,000 settings"},
		"many settings":                  {"[profile a]\n" + manySettings(maxSettings-1), "#\n", "", ""},
		"one of them too many":           {"[profile a]\n" + manySettings(maxSettings), "x=\n", "", "more than 100,000 settings"},
		"many sections that are ignored": {"[profile a]\n", "[]\n", "", ""},
		"one profile many times":         {"", "[profile a]\n", "", ""},
		"a header of brackets":           {"[profile a]\n[", "]x", "\n", "does not end with ]"},
		"a header of brackets, blanks":   {"[profile a]\n[", "] x", strings.Repeat(" ", size) + "\n", "does not end with ]"},
		"blank lines":                    {"[profile a]\n", "\n", "", ""},
		"one line of blanks":             {"[profile a]\n", " ", "", ""},
		"one line of comment signs":      {"[profile a]\nx = 1", " #", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := load2(t, tc.start+strings.Repeat(tc.repeated, size/len(tc.repeated))+tc.end, "")
			if tc.err != "" {
				checkFault(t, err, fault.ParseError, tc.err)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			profileOf(t, c, "a").Settings()
			diff(t, "names", []string{"a"}, c.Names())
		})
	}
}

func manySettings(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "x%d = y\n", i)
	}
	return b.String()
}

func TestTooManySections(t *testing.T) {
	t.Parallel()
	_, err := load2(t, "", strings.Repeat("[a]\n", maxSections+1))
	checkFault(t, err, fault.ParseError, "more than 100,000 sections (~/credentials:100001)")
}
