package securefile

import (
	"errors"
	"fmt"
	"io"
)

// ErrUnfit says that what lies at a path is not a file that Read takes.
var ErrUnfit = errors.New("not a regular file within the limit")

// Read returns the content of path, links followed. A folder, a device, a
// pipe, a loop of links or a file of more than limit bytes is ErrUnfit:
// reading one might never end.
func Read(path string, limit int64) ([]byte, error) {
	file, err := openAtOnce(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%w: %s", ErrUnfit, path)
	}
	data := make([]byte, min(info.Size(), limit)+1)
	n, err := io.ReadFull(file, data)
	if err == nil {
		return nil, fmt.Errorf("%w: %s is larger than %d bytes", ErrUnfit, path, limit)
	}
	if !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return data[:n], nil
}
