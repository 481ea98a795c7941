package docs

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

// TestProfilesResolve: every profile that a page shows is one that the tool
// takes. The profiles of one page are those of one config file.
func TestProfilesResolve(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("the reader has a Unix shell")
	}
	r := newReader(t, build(t))
	resolved := 0
	for _, p := range pages(t) {
		config := p.config()
		r.write(t, "pages/"+p.name, config)
		for _, name := range profilesIn(config) {
			resolved++
			c := exec.Command(filepath.Join(r.home, "bin/assume-role"), "explain", name)
			c.Env = append(r.env, "AWS_CONFIG_FILE="+filepath.Join(r.home, "pages", p.name))
			if out, err := c.CombinedOutput(); err != nil {
				t.Errorf("%s: %s: %v %s", p.name, name, err, out)
			}
		}
	}
	if resolved < 15 {
		t.Errorf("only %d profiles are shown", resolved)
	}
}

// config is what a page's blocks of ini say together.
func (p page) config() string {
	var b strings.Builder
	for _, m := range regexp.MustCompile("(?ms)^```ini\n(.*?)^```$").FindAllStringSubmatch(p.text, -1) {
		b.WriteString(m[1])
	}
	return b.String()
}

func profilesIn(config string) []string {
	var names []string
	for _, m := range regexp.MustCompile(`(?m)^\[profile (\S+)\]$`).FindAllStringSubmatch(config, -1) {
		names = append(names, m[1])
	}
	return names
}

func TestProfilesIn(t *testing.T) {
	t.Parallel()
	p := page{text: "a\n```ini\n[profile one]\n[sso-session x]\n```\n```sh\n[profile not]\n```\n```ini\n[profile two]\nregion = x\n```\n"}
	if got := profilesIn(p.config()); strings.Join(got, " ") != "one two" {
		t.Errorf("got %q", got)
	}
}
