package output

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"assume-role/internal/creds"
)

// readers read a format back as the program that it is for does, for those
// whose program is rarely installed. Each knows one variable, AWS_X.
func readers() map[string]func(string) (string, error) {
	return map[string]func(string) (string, error){
		"powershell":  readPowerShell,
		"windows-cmd": readCmd,
		"nushell":     readNushell,
		"dotenv":      readDotenv,
		"json":        readJSON,
	}
}

func TestHostileValuesReadBack(t *testing.T) {
	t.Parallel()
	for name, read := range readers() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			carried := 0
			for _, v := range hostile() {
				if readsBack(t, name, read, v) {
					carried++
				}
			}
			if carried < len(hostile())/2 {
				t.Errorf("only %d of %d values carried", carried, len(hostile()))
			}
		})
	}
}

// readsBack holds that a value is carried exactly, or refused.
func readsBack(t *testing.T, format string, read func(string) (string, error), v string) bool {
	t.Helper()
	text, err := write(t, format, one(v))
	if err != nil {
		return false
	}
	got, err := read(text)
	if err != nil || got != v {
		t.Errorf("%q became %q (%v) in %q", v, got, err, text)
	}
	return true
}

func FuzzReaders(f *testing.F) {
	for _, v := range hostile() {
		f.Add(v)
	}
	f.Fuzz(func(t *testing.T, v string) {
		for name, read := range readers() {
			readsBack(t, name, read, v)
		}
	})
}

// oneLine returns the only line of a text.
func oneLine(text string) (string, error) {
	line, ok := strings.CutSuffix(text, "\n")
	if !ok || strings.ContainsAny(line, "\r\n") {
		return "", fmt.Errorf("not one line")
	}
	return line, nil
}

// readPowerShell knows quoted strings and [char]N, joined with +.
func readPowerShell(text string) (string, error) {
	line, err := oneLine(text)
	if err != nil {
		return "", err
	}
	rest, ok := strings.CutPrefix(line, "$Env:AWS_X = ")
	var units []uint16
	for ok {
		var term []uint16
		if term, rest, err = termPowerShell(rest); err != nil {
			return "", err
		}
		units = append(units, term...)
		rest, ok = strings.CutPrefix(rest, " + ")
	}
	if rest != "" {
		return "", fmt.Errorf("%q is left over", rest)
	}
	return string(utf16.Decode(units)), nil
}

// termPowerShell reads one string, or a [char]N.
func termPowerShell(text string) (term []uint16, rest string, err error) {
	if m := regexp.MustCompile(`^\[char\]([0-9]+)`).FindStringSubmatch(text); m != nil {
		unit, err := strconv.ParseUint(m[1], 10, 16)
		return []uint16{uint16(unit)}, text[len(m[0]):], err
	}
	const quotes = "'‘’‚‛"
	m := regexp.MustCompile("^[" + quotes + "]((?s:[^" + quotes + "]|[" + quotes + "]{2})*)[" + quotes + "]").FindStringSubmatch(text)
	if m == nil {
		return nil, "", fmt.Errorf("%q is not a string", text)
	}
	inner := regexp.MustCompile("(["+quotes+"])["+quotes+"]").ReplaceAllString(m[1], "$1")
	return utf16.Encode([]rune(inner)), text[len(m[0]):], nil
}

// readCmd knows set "NAME=VALUE" and nothing that cmd.exe would interpret.
func readCmd(text string) (string, error) {
	line, ok := strings.CutSuffix(text, "\r\n")
	line, ok1 := strings.CutPrefix(line, `set "AWS_X=`)
	value, ok2 := strings.CutSuffix(line, `"`)
	if !ok || !ok1 || !ok2 || strings.ContainsAny(value, "\"%!^\r\n") || len(text) > 8191 {
		return "", fmt.Errorf("not safe")
	}
	return value, nil
}

