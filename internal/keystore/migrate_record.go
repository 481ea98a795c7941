package keystore

import (
	"encoding/json"
	"os"
	"path/filepath"

	"assume-role/internal/fault"
	"assume-role/internal/securefile"
)

// Begun is a migration that has begun and not ended.
type Begun struct {
	// From and To are backends; both are empty where there is none.
	From string `json:"from"`
	To   string `json:"to"`
	// Items are the names of what it takes along.
	Items []string `json:"items"`
	// Sessions says that it takes sessions along.
	Sessions bool `json:"sessions"`
	// Path is the file that says so.
	Path string `json:"-"`
}

// unfinishedLimit is far above the names of every item, in bytes.
const unfinishedLimit = 4 << 20

// unfinishedPath is where it is recorded.
func unfinishedPath(stateDir string) string { return filepath.Join(stateDir, "migration.json") }

// Unfinished returns the migration that was begun and not ended. stateDir is
// Options.StateDir.
func Unfinished(stateDir string) (Begun, error) {
	path := unfinishedPath(stateDir)
	data, err := securefile.Read(path, unfinishedLimit)
	if securefile.Missing(err) {
		return Begun{}, nil
	}
	begun := Begun{Path: path}
	if err == nil {
		err = json.Unmarshal(data, &begun)
	}
	if err != nil || begun.From == "" || begun.To == "" {
		return Begun{}, fault.New(fault.FileUnreadable, "cannot tell which migration of the keys is unfinished (%s)", path).
			Fix("make that file readable, or remove it: no key is in it").Because(err)
	}
	return begun, nil
}

// write records it before anything is copied.
func (b Begun) write(stateDir string) error {
	data, err := json.Marshal(b)
	if err == nil {
		err = securefile.Write(unfinishedPath(stateDir), append(data, '\n'))
	}
	if err != nil {
		return fault.New("", "the migration cannot be recorded%s", reason(err)).Fix("nothing was changed").Because(err)
	}
	return nil
}

// forget records that it has ended.
func forget(stateDir string) error {
	err := os.Remove(unfinishedPath(stateDir))
	if securefile.Missing(err) {
		return nil
	}
	return err
}
