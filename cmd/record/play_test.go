package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// largest is how many bytes a picture may have.
const largest = 60_000

// build makes the tool.
func build(t *testing.T) string {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("pictures are recorded on Linux")
	}
	if testing.Short() {
		t.Skip("builds the tool")
	}
	tool := filepath.Join(t.TempDir(), "tool")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", tool, "assume-role").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return tool
}

// TestPictures is `make pictures`: each scene does what it announces, and its
// picture has the words that the terminal had.
func TestPictures(t *testing.T) {
	t.Parallel()
	tool := build(t)
	for _, sc := range scenes() {
		t.Run(sc.name, func(t *testing.T) {
			t.Parallel()
			p, err := play(t.Context(), tool, sc)
			if err != nil {
				t.Fatal(err)
			}
			svg := p.svg()
			checkXML(t, svg)
			if len(svg) > largest {
				t.Errorf("%d bytes", len(svg))
			}
			for _, st := range sc.steps {
				for _, want := range append(st.shows, "$ "+st.line) {
					if !strings.Contains(svg, escaped(want)) {
						t.Errorf("the picture lacks %q", want)
					}
				}
			}
			if moving := len(p.frames) > 1; moving != sc.moving || strings.Contains(svg, "@keyframes") != sc.moving {
				t.Errorf("%d frames", len(p.frames))
			}
			if strings.Contains(svg, os.TempDir()) {
				t.Error("the picture names a folder of this machine")
			}
		})
	}
}

// TestCommittedPictures: docs has a picture of every scene and no other but
// plots of growth (cmd/plots), and a page shows each with words for those who do
// not see it.
func TestCommittedPictures(t *testing.T) {
	t.Parallel()
	const root = "../.."
	files, err := filepath.Glob(root + "/docs/pictures/*")
	files = slices.DeleteFunc(files, func(file string) bool { return strings.HasPrefix(filepath.Base(file), "growth") })
	if err != nil || len(files) != len(scenes()) {
		t.Errorf("docs/pictures has %d files, %v; there are %d scenes: make pictures", len(files), err, len(scenes()))
	}
	pages, _ := filepath.Glob(root + "/docs/*.md")
	text := ""
	for _, page := range append(pages, root+"/README.md") {
		text += read(t, page)
	}
	for _, sc := range scenes() {
		svg := read(t, root+"/docs/pictures/"+sc.name+".svg")
		checkXML(t, svg)
		if len(svg) > largest || !strings.Contains(svg, escaped(sc.title)) {
			t.Errorf("%s: %d bytes, or another title: make pictures", sc.name, len(svg))
		}
		if !strings.Contains(text, "pictures/"+sc.name+".svg)") || strings.Contains(text, "![](pictures/"+sc.name) {
			t.Errorf("no page shows %s with a text beside it", sc.name)
		}
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestPlayStops: what does not go as announced is no picture.
func TestPlayStops(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("pictures are recorded on Linux")
	}
	for _, tc := range []struct {
		name string
		step step
		want string
	}{
		{"a command that fails", step{line: "false"}, "exit status 1"},
		{"a screen that lacks something", step{line: "echo a", shows: []string{"b"}}, `the screen lacks "b"`},
		{"a question that does not come", step{line: "echo a", answers: []answer{{after: []string{"Really?"}}}}, `it ended before it showed ["Really?"]`},
		{"what no picture can show", step{line: `printf '\033[5;5H'`}, "cannot show"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := play(t.Context(), "/bin/true", scene{name: "x", steps: []step{tc.step}})
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("%v; want %q", err, tc.want)
			}
		})
	}
}

// TestPlayAnswers: keys are pressed once their question is on the screen, and
// each leaves a frame where the picture moves.
func TestPlayAnswers(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("pictures are recorded on Linux")
	}
	ask := step{line: `printf 'one? '; read a; printf 'two? '; read b; echo "got $a $b"`, shows: []string{"got 1 2"}, answers: []answer{
		{after: []string{"one? "}, keys: "1\n"}, {after: []string{"two", "? "}, keys: "2\n"},
	}}
	for moving, want := range map[bool]int{true: 4, false: 1} {
		p, err := play(t.Context(), "/bin/true", scene{name: "x", moving: moving, steps: []step{ask}})
		if err != nil || len(p.frames) != want {
			t.Fatalf("moving %v: %d frames, %v", moving, len(p.frames), err)
		}
		if last := p.frames[len(p.frames)-1].text(); !strings.Contains(last, "one? 1\ntwo? 2\ngot 1 2\n$") {
			t.Errorf("the last frame: %s", last)
		}
	}
}

// TestPlayFindsSecrets: a picture that would show a secret is not drawn.
func TestPlayFindsSecrets(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("pictures are recorded on Linux")
	}
	_, err := play(t.Context(), "/bin/true", scene{name: "x", steps: []step{{line: "cat key"}}})
	if err == nil || !strings.Contains(err.Error(), "a secret is on the screen") {
		t.Error(err)
	}
}

func TestRecordWrites(t *testing.T) {
	t.Parallel()
	if status := start(nil); status != 2 {
		t.Errorf("without arguments: %d", status)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	folder := t.TempDir()
	if err := record(ctx, "/bin/true", folder); err == nil {
		t.Error("an interrupted recording went well")
	}
	if files, _ := os.ReadDir(folder); len(files) > 0 {
		t.Error("it wrote a picture")
	}
}
