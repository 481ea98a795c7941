package keystore

import (
	"errors"
	"io/fs"
	"os"
)

// Writable returns why nothing can be stored, for the stores that tell without
// storing something: for the file backend, that no file can be made in its
// folder. It asks nobody and leaves nothing. A folder that is not there is made
// when something is stored.
func (r *Ring) Writable() error {
	if r.file == nil {
		return nil
	}
	return explain(r.backend, "write to it", r.file.writable())
}

func (f *fileStore) writable() error {
	probe, err := os.CreateTemp(f.dir, ".probe")
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}
