package profile

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"
	"unicode/utf8"

	"assume-role/internal/fault"
	"assume-role/internal/securefile"
)

// maxFileSize bounds what is read of one file, in bytes. A profile takes some
// 150; what is made of each takes ten times as much.
const maxFileSize = 16 << 20

// content is what one file holds and who could have written it.
type content struct {
	text    string
	missing bool
	trust   trust
}

// fileError is a file that cannot be read at all.
type fileError struct {
	problem
	err error
}

func (e *fileError) at(o fault.Origin) error {
	return fault.New(fault.FileUnreadable, "%s", e.message).At(o).Fix("%s", e.hint).Because(e.err)
}

// readFile reads a whole file. It never waits: it opens no FIFO's other end,
// reads from no device, and stops at maxFileSize.
func readFile(path string) (content, *fileError) {
	f, err := securefile.Open(path)
	if securefile.Missing(err) {
		return content{missing: true}, nil
	}
	if err != nil {
		return content{}, openError(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return content{}, openError(err)
	}
	if bad := checkInfo(info); bad != nil {
		return content{}, bad
	}
	text, err := readAll(f, info.Size())
	switch {
	case err != nil:
		return content{}, openError(err)
	case len(text) > maxFileSize:
		return content{}, tooLarge()
	}
	return content{text: text, trust: trustOf(info)}, nil
}

// checkInfo refuses what is no plain file; the null device reads as empty.
func checkInfo(info fs.FileInfo) *fileError {
	switch {
	case info.IsDir():
		return &fileError{problem: problem{"the file is a directory", "name a file, or remove the directory"}}
	case isNull(info):
		return nil
	case !info.Mode().IsRegular():
		return &fileError{problem: problem{"the file is a pipe, a socket or a device", "name a plain file"}}
	case info.Size() > maxFileSize:
		return tooLarge()
	}
	return nil
}

// isNull recognises /dev/null, which people name to say: no file.
func isNull(info fs.FileInfo) bool {
	if info.Mode()&fs.ModeCharDevice == 0 {
		return false
	}
	null, err := os.Stat(os.DevNull)
	return err == nil && os.SameFile(info, null)
}

func tooLarge() *fileError {
	return &fileError{problem: problem{"the file is larger than 16 MiB", "name an AWS config or credentials file"}}
}

// openError keeps the cause ("permission denied") and leaves out the path,
// which the origin shows.
func openError(err error) *fileError {
	hint := "check the path and its links"
	if errors.Is(err, fs.ErrPermission) {
		hint = "give yourself permission to read it"
	}
	return &fileError{problem{"the file cannot be read, " + securefile.Cause(err).Error(), hint}, err}
}

// readAll reads into a string at once: the files can be large, and a copy of
// one would cost as much as checking it.
func readAll(f *os.File, size int64) (string, error) {
	var text strings.Builder
	text.Grow(int(size))
	piece := make([]byte, min(size+1, 32<<10))
	_, err := io.CopyBuffer(&text, io.LimitReader(f, maxFileSize+1), piece)
	return text.String(), err
}

// byteOrderMark is U+FEFF, which Windows editors put first.
const byteOrderMark = "\ufeff"

// checkText refuses what is no text, and takes off the byte-order mark.
func checkText(text string) (string, *formError) {
	if strings.HasPrefix(text, "\xff\xfe") || strings.HasPrefix(text, "\xfe\xff") {
		return "", &formError{problem{"the file is UTF-16", "save it as UTF-8"}, 1}
	}
	bad := strings.IndexByte(text, 0)
	if bad < 0 {
		bad = invalidUTF8(text)
	}
	if bad >= 0 {
		line := 1 + strings.Count(text[:bad], "\n")
		return "", &formError{problem{"the file is not text in UTF-8", "save it as UTF-8"}, line}
	}
	return strings.TrimPrefix(text, byteOrderMark), nil
}

// invalidUTF8 returns the place of the first byte that is no UTF-8, or -1.
func invalidUTF8(text string) int {
	if utf8.ValidString(text) {
		return -1
	}
	for i, r := range text {
		if r == utf8.RuneError && !strings.HasPrefix(text[i:], "\ufffd") {
			return i
		}
	}
	return -1
}
