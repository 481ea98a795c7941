package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// root is the repository, from here.
const root = "../.."

// page is one Markdown file.
type page struct {
	// name is relative to the repository.
	name, text string
}

// pages are the README, CONTRIBUTING and everything in docs.
func pages(t *testing.T) []page {
	t.Helper()
	files := append(glob(t, root+"/docs/*.md"), glob(t, root+"/docs/commands/*.md")...)
	if len(files) < 30 {
		t.Fatalf("docs has %d pages", len(files))
	}
	var all []page
	for _, file := range append(files, root+"/README.md", root+"/CONTRIBUTING.md") {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, page{strings.TrimPrefix(filepath.ToSlash(file), root+"/"), string(text)})
	}
	return all
}

// block is a fenced block with a mark above it.
type block struct {
	page string
	// mark is "run" or "file: PATH".
	mark string
	text string
}

// blocks returns the marked blocks of a page, in order.
func (p page) blocks() []block {
	marked := regexp.MustCompile("(?ms)^<!-- (run|file: [^ ]+) -->\n```[a-z]+\n(.*?)^```$")
	var all []block
	for _, m := range marked.FindAllStringSubmatch(p.text, -1) {
		all = append(all, block{p.name, m[1], m[2]})
	}
	return all
}

// TestBlocks: no mark is lost to a slip in its form.
func TestBlocks(t *testing.T) {
	t.Parallel()
	mark := regexp.MustCompile(`<!--\s*(run|file)`)
	for _, p := range pages(t) {
		if marks, found := len(mark.FindAllString(p.text, -1)), len(p.blocks()); marks != found {
			t.Errorf("%s has %d marks, but %d blocks below them", p.name, marks, found)
		}
	}
}

// TestLinks: a link to a file leads to one.
func TestLinks(t *testing.T) {
	t.Parallel()
	link := regexp.MustCompile(`\]\(([^)#]+)(#[^)]*)?\)`)
	for _, p := range pages(t) {
		for _, m := range link.FindAllStringSubmatch(p.text, -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(root, filepath.Dir(p.name), m[1])); err != nil {
				t.Errorf("%s links to %s, which does not exist", p.name, m[1])
			}
		}
	}
}

// TestIndex: the README's index has every page once, and of the commands'
// pages their own index.
func TestIndex(t *testing.T) {
	t.Parallel()
	_, index, found := strings.Cut(readText(t, root+"/README.md"), "\n## Documentation\n")
	if !found {
		t.Fatal("the README has no index")
	}
	for _, p := range pages(t) {
		if p.name == "README.md" || p.isCommand() {
			continue
		}
		if n := strings.Count(index, "]("+p.name+")"); n != 1 {
			t.Errorf("the README's index has %s %d times", p.name, n)
		}
	}
}

// isCommand tells the page of one command, or of flags, from the others.
func (p page) isCommand() bool {
	return strings.HasPrefix(p.name, "docs/commands/") && p.name != "docs/commands/README.md"
}

// TestFlagsExist: a flag that a page gives to this tool is on one of the
// commands' pages, which are generated.
func TestFlagsExist(t *testing.T) {
	t.Parallel()
	var generated strings.Builder
	for _, file := range glob(t, root+"/docs/commands/*.md") {
		generated.WriteString(readText(t, file))
	}
	for _, p := range pages(t) {
		if strings.HasPrefix(p.name, "docs/commands/") {
			continue
		}
		for _, flag := range unknownFlags(p.text, generated.String()) {
			t.Errorf("%s names %s, which no command has", p.name, flag)
		}
	}
}

// TestMessagesExist: what troubleshooting.md tells people to search for is
// what the program says.
func TestMessagesExist(t *testing.T) {
	t.Parallel()
	headings := rows(readText(t, root+"/docs/troubleshooting.md"))
	if len(headings) < 300 {
		t.Fatalf("only %d messages are there", len(headings))
	}
	code := filled(sources(t))
	for _, heading := range headings {
		if !strings.Contains(code, heading) {
			t.Errorf("troubleshooting.md has %q, which no code says", heading)
		}
	}
}

// sources is the text of the program.
func sources(t *testing.T) string {
	t.Helper()
	files, err := filepath.Glob(root + "/internal/*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	more, err := filepath.Glob(root + "/cmd/*.go")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, file := range append(files, more...) {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(text)
	}
	return b.String()
}

// unknownFlags returns the flags of code spans and of lines that begin with
// this tool's name, up to a -- and without those of other programs.
func unknownFlags(text, generated string) []string {
	code := regexp.MustCompile("`(--[a-z][a-z-]+)[^`]*`|(?m:assume-role ([^`\n]*))")
	name := regexp.MustCompile(`--[a-z][a-z-]+`)
	others := regexp.MustCompile(`--(profile|env-file|ecs-server|exec|help)$`)
	var unknown []string
	for _, m := range code.FindAllStringSubmatch(text, -1) {
		ours, _, _ := strings.Cut(m[1]+" "+m[2], " -- ")
		for _, flag := range name.FindAllString(ours, -1) {
			if !others.MatchString(flag) && !regexp.MustCompile("(?m)"+flag+"($|[^a-z-])").MatchString(generated) {
				unknown = append(unknown, flag)
			}
		}
	}
	return unknown
}

func TestUnknownFlags(t *testing.T) {
	t.Parallel()
	got := unknownFlags("`--none X`, `assume-role exec prod --known -- aws --their`\nassume-role list --gone", "--known string\n--known-too\n--goner")
	if strings.Join(got, " ") != "--none --gone" {
		t.Errorf("got %q", got)
	}
}