// readNushell knows raw strings in single quotes and escapes in double ones.
func readNushell(text string) (string, error) {
	line, err := oneLine(text)
	if err != nil {
		return "", err
	}
	quoted, ok := strings.CutPrefix(line, "$env.AWS_X = ")
	if m := regexp.MustCompile(`^'([^']*)'$`).FindStringSubmatch(quoted); ok && m != nil {
		return m[1], nil
	}
	m := regexp.MustCompile(`^"((?:[^"\\]|\\["\\nr])*)"$`).FindStringSubmatch(quoted)
	if !ok || m == nil {
		return "", fmt.Errorf("not a string")
	}
	return strings.NewReplacer(`\\`, `\`, `\"`, `"`, `\n`, "\n", `\r`, "\r").Replace(m[1]), nil
}

// readDotenv is how docker run reads a line.
func readDotenv(text string) (string, error) {
	line, err := oneLine(text)
	if err != nil {
		return "", err
	}
	name, value, ok := strings.Cut(line, "=")
	if name != "AWS_X" || !ok {
		return "", fmt.Errorf("no variable")
	}
	return value, nil
}

func readJSON(text string) (string, error) {
	var object map[string]string
	err := json.Unmarshal([]byte(text), &object)
	return object["AWS_X"], err
}

// TestPowerShellCodePages: read in a Windows code page, no value may hold a
// quote that closes its string.
func TestPowerShellCodePages(t *testing.T) {
	t.Parallel()
	for _, v := range []string{"Ă; touch PWNED; Ă", "\u0091", "a\u0092b", "𐂂"} {
		text := must(t, "powershell", one(v))
		for i, c := range []byte(text) {
			if c == 0x82 || c == 0x91 || c == 0x92 {
				t.Errorf("%q: byte %d of %q is a quote in windows-1252", v, i, text)
			}
		}
	}
}

// section reads an ini section as AWS's own grammar has it.
func section(text string) (name string, values map[string]string) {
	values = map[string]string{}
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if inner, ok := strings.CutPrefix(line, "["); ok {
			name = strings.TrimSuffix(inner, "]")
			continue
		}
		key, value, _ := strings.Cut(line, "=")
		value = regexp.MustCompile(`[ \t][#;].*`).ReplaceAllString(value, "")
		values[strings.TrimSpace(key)] = strings.Trim(value, " \t")
	}
	return name, values
}

func TestINIReadBack(t *testing.T) {
	t.Parallel()
	carried := 0
	for _, v := range hostile() {
		p := session()
		p.Profile, p.Credentials.SecretAccessKey = "p"+v, creds.Secret(v+"x")
		text, err := write(t, "ini", p)
		if err != nil {
			continue
		}
		carried++
		name, values := section(text)
		if name != p.Profile || values["aws_secret_access_key"] != v+"x" || values["region"] != "eu-west-1" || len(values) != 4 {
			t.Errorf("%q became %q %q", v, name, values)
		}
	}
	if carried < 20 {
		t.Errorf("only %d values carried", carried)
	}
}

func TestINIRefuses(t *testing.T) {
	t.Parallel()
	for _, v := range []string{"a\nb", "a #b", "#b", ";", "a\t;", " a", "a ", "a\u00a0", "a\x00", "a\rb", "\x1b", "\xff"} {
		p := session()
		p.Credentials.SecretAccessKey = creds.Secret(v)
		if text, err := write(t, "ini", p); err == nil {
			t.Errorf("%q was written: %q", v, text)
		}
	}
	for _, name := range []string{"", "a]b", "[", "a\nb", " a", "a #"} {
		p := session()
		p.Profile = name
		if text, err := write(t, "ini", p); err == nil {
			t.Errorf("section %q was written: %q", name, text)
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	for format, values := range map[string][]string{
		"env":         {"a\x00"},
		"fish":        {"a\x00"},
		"dotenv":      {"a\nb", "a\r", "\x00", "\xff"},
		"windows-cmd": {"a\nb", "\r", "%PATH%", `a"b`, "a!b", "a^b", "\x1b", strings.Repeat("x", 8001), "\xff"},
		"powershell":  {"\x00", "\xff"},
		"nushell":     {"\x00", "\xff"},
		"json":        {"\xff"},
	} {
		for _, v := range values {
			if text, err := write(t, format, one(v)); err == nil || text != "" {
				t.Errorf("%s carries %q: %q", format, v, text)
			}
		}
	}
}
