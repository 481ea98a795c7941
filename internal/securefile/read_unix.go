//go:build unix

package securefile

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// Open opens a file for reading without waiting for a pipe's writer, and links
// followed. A loop of links is ErrUnfit. What it opened may be no file: who
// reads on must look.
func Open(path string) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK|syscall.O_NOCTTY, 0)
	if errors.Is(err, syscall.ELOOP) {
		return nil, fmt.Errorf("%w: %w", ErrUnfit, err)
	}
	return file, err
}
