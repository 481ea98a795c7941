package cmd

import (
	"io"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
	"assume-role/internal/securefile"
)

// documentLimit is far above what STS prints.
const documentLimit = 1 << 20

// document reads the file that a flag names, - for stdin; nil for none.
func (a *app) document(name string) (*profile.Document, error) {
	switch name {
	case "":
		return nil, nil
	case "-":
		text, err := io.ReadAll(io.LimitReader(a.host.In, documentLimit))
		if err != nil {
			return nil, fault.New(fault.FileUnreadable, "--from-json cannot be read from stdin: %v", plainError(err)).Because(err)
		}
		return &profile.Document{Name: "stdin", Text: creds.Secret(text)}, nil
	}
	text, err := securefile.Read(name, documentLimit)
	if err != nil {
		return nil, fault.New(fault.FileUnreadable, "--from-json %s cannot be read: %v", name, securefile.Cause(err)).
			Fix("give the file that holds what aws sts assume-role printed, or - for stdin").Because(err)
	}
	return &profile.Document{Name: name, Text: creds.Secret(text)}, nil
}
