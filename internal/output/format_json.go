package output

import "bytes"

// jsonObject is for programs: one flat object of the variables.
func jsonObject() Format {
	const name = "json"
	return Format{name, "one JSON object of the variables", false, func(text *bytes.Buffer, p Payload) error {
		var members []member
		for _, v := range p.Set {
			members = append(members, member{v.Name, v.Value})
		}
		return writeObject(text, name, members)
	}}
}
