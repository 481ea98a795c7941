//go:build unix

package exec

import (
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// systemPath is where execvp(3) looks when the environment has no PATH.
const systemPath = "/bin:/usr/bin"

// shell runs a script without a #! line, as execvp(3) has it.
const shell = "/bin/sh"

// search finds a program as shells do: the first file along PATH that may be
// executed; where there are only others, the reason is why the first of them
// may not. A folder that cannot be read is passed over.
func search(word string, env environment) (string, error) {
	if strings.ContainsRune(word, '/') {
		return word, executable(word)
	}
	if word == "" {
		return "", fs.ErrNotExist
	}
	var refused error
	for dir := range strings.SplitSeq(pathOf(env), ":") {
		path := candidate(dir, word)
		err := executable(path)
		if err == nil {
			return path, nil
		}
		if refused == nil && errors.Is(err, unix.EACCES) && exists(path) {
			refused = err
		}
	}
	if refused != nil {
		return "", refused
	}
	return "", fs.ErrNotExist
}

// candidate keeps the folder as PATH has it, because a script sees it in $0.
// An empty one is the current folder.
func candidate(dir, word string) string {
	if dir == "" {
		dir = "."
	}
	return strings.TrimSuffix(dir, "/") + "/" + word
}

// pathOf tells a PATH that is missing from one that is empty, which names the
// current folder.
func pathOf(env environment) string {
	for _, entry := range env.entries {
		if value, ok := strings.CutPrefix(entry, "PATH="); ok {
			return value
		}
	}
	return systemPath
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// executable returns nil when the file may be executed with the rights that
// execve(2) looks at, the effective ones.
func executable(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if info.IsDir() {
		return syscall.EISDIR
	}
	err = unix.Faccessat(unix.AT_FDCWD, path, unix.X_OK, unix.AT_EACCESS)
	if errors.Is(err, unix.ENOSYS) || errors.Is(err, unix.EPERM) || errors.Is(err, unix.EINVAL) {
		return nil // Not answered (an old kernel, a sandbox): execve itself will tell.
	}
	return err
}

// attempt starts the command through run. A file that the kernel takes for no
// program is given to /bin/sh, as execvp(3) does.
func (c Command) attempt(run func(path string, args []string) error) error {
	err := run(c.Path, c.Args)
	if errors.Is(err, syscall.ENOEXEC) {
		err = run(shell, slices.Concat([]string{shell, c.Path}, c.Args[1:]))
	}
	if errors.Is(err, fs.ErrNotExist) && executable(c.Path) == nil {
		return errBadInterpreter
	}
	return err
}
