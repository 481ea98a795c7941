package pages

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMarkdownPage(t *testing.T) {
	t.Parallel()
	root, shared := sample()
	got := Markdown(root, shared)
	want := "# top\n\n```\ntool top [NAME] [flags] -- CMD [ARG...]\n```\n\n" +
		"Do \\*one\\* \\<thing>.\n\n```\nliteral -x\n```\n\nAnd more.\n\n" +
		"## Examples\n\n```\ntool top a\ntool top b\n```\n\n" +
		"## Commands\n\n- [`tool top sub`](#top-sub): Do less\n\n" +
		"## Flags\n\n```\n  -o, --own VALUE       an own VALUE (default \"7\")\n      --policy string   not the shared one\n```\n\n" +
		"[Credential flags](credential-flags.md): `--region`.\n\n" +
		"## top sub\n\n```\ntool top sub [flags]\n```\n\nDo less.\n\n" +
		"### Examples of top sub\n\n```\ntool top sub\n```\n\n" +
		"## Exit status\n\n"
	if page, _, _ := strings.Cut(got["top.md"], "| status"); page != want {
		t.Error(cmp.Diff(want, page))
	}
	if !strings.Contains(got["README.md"], "## All\n\n| command | does |\n| --- | --- |\n| [`top`](top.md) | Do one |\n") || !strings.Contains(got["README.md"], "--quiet   say nothing") {
		t.Errorf("the index is\n%s", got["README.md"])
	}
	if !strings.Contains(got[credentialPage], "share these flags: [`top`](top.md).") {
		t.Errorf("the shared flags' page is\n%s", got[credentialPage])
	}
	for name, text := range got {
		if strings.Contains(text, "secret") || strings.Contains(text, "--help  ") {
			t.Errorf("%s shows what help does not", name)
		}
	}
}

func TestExitStatuses(t *testing.T) {
	t.Parallel()
	first := func(command string) string { return exitStatuses(command)[0].Name }
	if first("exec") != "125" || first("list") != "0" {
		t.Errorf("exec begins with %s, list with %s", first("exec"), first("list"))
	}
	if failed := exitStatuses("doctor")[1]; failed.Name != "1" || !strings.Contains(failed.Meaning, "a check found an error") {
		t.Errorf("doctor: %+v", failed)
	}
}

func TestManualPage(t *testing.T) {
	t.Parallel()
	root, shared := sample()
	m := Manual{Root: root, Shared: shared}
	got := m.Pages()["tool-top.1"]
	for _, want := range []string{
		".Dt TOOL-TOP 1\n", ".Nm tool-top\n.Nd \\&do \\&one\n",
		".Cm \\&top\n.Op Ar NAME\n.Op Ar flags\n.Fl \\-\n.Ar \\&CMD\n.Op Ar ARG...\n",
		"Do *one* <thing>.\n.Bd -literal -offset indent\nliteral \\-x\n.Ed\n.Pp\nAnd more.\n",
		".Ss \\&top \\&sub\nDo less.\n",
		".It Fl o , Fl \\-own Ar VALUE\nan own VALUE (default 7)\n",
		".It Fl \\-region Ar string\na region\n",
		".Bd -literal -offset indent\ntool top a\ntool top b\n.Ed\n",
		".Xr assume-role-config 5\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if strings.Contains(got, "secret") {
		t.Errorf("a hidden command is in\n%s", got)
	}
}

// TestSections: what a reader of the manual looks for is on its pages.
func TestSections(t *testing.T) {
	t.Parallel()
	pages := real().Pages()
	for name, sections := range map[string]string{
		"assume-role.1":        "NAME SYNOPSIS DESCRIPTION OPTIONS ENVIRONMENT FILES EXIT\u00a0STATUS EXAMPLES SEE\u00a0ALSO",
		"assume-role-exec.1":   "NAME SYNOPSIS DESCRIPTION OPTIONS EXIT\u00a0STATUS EXAMPLES SEE\u00a0ALSO",
		"assume-role-config.5": "NAME DESCRIPTION SETTINGS FILES SEE\u00a0ALSO",
	} {
		var got []string
		for line := range strings.SplitSeq(pages[name], "\n") {
			if section, ok := strings.CutPrefix(line, ".Sh "); ok {
				got = append(got, strings.ReplaceAll(section, " ", "\u00a0"))
			}
		}
		if diff := cmp.Diff(strings.Split(sections, " "), got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	for _, s := range real().Settings {
		if !strings.Contains(pages["assume-role.1"], ".It Ev "+s.Variable+"\n") || !strings.Contains(pages["assume-role-config.5"], ".It Cm "+s.Key+"\n") {
			t.Errorf("%s is not described", s.Key)
		}
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"One. Two, e.g. three.":          "One.\nTwo, e.g. three.\n",
		".TH is no macro":                "\\&.TH is no macro\n",
		"a\\b 'c' `d` ~/e ^ --f …":       "a\\eb \\(aqc\\(aq \\(gad\\(ga \\(ti/e \\(ha \\-\\-f \\[u2026]\n",
		strings.Repeat("word ", 16):      strings.TrimSpace(strings.Repeat("word ", 14)) + "\nword word\n",
		"a line\n   and another\n\n one": "a line and another one\n",
	} {
		r := &roff{}
		r.text(text)
		if got := r.b.String(); got != want {
			t.Errorf("%q:\n%q, not\n%q", text, got, want)
		}
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	want := []string{`\&No`, `longer`, `\&,`, `say\(dq`, `\&\-x`}
	if got := words(`No longer , say" -x`); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestBracketed(t *testing.T) {
	t.Parallel()
	want := []string{"A", "[B or C]", "--", "[D [E]]", "F..."}
	if got := bracketed(" A [B or C] -- [D [E]] F..."); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestPassages(t *testing.T) {
	t.Parallel()
	want := []passage{{"One\nline.", false}, {"code\n  deeper", true}, {"two", true}, {"End.", false}}
	got := passages("One\nline.\n\n  code\n    deeper\n\n\ttwo\n\nEnd.\n")
	if !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
}
