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
	var u Begun
	if err == nil {
		err = json.Unmarshal(data, &u)
	}
	if err != nil || u.From == "" || u.To == "" {
		return Begun{}, fault.New(fault.FileUnreadable, "cannot tell which migration of the keys is unfinished (%s)", path).
			Fix("make that file readable, or remove it: no key is in it").Because(err)
	}
	return u, nil
}

// write records it before anything is copied.
func (u Begun) write(stateDir string) error {
	data, err := json.Marshal(u)
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

// record makes a backend Auto's choice.
func record(stateDir, backend string) error {
	if err := securefile.Write(recordPath(stateDir), []byte(backend+"\n")); err != nil {
		return fault.New("", "the choice of %s cannot be recorded%s", backend, reason(err)).
			Fix("everything is in both stores; make %s writable and run the command again", stateDir).Because(err)
	}
	return nil
}
