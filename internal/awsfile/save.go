package awsfile

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"assume-role/internal/fault"
	"assume-role/internal/securefile"
)

// ErrChanged is why Save refuses a file that another program changed since it
// was loaded. Loading it again, and making the edits again, may do.
var ErrChanged = errors.New("the file is not what was loaded")

// Load reads a file, links followed. One that is missing is empty, and Save
// makes it, with mode 0600 in a folder of mode 0700. What is no plain file, has
// more than 16 MiB or cannot be read is a fault.FileUnreadable, a text that
// breaks the grammar a fault.ParseError.
func Load(path string) (*File, error) {
	f := &File{Name: path, path: path, target: target(path)}
	text, err := read(f.target)
	switch {
	case err != nil && securefile.Missing(err):
		f.missing = true
	case err != nil:
		return nil, fault.New(fault.FileUnreadable, "the file cannot be read: %s", securefile.Cause(err)).
			At(fault.Origin{Path: path}).Fix("make it a plain file that you can read").Because(err)
	}
	if err := f.parse(text); err != nil {
		return nil, err
	}
	return f, nil
}

func read(path string) (string, error) {
	text, err := securefile.Read(path, maxFileSize)
	return string(text), err
}

// Save writes the edits, if there are any: all of them or none, whatever
// happens meanwhile. A link stays one, and what it leads to is replaced. The
// mode stays, the owner where the system lets it. A file that another program
// changed since Load is refused, with ErrChanged as the cause, as is one that
// is read-only or another user's.
func (f *File) Save() error {
	if !f.Changed() {
		return nil
	}
	if err := f.check(); err != nil {
		return err
	}
	lock, err := f.lock()
	if err != nil {
		return err
	}
	defer lock.Release()
	if err := f.unchanged(); err != nil {
		return err
	}
	if err := f.write(); err != nil {
		return err
	}
	f.before, f.missing = f.Text(), false
	return nil
}

// patience is how long Save waits for another run of this tool, which holds
// the lock while it writes and no longer.
const patience = 10 * time.Second

// lock keeps two runs of this tool from writing at the same time. Without a
// folder for locks it is only the comparison that protects.
func (f *File) lock() (*securefile.Lock, error) {
	dir, err := securefile.LockDir()
	if err != nil {
		return nil, nil
	}
	sum := sha256.Sum256([]byte(f.target))
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	lock, err := securefile.Acquire(ctx, filepath.Join(dir, "awsfile-"+hex.EncodeToString(sum[:12])+".lock"))
	var held *securefile.HeldError
	if errors.As(err, &held) {
		return nil, f.failed("waited %s for %s, which is writing the file", patience, held.Holder()).Fix("try again").Because(err)
	}
	return lock, nil
}

// unchanged compares the file with what was loaded.
func (f *File) unchanged() error {
	text, err := read(f.target)
	missing := err != nil && securefile.Missing(err)
	if target(f.path) != f.target || text != f.before || missing != f.missing || err != nil && !missing {
		return f.failed("another program changed the file meanwhile: nothing was written").Fix("run the command again").Because(ErrChanged)
	}
	return nil
}

// write puts the text in the place of the file.
func (f *File) write() error {
	if f.missing {
		return f.create()
	}
	info, err := os.Stat(f.target)
	switch {
	case err != nil:
	case info.Mode().Perm()&0o200 == 0:
		return f.failed("the file is read-only").Fix("change that in what keeps it so, or make it writable")
	default:
		err = securefile.Replace(f.target, []byte(f.Text()), info)
	}
	return f.unwritten(err)
}

func (f *File) create() error {
	err := securefile.MkdirPrivate(filepath.Dir(f.target))
	if err == nil {
		err = securefile.Write(f.target, []byte(f.Text()))
	}
	return f.unwritten(err)
}

// unwritten says why a write failed.
func (f *File) unwritten(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, securefile.ErrForeign):
		return f.failed("the file belongs to another user").Fix("run this as that user, or make the file your own").Because(err)
	case errors.Is(err, fs.ErrPermission):
		return f.failed("nothing can be written to the file's folder %s", filepath.Dir(f.target)).Fix("give yourself permission to write there").Because(err)
	}
	return f.failed("the file cannot be written: %s", securefile.Cause(err)).Fix("the file is as it was").Because(err)
}

func (f *File) failed(format string, args ...any) *fault.Error {
	return fault.New("", format, args...).At(fault.Origin{Path: f.Name})
}

// maxLinks is how many links in a row an operating system follows.
const maxLinks = 40

// target is where a path leads, behind all links; what is missing at the end
// of them is where it would be.
func target(path string) string {
	for range maxLinks {
		if dir, err := filepath.EvalSymlinks(filepath.Dir(path)); err == nil {
			path = filepath.Join(dir, filepath.Base(path))
		}
		next, err := os.Readlink(path)
		if err != nil {
			return path
		}
		if !filepath.IsAbs(next) {
			next = filepath.Join(filepath.Dir(path), next)
		}
		path = next
	}
	return path
}

// UntilSaved does what loads a file, edits it and saves it, and does it again
// when another program, or another run of this tool, was faster. It is for
// edits that hold whatever the file says.
func UntilSaved(do func() error) error {
	for try := 1; ; try++ {
		if err := do(); !errors.Is(err, ErrChanged) || try == maxTries {
			return err
		}
	}
}

// maxTries is how often UntilSaved begins before the others have won.
const maxTries = 50
