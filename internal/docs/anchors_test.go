package docs

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestAnchors: a link to a part of a page leads to one of its headings.
func TestAnchors(t *testing.T) {
	t.Parallel()
	anchors := map[string]map[string]bool{}
	for _, p := range pages(t) {
		anchors[p.name] = p.anchors()
	}
	links := 0
	link := regexp.MustCompile(`\]\(([^)#:]*)#([^)]*)\)`)
	for _, p := range pages(t) {
		for _, m := range link.FindAllStringSubmatch(p.text, -1) {
			links++
			to := p.name
			if m[1] != "" {
				to = filepath.ToSlash(filepath.Join(filepath.Dir(p.name), m[1]))
			}
			if !anchors[to][m[2]] {
				t.Errorf("%s links to #%s of %s, which has no such heading", p.name, m[2], to)
			}
		}
	}
	if links < 10 {
		t.Errorf("only %d links were read", links)
	}
}

// anchors are the names that hosts of Markdown give to a page's headings.
func (p page) anchors() map[string]bool {
	found := map[string]bool{}
	text := regexp.MustCompile("(?ms)^```.*?^```$").ReplaceAllString(p.text, "")
	for _, m := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(text, -1) {
		name := regexp.MustCompile(`[^a-z0-9 _-]`).ReplaceAllString(strings.ToLower(m[1]), "")
		found[strings.ReplaceAll(name, " ", "-")] = true
	}
	return found
}

func TestAnchorsOf(t *testing.T) {
	t.Parallel()
	got := page{text: "# A page\n```sh\n# no heading\n```\n## IAM (SSO), and `x`\n"}.anchors()
	if len(got) != 2 || !got["a-page"] || !got["iam-sso-and-x"] {
		t.Errorf("got %v", got)
	}
}
