package cmd

import (
	"bytes"
	"encoding/json"
	"slices"

	"assume-role/internal/output"
)

// endpointFormats are the formats that are lists of variables.
func endpointFormats() []string {
	return slices.DeleteFunc(formatNames(), func(name string) bool { return name == "process" || name == "ini" })
}

func endpointFormat(name string) (output.Format, bool) {
	if !slices.Contains(endpointFormats(), name) {
		return output.Format{}, false
	}
	return output.Lookup(name)
}

// printEndpoints prints what a client must set: for one profile in a form that
// a shell evaluates, for several a block each under a comment that names it, or
// in JSON an object of them by name. At a socket there is nothing to set.
func (a *app) printEndpoints(format output.Format, l *listening, offers []offer) error {
	if l.socket != "" {
		a.note("serving at " + oneLine(l.socket) + ": use it with exec --from or serve --from")
		return nil
	}
	if len(offers) > 1 && format.Name == "json" {
		return a.printEndpointsJSON(format, l, offers)
	}
	var text bytes.Buffer
	for _, o := range offers {
		if len(offers) > 1 {
			text.WriteString(comment(format.Name) + " " + oneLine(o.profile.Name) + "\n")
		}
		if err := render(&text, format, l, o); err != nil {
			return err
		}
	}
	_, err := a.host.Out.Write(text.Bytes())
	return err
}

// comment begins a line that a reader of the format passes over.
func comment(format string) string {
	if format == "windows-cmd" {
		return "rem"
	}
	return "#"
}

func render(text *bytes.Buffer, format output.Format, l *listening, o offer) error {
	changes := l.changesFor(o)
	return unrepresentable(o.profile.Name, format.Write(text, output.Payload{Set: changes.Set, Unset: changes.Unset, Profile: o.profile.Name}))
}

func (a *app) printEndpointsJSON(format output.Format, l *listening, offers []offer) error {
	all := map[string]json.RawMessage{}
	for _, o := range offers {
		var text bytes.Buffer
		if err := render(&text, format, l, o); err != nil {
			return err
		}
		all[o.profile.Name] = text.Bytes()
	}
	return a.printJSON(all)
}
