package terminal

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

func TestPaletteOf(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("a console is needed")
	}
	for name, tc := range map[string]struct {
		terminal bool
		env      map[string]string
		want     bool
	}{
		"a terminal of no kind":     {true, nil, false},
		"a pipe":                    {false, nil, false},
		"NO_COLOR":                  {true, map[string]string{"NO_COLOR": "1", "TERM": "xterm"}, false},
		"NO_COLOR of any value":     {true, map[string]string{"NO_COLOR": "0", "TERM": "xterm"}, false},
		"an empty NO_COLOR":         {true, map[string]string{"NO_COLOR": "", "TERM": "xterm"}, true},
		"a dumb terminal":           {true, map[string]string{"TERM": "dumb"}, false},
		"an ordinary one":           {true, map[string]string{"TERM": "xterm-256color"}, true},
		"a pipe that wants colours": {false, map[string]string{"FORCE_COLOR": "1", "CLICOLOR_FORCE": "1", "TERM": "xterm"}, false},
	} {
		p := PaletteOf(nil, tc.terminal, func(name string) string { return tc.env[name] })
		if p.On() != tc.want {
			t.Errorf("%s: colours are %v", name, p.On())
		}
	}
}

func TestPaint(t *testing.T) {
	t.Parallel()
	on := Palette{on: true}
	for _, c := range []struct {
		palette    Palette
		style      Style
		text, want string
	}{
		{on, Red, "no", "\x1b[31mno\x1b[m"},
		{on, Bold, "kind", "\x1b[1mkind\x1b[m"},
		{on, Plain, "no", "no"},
		{on, Red, "", ""},
		{Palette{}, Red, "no", "no"},
	} {
		if got := c.palette.Paint(c.style, c.text); got != c.want {
			t.Errorf("%q in %q is %q, want %q", c.text, c.style, got, c.want)
		}
	}
}

func TestColumnsOfWhatIsNoTerminal(t *testing.T) {
	t.Parallel()
	file, err := os.Create(filepath.Join(t.TempDir(), "file"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for name, f := range map[string]*os.File{"none": nil, "a file": file} {
		if got := Columns(f); got != 0 {
			t.Errorf("%s has %d columns", name, got)
		}
	}
}
