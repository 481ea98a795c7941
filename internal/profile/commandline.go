package profile

import (
	"slices"
	"strings"
)

// callsItself reports whether a command line asks this tool for the named
// profile's credentials: `assume-role credential-process NAME`, or
// `assume-role export --format process NAME`. goos is a runtime.GOOS.
func callsItself(line, name, goos string) bool {
	words := splitCommand(line)
	if len(words) < 3 || !isThisTool(words[0], goos) {
		return false
	}
	profile, format := operand(words[2:])
	switch words[1] {
	case "credential-process":
		return profile == name
	case "export":
		return profile == name && format == "process"
	}
	return false
}

// isThisTool reports whether a program is this one. In WSL a shell finds the
// assume-role.exe of Windows, whose files and key store are others; a path of
// Windows is nothing that a shell could run there, so such a line is for
// Windows' programs on the same file.
func isThisTool(path, goos string) bool {
	base := path[strings.LastIndexAny(path, `/\`)+1:]
	windows := goos == "windows" || strings.Contains(path, `\`)
	return base == "assume-role" || windows && strings.EqualFold(base, "assume-role.exe")
}

// operand returns the first word that is neither a flag nor a flag's value,
// and the value of --format.
func operand(words []string) (profile, format string) {
	for i := 0; i < len(words); i++ {
		word := words[i]
		name, value, joined := strings.Cut(word, "=")
		switch {
		case word == "--":
			if profile == "" && i+1 < len(words) {
				profile = words[i+1]
			}
			return profile, format
		case !strings.HasPrefix(word, "-"):
			if profile == "" {
				profile = word
			}
			continue
		case !joined && !isSwitch(word) && i+1 < len(words):
			i++
			value = words[i]
		}
		if name == "--format" {
			format = value
		}
	}
	return profile, format
}

// isSwitch reports whether a flag takes no value. A test of package cmd holds
// the list to the flags that there are.
func isSwitch(flag string) bool {
	return slices.Contains([]string{
		"--debug", "--no-prompt", "--quiet", "--no-cache", "--refresh", "--no-session-token", "--no-session",
		"-n", "--read-only", "--view-only", "--json", "--unset", "--pick",
	}, flag)
}

// splitCommand splits a line into words as a POSIX shell would, without
// expanding anything. A backslash keeps its meaning as Windows' separator
// unless a quote, a blank or another backslash follows.
func splitCommand(line string) []string {
	var c commandSplitter
	for i := 0; i < len(line); i++ {
		i += c.take(line[i:])
	}
	c.flush()
	return c.words
}

type commandSplitter struct {
	words []string
	word  strings.Builder
	began bool
	quote byte
}

// take reads the character at the start of rest and returns how many more it
// has used.
func (c *commandSplitter) take(rest string) int {
	switch b := rest[0]; {
	case b == '\\' && c.quote != '\'' && len(rest) > 1 && strings.IndexByte(" \t\"'\\", rest[1]) >= 0:
		c.add(rest[1])
		return 1
	case c.quote != 0 && b == c.quote:
		c.quote = 0
	case c.quote == 0 && (b == '"' || b == '\''):
		c.quote, c.began = b, true
	case c.quote == 0 && (isBlank(b) || b == '\n'):
		c.flush()
	default:
		c.add(b)
	}
	return 0
}

func (c *commandSplitter) add(b byte) {
	c.word.WriteByte(b)
	c.began = true
}

func (c *commandSplitter) flush() {
	if c.began {
		c.words = append(c.words, c.word.String())
	}
	c.word.Reset()
	c.began = false
}
