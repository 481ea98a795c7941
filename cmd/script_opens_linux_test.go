package cmd_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/sys/unix"
)

// opensCommands are the scripts' commands for what a run does, as the kernel saw
// it: to files, and on the network.
func opensCommands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){"opens": opens, "contacts": contacts, "asked": asked}
}

// opens FILE COMMAND ARG…: FILE gets a line for each time that the command
// reads, lists, creates, replaces or removes something in the home folder, as
// the kernel saw it (inotify(7)); `! opens`: and the command fails. Hashes in
// names become *.
func opens(ts *testscript.TestScript, neg bool, args []string) {
	home := ts.Getenv("HOME")
	w, err := watch(home)
	ts.Check(err)
	defer unix.Close(w.fd)
	if err := ts.Exec(args[1], args[2:]...); (err == nil) == neg {
		ts.Fatalf("%q: %v", args[1:], err)
	}
	lines, err := w.seen()
	ts.Check(err)
	text := strings.ReplaceAll(strings.Join(lines, ""), home, "~")
	text = regexp.MustCompile(`[0-9a-f]{64}`).ReplaceAllString(text, "*")
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
}

// watcher is told of what happens in folders.
type watcher struct {
	fd   int
	dirs map[int32]string
}

// watch watches the folder and those below it.
func watch(root string) (*watcher, error) {
	fd, err := unix.InotifyInit1(unix.IN_NONBLOCK | unix.IN_CLOEXEC)
	if err != nil {
		return nil, err
	}
	w := &watcher{fd: fd, dirs: map[int32]string{}}
	dirs, err := folders(root)
	for _, dir := range dirs {
		id, err := unix.InotifyAddWatch(fd, dir, unix.IN_OPEN|unix.IN_CREATE|unix.IN_MOVED_TO|unix.IN_DELETE)
		if err != nil {
			return nil, err
		}
		w.dirs[int32(id)] = dir
	}
	return w, err
}

// folders are the folder and those below it.
func folders(root string) (dirs []string, err error) {
	return dirs, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			dirs = append(dirs, path)
		}
		return err
	})
}

// seen returns a sorted line for each event since the start.
func (w *watcher) seen() ([]string, error) {
	var lines []string
	buffer := make([]byte, 1<<16)
	for {
		n, err := unix.Read(w.fd, buffer)
		if errors.Is(err, unix.EAGAIN) {
			slices.Sort(lines)
			return lines, nil
		}
		if err != nil {
			return nil, err
		}
		for rest := buffer[:n]; len(rest) >= unix.SizeofInotifyEvent; {
			id, mask := int32(binary.NativeEndian.Uint32(rest)), binary.NativeEndian.Uint32(rest[4:])
			end := unix.SizeofInotifyEvent + binary.NativeEndian.Uint32(rest[12:])
			name, _, _ := bytes.Cut(rest[unix.SizeofInotifyEvent:end], []byte{0})
			if what := event(mask, len(name) > 0); what != "" {
				lines = append(lines, what+" "+filepath.Join(w.dirs[id], string(name))+"\n")
			}
			rest = rest[end:]
		}
	}
}

// event names what happened; a folder that is opened is told of by its parent
// as well as by itself.
func event(mask uint32, inFolder bool) string {
	switch {
	case mask&unix.IN_CREATE != 0:
		return "make"
	case mask&unix.IN_MOVED_TO != 0:
		return "replace"
	case mask&unix.IN_DELETE != 0:
		return "remove"
	case mask&unix.IN_ISDIR == 0:
		return "open"
	case inFolder:
		return ""
	}
	return "list"
}
