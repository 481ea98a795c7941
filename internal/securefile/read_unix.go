//go:build unix

package securefile

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// openAtOnce opens a file for reading without waiting for a pipe's writer.
func openAtOnce(path string) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK|syscall.O_NOCTTY, 0)
	if errors.Is(err, syscall.ELOOP) {
		return nil, fmt.Errorf("%w: %w", ErrUnfit, err)
	}
	return file, err
}
