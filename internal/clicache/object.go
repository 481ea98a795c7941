package clicache

import (
	"encoding/json"
	"os"
	"path/filepath"

	"assume-role/internal/fault"
	"assume-role/internal/securefile"
)

// sizeLimit is far above the size of anything that the AWS CLI caches.
const sizeLimit = 1 << 20

// object is a JSON object of which only some members are ever decoded. Names
// match exactly, unlike those of a struct.
type object map[string]json.RawMessage

// object returns a member that is an object itself.
func (o object) object(name string) (object, bool) {
	var member object
	ok := json.Unmarshal(o[name], &member) == nil && member != nil
	return member, ok
}

// text returns a member that is a string, and "" for any other.
func (o object) text(name string) string {
	var text string
	if json.Unmarshal(o[name], &text) != nil {
		return ""
	}
	return text
}

// eachObject visits the regular files NAME.json of a folder that hold a JSON
// object, in the order of their names.
func eachObject(dir string, visit func(path string, o object)) error {
	entries, err := os.ReadDir(dir)
	if securefile.Missing(err) {
		return nil
	}
	if err != nil {
		return fault.New(fault.FileUnreadable, "cannot list the AWS CLI's cache").
			At(fault.Origin{Path: dir}).Fix("check the folder's permissions").Because(err)
	}
	for _, entry := range entries {
		path := filepath.Join(dir, entry.Name())
		if filepath.Ext(path) != ".json" || !entry.Type().IsRegular() {
			continue
		}
		var o object
		data, err := securefile.Read(path, sizeLimit)
		if err == nil && json.Unmarshal(data, &o) == nil && o != nil {
			visit(path, o)
		}
	}
	return nil
}
