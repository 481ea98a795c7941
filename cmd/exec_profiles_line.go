package cmd

import (
	"strings"
	"unicode"

	"github.com/spf13/pflag"

	"assume-role/internal/fault"
)

// bareWord are the characters that mean themselves to every shell, and to SDKs
// that split a credential_process without one.
const bareWord = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-/.@:+=,"

// processLine is a command as the value of credential_process. SDKs hand it to
// the system's shell, and botocore splits it as that shell would
// (https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html).
func processLine(words []string, goos string) (string, error) {
	quote := posixWord
	if goos == "windows" {
		quote = windowsWord
	}
	quoted := make([]string, len(words))
	for i, word := range words {
		if strings.ContainsFunc(word, func(r rune) bool { return unicode.IsControl(r) && r != '\t' }) {
			return "", fault.New(fault.InvalidValue, "%q cannot be an argument of credential_process, which is one line of text", word)
		}
		text, ok := quote(word)
		if !ok {
			return "", fault.New(fault.InvalidValue, "%q cannot be an argument of credential_process, because cmd.exe has no quoting for it", word)
		}
		quoted[i] = text
	}
	return strings.Join(quoted, " "), nil
}

// posixWord is a word of sh and of Python's shlex. What is plain in front stays
// out of the quotes: the SDK for Go takes off a pair that is around the whole
// line.
func posixWord(word string) (string, bool) {
	odd := strings.IndexFunc(word, func(r rune) bool { return !strings.ContainsRune(bareWord, r) })
	switch {
	case odd < 0 && word != "":
		return word, true
	case odd > 0:
		return word[:odd] + posixQuoted(word[odd:]), true
	}
	return posixQuoted(word), true
}

// posixQuoted quotes a word. A blank and the # or ; behind it are kept apart, as
// a config file's line would end there.
func posixQuoted(word string) string {
	apart := strings.NewReplacer(" #", " ''#", " ;", " '';", "\t#", "\t''#", "\t;", "\t'';")
	return "'" + apart.Replace(strings.ReplaceAll(word, "'", `'"'"'`)) + "'"
}

// windowsWord is a word of cmd.exe and of the C runtime's rules
// (https://learn.microsoft.com/cpp/c-language/parsing-c-command-line-arguments).
// Within quotes cmd.exe still interprets % and !; and a # or ; behind a blank
// would end a config file's line.
func windowsWord(word string) (string, bool) {
	if word != "" && hasOnly(word, bareWord+`\~`) {
		return word, true
	}
	if strings.ContainsAny(word, "\"%!\t") || strings.HasSuffix(word, `\`) || strings.Contains(word, " #") || strings.Contains(word, " ;") {
		return "", false
	}
	return `"` + word + `"`, true
}

// lineFlags are the flags of the command line as the profiles' own
// credential_process has them, less those that are for the start alone. What
// there is to say of a profile has been said then, too; the last word is one
// that needs no quotes.
func lineFlags(given *pflag.FlagSet, policy string) []string {
	var words []string
	given.Visit(func(f *pflag.Flag) {
		switch f.Name {
		case "profiles", "quiet", "debug", "refresh", "mfa-token":
		case "policy":
			words = append(words, "--policy="+policy)
		default:
			words = append(words, asWords(f)...)
		}
	})
	return append(words, "--quiet")
}

// asWords spells a flag as it was given, each value of one that may be repeated.
func asWords(f *pflag.Flag) []string {
	values := []string{f.Value.String()}
	if several, ok := f.Value.(pflag.SliceValue); ok {
		values = several.GetSlice()
	}
	for i, value := range values {
		values[i] = "--" + f.Name + "=" + value
	}
	return values
}
