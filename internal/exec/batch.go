package exec

import (
	"errors"
	"strings"
)

// errBatch says why an argument cannot be handed to a batch file.
var errBatch = errors.New("it is a batch file, and cmd.exe would interpret an argument that holds %, \" or a line break: call what the batch file calls")

// isBatch reports whether CreateProcess would have cmd.exe run the file, which
// drops blanks and dots at a name's end
// (https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-createprocessw).
func isBatch(path string) bool {
	name := strings.ToLower(strings.TrimRight(path, " ."))
	return strings.HasSuffix(name, ".bat") || strings.HasSuffix(name, ".cmd")
}

// batchLine is the command line with which cmd.exe runs a batch file. The rules
// of other programs do not hold for it: outside of quotes it obeys & | < > ^ ( ),
// a backslash does not keep a quote from ending them, and % counts everywhere
// (https://flatt.tech/research/posts/batbadbut-you-cant-securely-execute-commands-on-windows/).
// So each word stands in quotes, and what has no place there is refused: a % and
// a quote, for which neither cmd.exe nor the programs behind it have one rule.
// Delayed expansion and AutoRun are off.
func batchLine(cmd, script string, args []string) (string, error) {
	words := make([]string, 0, len(args)+1)
	for _, word := range append([]string{script}, args...) {
		if strings.ContainsAny(word, "\"%\r\n\x00") {
			return "", errBatch
		}
		words = append(words, batchWord(word))
	}
	return `"` + cmd + `" /e:ON /v:OFF /d /c "` + strings.Join(words, " ") + `"`, nil
}

// batchWord doubles the backslashes at the end, of which a program behind the
// batch file would else take one for the quote's escape.
func batchWord(word string) string {
	end := word[len(strings.TrimRight(word, `\`)):]
	return `"` + word + end + `"`
}
