package securefile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// ErrUnfit says that what lies at a path is not a file that Read takes.
var ErrUnfit = errors.New("not a regular file within the limit")

// Missing reports that there is no file at the path that err is about: nothing
// at all, or something on the way that is no folder (HOME=/dev/null is what
// some give a user without a home).
func Missing(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)
}

// Cause returns what is wrong with a file, without the file's path: a message
// about it says that already.
func Cause(err error) error {
	var at *fs.PathError
	var link *os.LinkError // of the rename that ends a write
	switch {
	case errors.As(err, &at):
		return at.Err
	case errors.As(err, &link):
		return link.Err
	case errors.Is(err, ErrUnfit):
		return ErrUnfit
	}
	return err
}

// Read returns the content of path, links followed. A folder, a device, a
// pipe, a loop of links or a file of more than limit bytes is ErrUnfit:
// reading one might never end.
func Read(path string, limit int64) ([]byte, error) {
	file, size, err := openRegular(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	data := make([]byte, min(size, limit)+1)
	n, err := io.ReadFull(file, data)
	if err == nil {
		return nil, fmt.Errorf("%w: %s is larger than %d bytes", ErrUnfit, path, limit)
	}
	return upTo(data[:n], err)
}

// Head returns the first n bytes of path, or the whole of a shorter file. Of
// what it reads and refuses it is like Read.
func Head(path string, n int) ([]byte, error) {
	file, _, err := openRegular(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	data := make([]byte, n)
	n, err = io.ReadFull(file, data)
	return upTo(data[:n], err)
}

// upTo is what was read before the end of a file, which is no error.
func upTo(data []byte, err error) ([]byte, error) {
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return data, nil
}

// openRegular opens a file that is one, and says how large it is.
func openRegular(path string) (*os.File, int64, error) {
	file, err := Open(path)
	if err != nil {
		return nil, 0, err
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%w: %s", ErrUnfit, path)
	}
	if err != nil {
		_ = file.Close()
		return nil, 0, err
	}
	return file, info.Size(), nil
}
