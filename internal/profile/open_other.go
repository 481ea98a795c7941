//go:build !unix

package profile

import (
	"errors"
	"io/fs"
	"os"
)

func openAtOnce(path string) (*os.File, error) { return os.Open(path) }

func absent(err error) bool { return errors.Is(err, fs.ErrNotExist) }
