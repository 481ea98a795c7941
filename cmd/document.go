package cmd

import (
	"fmt"
	"io"

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
	if name != "-" {
		text, err = securefile.Read(name, documentLimit)
		return name, text, err
	}
	text, err = io.ReadAll(io.LimitReader(a.host.In, documentLimit+1))
	if err == nil && len(text) > documentLimit {
		err = fmt.Errorf("it is larger than %d MB", documentLimit>>20)
	}
	return "stdin", text, err
}
