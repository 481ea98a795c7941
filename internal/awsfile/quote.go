package awsfile

import "strings"

// quoted is a name as one word of a POSIX shell, bare where every SDK reads it
// so.
func quoted(name string) string {
	if strings.IndexFunc(name, func(r rune) bool { return !plain(r) }) < 0 {
		return name
	}
	return "'" + strings.ReplaceAll(name, "'", `'"'"'`) + "'"
}

// plain are the characters that the specification allows in names.
func plain(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("_-/.%@:+", r)
}
