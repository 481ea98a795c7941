package iamkeys

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"time"

	"assume-role/internal/fault"
	"assume-role/internal/securefile"
)

// record says, without a secret, which rotation is under way. It is written
// before IAM is asked for a key, so that one whose secret is lost is known for
// what it is.
type record struct {
	// Profile is the name that the new key waits under; Others are the names
	// under which the same old key is stored as well.
	Profile string   `json:"profile"`
	Others  []string `json:"others,omitempty"`
	// Backend is the store.
	Backend string `json:"backend"`
	// User is the ARN of the keys' user.
	User string `json:"user"`
	// Old is the one key that the user had. New is empty until IAM's answer.
	Old string `json:"old_access_key_id"`
	New string `json:"new_access_key_id,omitempty"`
	// Asked is when IAM was asked for the new one, the last time, by the local
	// clock.
	Asked time.Time `json:"asked"`
}

// profiles are all names that get the new key.
func (r record) profiles() []string { return append([]string{r.Profile}, r.Others...) }

// recordsVersion is the only form of the file so far.
const recordsVersion = 1

// recordsLimit is far above the size of the records of every user's keys.
const recordsLimit = 1 << 20

type recordsFile struct {
	Version   int      `json:"version"`
	Rotations []record `json:"rotations"`
}

// readRecords returns the rotations that are under way. What cannot be read is
// an error: a key whose secret is lost would be taken for somebody else's.
func readRecords(path string) ([]record, error) {
	data, err := securefile.Read(path, recordsLimit)
	if securefile.Missing(err) {
		return nil, nil
	}
	var file recordsFile
	if err == nil {
		file, err = parseRecords(data)
	}
	if err != nil {
		return nil, fault.New(fault.FileUnreadable, "cannot tell which rotations of keys are unfinished (%s)", path).
			Fix("make that file readable; or remove it, there is no key in it, and see at IAM which keys there are").Because(err)
	}
	return file.Rotations, nil
}

func parseRecords(data []byte) (recordsFile, error) {
	var file recordsFile
	if err := json.Unmarshal(data, &file); err != nil {
		return recordsFile{}, err
	}
	if file.Version != recordsVersion {
		return recordsFile{}, fault.New("", "version %d", file.Version)
	}
	for _, r := range file.Rotations {
		if r.Profile == "" || r.User == "" || r.Old == "" || r.Backend == "" {
			return recordsFile{}, fault.New("", "a record is not complete")
		}
	}
	return file, nil
}

// Unfinished reports whether a rotation of the key stored under a profile's
// name was begun and not ended, and the id of its new key, if it got that far.
// path is Rotation.Records.
func Unfinished(path, profile string) (fresh string, begun bool, err error) {
	r, begun, err := findRecord(path, profile)
	return r.New, begun, err
}

// AllUnfinished are the profiles whose key has such a rotation, one name for
// each.
func AllUnfinished(path string) (profiles []string, err error) {
	records, err := readRecords(path)
	for _, r := range records {
		profiles = append(profiles, r.Profile)
	}
	return profiles, err
}

func findRecord(path, profile string) (record, bool, error) {
	records, err := readRecords(path)
	i := slices.IndexFunc(records, func(r record) bool { return slices.Contains(r.profiles(), profile) })
	if i < 0 || err != nil {
		return record{}, false, err
	}
	return records[i], true, nil
}

// write puts the record in the place of the one of the same profile.
func (r record) write(path string) error {
	return changeRecords(path, func(others []record) []record { return append(others, r) }, r.Profile)
}

// drop takes the record out: nothing is left to do.
func (r record) drop(path string) error {
	return changeRecords(path, func(others []record) []record { return others }, r.Profile)
}

// changeRecords rewrites the file. Whoever rotates is the only one to do so.
func changeRecords(path string, change func(others []record) []record, profile string) error {
	records, err := readRecords(path)
	if err != nil {
		return err
	}
	records = change(slices.DeleteFunc(records, func(r record) bool { return r.Profile == profile }))
	data, err := json.Marshal(recordsFile{recordsVersion, records})
	if err == nil {
		err = securefile.MkdirPrivate(filepath.Dir(path))
	}
	if err == nil {
		err = securefile.Write(path, append(data, '\n'))
	}
	if err != nil {
		return fault.New("", "the rotation cannot be recorded in %s", path).Fix("make its folder writable, with room on the disk").Because(err)
	}
	return nil
}
