package docs

import (
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// message is an error that the program can end with.
type message struct {
	at string
	// text is its form, with … for what is put in.
	text string
	// advice are the other texts of the same expression: what to do.
	advice []string
}

// TestMessagesHaveRows: an error that a user can meet stands in
// docs/troubleshooting.md, by a part of it that never changes.
func TestMessagesHaveRows(t *testing.T) {
	t.Parallel()
	known := rows(readText(t, root+"/docs/troubleshooting.md"))
	met := map[string]bool{}
	all := messages(t)
	if len(all) < 300 {
		t.Fatalf("only %d messages were found", len(all))
	}
	for _, m := range all {
		if _, excepted := rowless()[m.text]; excepted {
			met[m.text] = true
			continue
		}
		if !m.in(known) {
			t.Errorf("%s: no row of docs/troubleshooting.md is about %q", m.at, m.text)
		}
	}
	for text := range rowless() {
		if !met[text] {
			t.Errorf("no code says %q: take it out of rowless", text)
		}
	}
}

// rowless are messages without a row, and why.
func rowless() map[string]string {
	const another = "its words are another message's, which has a row"
	return map[string]string{
		"… …": another, "…: …": another, "……": another, "… … …": another,
		"…": another, "--destination …": another, "the URL …": another, "sso_start_url … …": another, "… failed: …: …": another,
		"… failed: …":              "the name of AWS's operation, and AWS's words",
		"version …":                "a cause, shown under --debug",
		"a record is not complete": "a cause, shown under --debug",
		"…, since …":               "what was done and what was not, and another message",
	}
}

// rows are the parts of messages that a page is searched for.
func rows(page string) []string {
	var all []string
	for line := range strings.SplitSeq(page, "\n") {
		form := regexp.MustCompile("\\*\\*`([^`]+)`\\*\\*")
		if strings.HasPrefix(line, "| `") {
			line, _, _ = strings.Cut(line, " | ")
			form = regexp.MustCompile("`([^`]+)`")
		}
		for _, m := range form.FindAllStringSubmatch(line, -1) {
			all = append(all, m[1])
		}
	}
	return all
}

// shortest is the length, in bytes, of a part that can tell one message from
// others. What is shorter has to be the whole of it.
const shortest = 8

// in tells whether one of the rows is a part of the message or of its advice.
func (m message) in(rows []string) bool {
	for _, row := range rows {
		for _, text := range append(m.advice, m.text) {
			if text == row || len(row) >= shortest && strings.Contains(text, row) {
				return true
			}
		}
	}
	return false
}

// filled puts … where fmt puts a value in.
func filled(format string) string {
	return regexp.MustCompile(`%%|%[-+#0-9.]*[a-zA-Z]`).ReplaceAllStringFunc(format, func(verb string) string {
		if verb == "%%" {
			return "%"
		}
		return "…"
	})
}

// messages are the errors of the whole program, in the order of the code.
func messages(t *testing.T) []message {
	t.Helper()
	var all []message
	fset := token.NewFileSet()
	for _, file := range append(glob(t, root+"/cmd/*.go"), glob(t, root+"/internal/*/*.go")...) {
		if strings.HasSuffix(file, "_test.go") || strings.Contains(file, "internal/awsfake/") {
			continue
		}
		parsed, err := parser.ParseFile(fset, file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, messagesIn(fset, parsed)...)
	}
	return all
}

func messagesIn(fset *token.FileSet, file *ast.File) []message {
	var all []message
	seen := map[token.Pos]bool{} // of calls, whose chain was read already
	ast.Inspect(file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		made := maker(call)
		if made == nil || seen[made.Pos()] {
			return true
		}
		seen[made.Pos()] = true
		texts := textsOf(made.Args)
		if len(texts) == 0 {
			return true
		}
		all = append(all, message{at: fset.Position(made.Pos()).String(), text: sentence(texts), advice: textsOf([]ast.Expr{call})})
		return true
	})
	return all
}

// sentence is the first text with a blank in it: names of settings may come first.
func sentence(texts []string) string {
	if i := slices.IndexFunc(texts, func(text string) bool { return strings.Contains(text, " ") }); i >= 0 {
		return texts[i]
	}
	return texts[0]
}

// maker finds the call that makes an error at the bottom of a chain such as
// fault.New(…).In(…).Fix(…), or nil.
func maker(call *ast.CallExpr) *ast.CallExpr {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		if slices.Contains(makers(), f.Name) {
			return call
		}
	case *ast.SelectorExpr:
		if x, ok := f.X.(*ast.Ident); ok && (x.Name+"."+f.Sel.Name == "fault.New" || slices.Contains(makers(), f.Sel.Name)) {
			return call
		}
		if inner, ok := f.X.(*ast.CallExpr); ok {
			return maker(inner)
		}
	}
	return nil
}

// makers are the functions, beside fault.New, that take an error's text: most
// put in front of it what it is about.
func makers() []string {
	return []string{"usage", "unfit", "refused", "badURL", "unreadable", "invalid", "wrong", "stranger", "fail", "again", "signedOut", "failed", "fault", "advice"}
}

// textsOf are the strings in expressions; those that + joins are one.
func textsOf(exprs []ast.Expr) []string {
	var all []string
	for _, e := range exprs {
		ast.Inspect(e, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BinaryExpr:
				all = append(all, joined(n))
				return false
			case *ast.BasicLit:
				all = append(all, joined(n))
			}
			return true
		})
	}
	return without(all, "")
}

// joined is the text of strings that + joins, with … for what is no constant.
func joined(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BinaryExpr:
		return joined(e.X) + joined(e.Y)
	case *ast.BasicLit:
		if text, err := strconv.Unquote(e.Value); err == nil && e.Kind == token.STRING {
			return filled(text)
		}
		return ""
	}
	return "…"
}

func without(texts []string, unwanted string) []string {
	var all []string
	for _, text := range texts {
		if text != unwanted {
			all = append(all, text)
		}
	}
	return all
}

func TestMessagesIn(t *testing.T) {
	t.Parallel()
	source := `package x
func f() error {
	if bad { return usage("one %s, not %d", a, b) }
	return fault.New(fault.InvalidValue, "the "+what+" of %q is wrong", name).In(p).Fix("ask for another %%")
}
func g(s session) error { return s.fail([]string{"sso_region"}, "no answer") }
func h() error { return errors.New("a cause") }
`
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "x.go", source, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range messagesIn(fset, file) {
		got = append(got, m.text)
	}
	if want := []string{"one …, not …", "the … of … is wrong", "no answer"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	m := messagesIn(fset, file)[1]
	for row, want := range map[string]bool{"ask for another": true, "is wrong": true, "wrong": false, "is right": false, "the … of … is wrong": true} {
		if m.in([]string{row}) != want {
			t.Errorf("%q: %v", row, !want)
		}
	}
}

func TestRows(t *testing.T) {
	t.Parallel()
	got := rows("# A\n**`one`**, **`two`** … `three`: do `this`.\n| `four`, `five` | do `that` |\n| --- | --- |\ntext with `code`\n")
	if want := []string{"one", "two", "four", "five"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}
