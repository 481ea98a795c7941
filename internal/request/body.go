package request

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"

	"assume-role/internal/fault"
)

// Body is what a request sends. Its length and hash are part of the signature
// and so known before the first byte goes.
type Body struct {
	// Length is in bytes.
	Length int64
	// SHA256 is in hex, as x-amz-content-sha256 has it.
	SHA256 string
	open   func() (io.ReadCloser, error)
}

// Bytes is a body that is in memory; of no bytes, none at all.
func Bytes(data []byte) Body {
	sum := sha256.Sum256(data)
	return Body{int64(len(data)), hex.EncodeToString(sum[:]), func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(data)), nil
	}}
}

// streamLimit is how long a body may be that cannot be read twice, in bytes: it
// is kept in memory.
const streamLimit = 64 << 20

// Stream is a body that can be read once only. It ends at 64 MiB with an error.
func Stream(from io.Reader) (Body, error) {
	data, err := io.ReadAll(io.LimitReader(from, streamLimit+1))
	switch {
	case err != nil:
		return Body{}, fault.New(fault.FileUnreadable, "the data to send could not be read").Because(err)
	case len(data) > streamLimit:
		return Body{}, fault.New(fault.InvalidValue, "the data to send is longer than the 64 MiB that a pipe may give").Fix("put it into a file: --data @FILE")
	}
	return Bytes(data), nil
}

// File is the body that a file holds, of any length: it is read once for its
// hash and again to be sent. What is no regular file counts as a Stream.
func File(path string) (Body, error) {
	f, err := os.Open(path)
	if err != nil {
		return Body{}, unreadable(path, err)
	}
	defer f.Close()
	info, err := f.Stat()
	switch {
	case err != nil:
		return Body{}, unreadable(path, err)
	case info.IsDir():
		return Body{}, fault.New(fault.FileUnreadable, "%s is a folder", path).Fix("name a file")
	case !info.Mode().IsRegular():
		return Stream(f)
	}
	hash := sha256.New()
	n, err := io.Copy(hash, f)
	if err != nil {
		return Body{}, unreadable(path, err)
	}
	return Body{n, hex.EncodeToString(hash.Sum(nil)), func() (io.ReadCloser, error) { return again(path, n) }}, nil
}

func unreadable(path string, err error) error {
	var at *os.PathError
	if errors.As(err, &at) {
		err = at.Err
	}
	return fault.New(fault.FileUnreadable, "%s cannot be read: %v", path, err).Fix("name a readable file").Because(err)
}

// again opens a file whose first n bytes were hashed.
func again(path string, n int64) (io.ReadCloser, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, unreadable(path, err)
	}
	return &hashed{f, path, n}, nil
}

// hashed reads what was hashed of a file, and fails where that is not there any
// more. Other bytes in its place are the receiver's to refuse, by the hash.
type hashed struct {
	file *os.File
	path string
	left int64
}

// Read implements io.Reader.
func (h *hashed) Read(p []byte) (int, error) {
	if h.left == 0 {
		return 0, io.EOF
	}
	n, err := h.file.Read(p[:min(int64(len(p)), h.left)])
	h.left -= int64(n)
	if errors.Is(err, io.EOF) {
		err = fault.New("", "%s became shorter while it was sent", h.path).Fix("run it again when nothing writes to the file")
	}
	return n, err
}

// Close implements io.Closer.
func (h *hashed) Close() error { return h.file.Close() }
