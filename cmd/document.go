package cmd

import (
	"fmt"
	"io"
	"os"
	"strings"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
	"assume-role/internal/securefile"
)

// documentLimit is far above what STS prints.
const documentLimit = 1 << 20

// document reads the file that --from-json names, - for stdin; nil for none.
// It is read once, as stdin cannot be read again.
func (a *app) document(name string) (*profile.Document, error) {
	if name == "" {
		return nil, nil
	}
	if a.fromJSON == nil {
		shown, text, err := a.readDocument(name)
		if err != nil {
			return nil, fault.New(fault.FileUnreadable, "--from-json %s cannot be read: %v", shown, securefile.Cause(err)).
				Fix("give the file that holds what aws sts assume-role printed, or - for stdin").Because(err)
		}
		a.fromJSON = &profile.Document{Name: shown, Text: creds.Secret(text)}
	}
	return a.fromJSON, nil
}

// readDocument also returns what messages call the file.
func (a *app) readDocument(name string) (shown string, text []byte, err error) {
	switch {
	case name == "-" || name == "/dev/stdin":
		text, err = readAll(a.host.In)
		return "stdin", text, err
	case strings.HasPrefix(name, descriptors):
		text, err = readDescriptor(name)
	default:
		text, err = securefile.Read(name, documentLimit)
	}
	return name, text, err
}

// descriptors is where a shell's <(COMMAND) has its pipe, which ends when the
// command does. Any other pipe is refused: nobody may ever write to it.
const descriptors = "/dev/fd/"

func readDescriptor(name string) ([]byte, error) {
	pipe, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer pipe.Close()
	return readAll(pipe)
}

func readAll(in io.Reader) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(in, documentLimit+1))
	if err == nil && len(text) > documentLimit {
		return nil, fmt.Errorf("it is larger than %d MB", documentLimit>>20)
	}
	return text, err
}
