package main

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

func shown(t *testing.T, text string) *screen {
	t.Helper()
	s := &screen{columns: 20}
	if err := s.show(text); err != nil {
		t.Fatal(err)
	}
	return s
}

// checkXML: a picture is well-formed, and nothing in it leads elsewhere or runs.
func checkXML(t *testing.T, svg string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(svg))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("%v\n%s", err, svg)
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		switch start.Name.Local {
		case "svg", "title", "desc", "style", "rect", "g", "text":
		default:
			t.Errorf("an element %s", start.Name.Local)
		}
		for _, a := range start.Attr {
			if strings.HasPrefix(a.Name.Local, "on") || a.Name.Local == "href" {
				t.Errorf("an attribute %s", a.Name.Local)
			}
		}
	}
}

func TestStillPicture(t *testing.T) {
	t.Parallel()
	svg := picture{"A <title>", []*screen{shown(t, "$ one & two\r\n  \x1b[32mok\x1b[m\r\n$ ")}}.svg()
	checkXML(t, svg)
	for _, want := range []string{
		`<title id="title">A &lt;title&gt;</title>`,
		"<desc id=\"text\">$ one &amp; two\n  ok\n$</desc>",
		`viewBox="0 0 200 89"`,
		`<text x="16.0" y="30" textLength="92.4" class="s">$ one &amp; two</text>`,
		`<text x="32.8" y="49" textLength="16.8" class="s32">ok</text>`,
		`<rect x="32.8" y="54" width="8.4" height="17" fill="#9aa5b5"/>`,
	} {
		if !strings.Contains(svg, want) {
			t.Errorf("it lacks %s:\n%s", want, svg)
		}
	}
	for _, not := range []string{"@keyframes", "url(", "http://", "https://"} {
		if strings.Contains(strings.Replace(svg, `xmlns="http://www.w3.org/2000/svg"`, "", 1), not) {
			t.Errorf("it has %s", not)
		}
	}
}

func TestMovingPicture(t *testing.T) {
	t.Parallel()
	p := picture{"three", []*screen{shown(t, "a"), shown(t, "a\r\nb"), shown(t, "a\r\nb\r\nc")}}
	svg := p.svg()
	checkXML(t, svg)
	for _, want := range []string{
		`viewBox="0 0 200 89"`, // of the largest
		".f{visibility:hidden}#f2{visibility:visible}@media(prefers-reduced-motion:no-preference){#f2{visibility:hidden}",
		"@keyframes k0{0%{visibility:visible}0.00%{visibility:visible}20.00%{visibility:hidden}}",
		"@keyframes k1{0%{visibility:hidden}20.00%{visibility:visible}40.00%{visibility:hidden}}",
		"@keyframes k2{0%{visibility:hidden}40.00%{visibility:visible}100.00%{visibility:visible}}",
		"animation:k1 7.0s step-end infinite", "<desc id=\"text\">a\nb\nc</desc>",
	} {
		if !strings.Contains(svg, want) {
			t.Errorf("it lacks %s:\n%s", want, svg)
		}
	}
	if n := strings.Count(svg, `<g class="f"`); n != 3 {
		t.Errorf("%d frames", n)
	}
}

// A chosen row has its ground behind it, and a hidden cursor is not there.
func TestChosenRow(t *testing.T) {
	t.Parallel()
	svg := picture{"x", []*screen{shown(t, "\x1b[?25l\x1b[7mab\x1b[m")}}.svg()
	checkXML(t, svg)
	if !strings.Contains(svg, `<rect x="16.0" y="16" width="16.8" height="19" fill="#3b5573"/><text x="16.0" y="30"`) || strings.Contains(svg, `height="17"`) {
		t.Error(svg)
	}
}

// Every style has a look, and each is light enough for the dark ground.
func TestLooks(t *testing.T) {
	t.Parallel()
	css := picture{"x", []*screen{shown(t, "x")}}.css()
	for style, look := range looks() {
		if !strings.Contains(css, "."+class(style)+"{"+look+"}") {
			t.Errorf("style %q has no rule: %s", style, css)
		}
		colour := strings.TrimPrefix(look, "fill:")[:len("#rrggbb")]
		if c := contrast(t, colour, ground); c < 4.5 {
			t.Errorf("style %q: contrast %.1f", style, c)
		}
	}
}

func TestEscaped(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"a<b>&c": "a&lt;b&gt;&amp;c", "two\nlines": "two\nlines", "\x1b[1m": "\ufffd[1m", "\x00": "\ufffd", "é漢": "é漢",
	} {
		if got := escaped(text); got != want {
			t.Errorf("escaped(%q) = %q", text, got)
		}
	}
}
