package securefile

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"
)

// MaxWait is how long Acquire waits when its context has no deadline.
const MaxWait = 5 * time.Minute

// pidWidth is the length of the longest process id, one of 32 bits.
const pidWidth = 10

// Lock is an exclusive lock on a file. It excludes other processes and other
// goroutines of this one, and ends with Release or with the process, however
// that ends: the operating system keeps it (flock, LockFileEx), so there is
// no such thing as a stale lock.
type Lock struct {
	file *os.File
	path string
}

// HeldError says that a lock could not be had because another holds it.
type HeldError struct {
	// Path is the lock's file.
	Path string
	// PID is the process that holds it, 0 if it is not known.
	PID int
}

// Error names the lock and its holder.
func (e *HeldError) Error() string { return e.Path + " is locked by " + e.Holder() }

// Holder names the process that holds the lock, as a message shows it.
func (e *HeldError) Holder() string {
	if e.PID == 0 {
		return "another process"
	}
	return fmt.Sprintf("process %d", e.PID)
}

// Unwrap returns context.DeadlineExceeded: the wait for it was too long.
func (e *HeldError) Unwrap() error { return context.DeadlineExceeded }

// Acquire locks path, making the file if it is missing, and writes this
// process's id into it. It waits until the lock is free or ctx ends, MaxWait
// at most when ctx has no deadline; where ctx has ended before, a lock that is
// free is still had. The error is a *HeldError when time ran out and ctx's own
// when it was cancelled.
func Acquire(ctx context.Context, path string) (*Lock, error) {
	if _, limited := ctx.Deadline(); !limited {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, MaxWait)
		defer cancel()
	}
	for {
		lock, err := acquireOnce(ctx, path)
		if lock != nil || err != nil {
			return lock, err
		}
	}
}

// AcquireSaying is Acquire for a person who waits: after silence, say is told
// once who holds the lock, and the function that it returns when the wait is
// over.
func AcquireSaying(ctx context.Context, path string, silence time.Duration, say func(*HeldError) (over func())) (*Lock, error) {
	silent, cancel := context.WithTimeout(ctx, silence)
	defer cancel()
	lock, err := Acquire(silent, path)
	var held *HeldError
	if ctx.Err() != nil || !errors.As(err, &held) {
		return lock, err
	}
	defer say(held)()
	return Acquire(ctx, path)
}

// Await waits until nobody holds the lock at path, as Acquire does, and takes
// none: all who wait go on at the same time. Its errors are those of Acquire.
func Await(ctx context.Context, path string) error {
	file, err := Open(path)
	if Missing(err) {
		return nil
	}
	if err != nil {
		return err
	}
	file, err = wait(ctx, file, path, lockShared)
	if file != nil {
		_ = file.Close()
	}
	return err
}

// AwaitSaying is Await for a person who waits, as AcquireSaying is.
func AwaitSaying(ctx context.Context, path string, silence time.Duration, say func(*HeldError) (over func())) error {
	silent, cancel := context.WithTimeout(ctx, silence)
	defer cancel()
	err := Await(silent, path)
	var held *HeldError
	if ctx.Err() != nil || !errors.As(err, &held) {
		return err
	}
	defer say(held)()
	return Await(ctx, path)
}

// acquireOnce returns neither a lock nor an error when the file was removed
// or replaced on the way (cleaners of temporary folders do that): the lock
// that was won then excludes nobody who comes later.
func acquireOnce(ctx context.Context, path string) (*Lock, error) {
	file, err := openLockFile(path)
	if err != nil {
		return nil, err
	}
	won, err := lockNow(file)
	if err == nil && !won {
		file, err = wait(ctx, file, path, lockWait)
	}
	if err != nil {
		if file != nil {
			_ = file.Close()
		}
		return nil, err
	}
	return sign(file, path), nil
}

// wait blocks until file is locked or ctx ends. The system's call cannot be
// interrupted; when ctx ends first, the goroutine that makes it stays behind
// and closes the file as soon as it has the lock.
func wait(ctx context.Context, file *os.File, path string, lock func(*os.File) error) (*os.File, error) {
	if ctx.Err() != nil {
		return file, ended(ctx, path)
	}
	result := make(chan error)
	go func() {
		err := lock(file)
		select {
		case result <- err:
		case <-ctx.Done():
			_ = file.Close()
		}
	}()
	select {
	case err := <-result:
		return file, err
	case <-ctx.Done():
		return nil, ended(ctx, path)
	}
}

// ended tells a wait that was too long from one that was cancelled.
func ended(ctx context.Context, path string) error {
	if ctx.Err() == context.DeadlineExceeded {
		return &HeldError{Path: path, PID: holder(path)}
	}
	return context.Cause(ctx)
}

// sign writes the process id into the locked file and returns the lock, or
// nil when path no longer is this file.
func sign(file *os.File, path string) *Lock {
	if !stillAt(file, path) {
		_ = file.Close()
		return nil
	}
	// The id only serves a message: a full disk must not stop the work. It has
	// one width, to cover an older one without truncating: ext4 would write a
	// truncated file to the disk when it is closed.
	_, _ = fmt.Fprintf(io.NewOffsetWriter(file, 0), "%-*d\n", pidWidth, os.Getpid())
	return &Lock{file: file, path: path}
}

func stillAt(file *os.File, path string) bool {
	mine, err := file.Stat()
	if err != nil {
		return false
	}
	there, err := os.Lstat(path)
	return err == nil && os.SameFile(mine, there)
}

// holder reads the process id out of a lock file; 0 if there is none.
func holder(path string) int {
	text, err := Read(path, 2*pidWidth)
	if err != nil {
		return 0
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil || pid < 0 {
		return 0
	}
	return pid
}

// Release frees the lock and, where the system can, removes its file first, so
// that a folder of locks does not fill up: whoever waits for the old file sees
// that it is gone and starts again with a new one. Releasing twice, or a nil
// lock, does nothing.
func (l *Lock) Release() {
	if l == nil || l.file == nil {
		return
	}
	if stillAt(l.file, l.path) {
		removeHeld(l.path)
	}
	_ = l.file.Close()
	l.file = nil
}
