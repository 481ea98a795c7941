package exec

import (
	"slices"
	"strings"
	"testing"
)

func TestIsBatch(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]bool{
		`C:\tools\aws.cmd`: true, `X.BAT`: true, `x.bat. .`: true, `x.cmd  `: true,
		`x.exe`: false, `cmd.exe`: false, `bat`: false, `x.bat.exe`: false,
	} {
		if got := isBatch(path); got != want {
			t.Errorf("%q: %v", path, got)
		}
	}
}

// hostileWords are arguments that the quoting of other programs would let out.
func hostileWords() []string {
	return []string{
		"plain", "", "two words", `\`, `a\`, `a b\\`, "&calc", "x & calc", "a|b", "a>b", "<b", "^", "a^b",
		"(x)", "!PATH!", `C:\Program Files\x\`, "*", "?", "a\tb", "日本 語", ";,=", "'", "`", "~", "@x", "/c", "-x='y z'",
	}
}

// quotedWords hold quotes, which a batch file cannot be given.
func quotedWords() []string {
	return []string{`a"b`, `"`, `""`, `a" & calc & "`, `a\"b`, `a\\"b\\`, `{"a":"b c"}`, `-x="y z"`}
}

func TestBatchLineIsExact(t *testing.T) {
	t.Parallel()
	for _, word := range hostileWords() {
		checkBatch(t, []string{word})
	}
	checkBatch(t, hostileWords())
}

// checkBatch reads a line as cmd.exe does, then as the program behind the batch
// file does, which is handed %*.
func checkBatch(t *testing.T, args []string) {
	t.Helper()
	line, err := batchLine(`C:\Windows\System32\cmd.exe`, `C:\my tools\x.cmd`, args)
	if err != nil {
		t.Fatal(err)
	}
	inner, ok := strings.CutPrefix(line, `"C:\Windows\System32\cmd.exe" /e:ON /v:OFF /d /c "`)
	if !ok {
		t.Fatalf("got %s", line)
	}
	inner = strings.TrimSuffix(inner, `"`) // cmd.exe takes off the first and the last quote
	if bad := obeyed(inner); bad != "" {
		t.Errorf("%q: cmd.exe would obey %q in %s", args, bad, inner)
	}
	if got := commandLineWords(inner); !slices.Equal(got[1:], args) || got[0] != `C:\my tools\x.cmd` {
		t.Errorf("got  %q\nwant %q\nline %s", got[1:], args, inner)
	}
}

func TestBatchRefuses(t *testing.T) {
	t.Parallel()
	for _, word := range append(quotedWords(), "%PATH%", "100%", "a\nb", "a\rb", "a\x00b") {
		if line, err := batchLine("cmd.exe", "x.cmd", []string{word}); err == nil {
			t.Errorf("%q gives %s", word, line)
		}
	}
}

func FuzzBatchLine(f *testing.F) {
	for _, word := range hostileWords() {
		f.Add(word, "second")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		if _, err := batchLine("cmd.exe", "x.cmd", []string{a, b}); err == nil {
			checkBatch(t, []string{a, b})
		}
	})
}

// obeyed is what cmd.exe would not take for text: each quote begins or ends a
// text, whatever stands in front of it, and outside these characters count.
func obeyed(line string) string {
	quoted := false
	for _, r := range line {
		switch {
		case r == '"':
			quoted = !quoted
		case r == '%', !quoted && strings.ContainsRune("&|<>^()@", r):
			return string(r)
		}
	}
	if quoted {
		return "a quote without an end"
	}
	return ""
}

// commandLineWords splits a line as the C runtime of Windows does
// (https://learn.microsoft.com/cpp/c-language/parsing-c-command-line-arguments):
// 2n backslashes before a quote are n, 2n+1 are n and the quote is text; a pair
// of quotes within quotes is one.
func commandLineWords(line string) []string {
	var words []string
	for line = strings.TrimLeft(line, " \t"); line != ""; line = strings.TrimLeft(line, " \t") {
		var word string
		word, line = cutCommandWord(line)
		words = append(words, word)
	}
	return words
}

func cutCommandWord(line string) (word, rest string) {
	var b strings.Builder
	quoted := false
	for i := 0; i < len(line); i++ {
		slashes := len(line[i:]) - len(strings.TrimLeft(line[i:], `\`))
		switch next := i + slashes; {
		case slashes > 0 && next < len(line) && line[next] == '"':
			b.WriteString(strings.Repeat(`\`, slashes/2))
			if i = next - 1; slashes%2 == 1 {
				b.WriteByte('"')
				i = next
			}
		case slashes > 0:
			b.WriteString(line[i:next])
			i = next - 1
		case line[i] == '"' && quoted && i+1 < len(line) && line[i+1] == '"':
			b.WriteByte('"')
			i++
		case line[i] == '"':
			quoted = !quoted
		case !quoted && (line[i] == ' ' || line[i] == '\t'):
			return b.String(), line[i:]
		default:
			b.WriteByte(line[i])
		}
	}
	return b.String(), ""
}
