package exec

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// search finds a program as CreateProcess and PowerShell do, with the child's
// PATH and PATHEXT; never in the current folder, where anyone may have put an
// aws.exe.
func search(word string, env environment) (string, error) {
	endings := endingsOf(word, env)
	if filepath.Base(word) != word {
		return firstFile(word, endings)
	}
	for _, dir := range filepath.SplitList(env.value("PATH")) {
		if dir == "" {
			continue
		}
		if path, err := firstFile(filepath.Join(dir, word), endings); err == nil {
			return path, nil
		}
	}
	return "", fs.ErrNotExist
}

// endingsOf returns what may follow the word: nothing, where it has one of
// PATHEXT's endings itself, then each of those.
func endingsOf(word string, env environment) []string {
	list := env.value("PATHEXT")
	if list == "" {
		list = ".com;.exe;.bat;.cmd"
	}
	endings := strings.Split(strings.ToLower(list), ";")
	for _, ending := range endings {
		if ending != "" && strings.HasSuffix(strings.ToLower(word), ending) {
			return append([]string{""}, endings...)
		}
	}
	return endings
}

func firstFile(path string, endings []string) (string, error) {
	err := fs.ErrNotExist
	for _, ending := range endings {
		info, statErr := os.Stat(path + ending)
		switch {
		case statErr == nil && !info.IsDir():
			return path + ending, nil
		case statErr == nil:
			err = syscall.EISDIR
		case !errors.Is(statErr, fs.ErrNotExist):
			err = statErr
		}
	}
	return "", err
}

// attempt starts the command through run.
func (c Command) attempt(run func(path string, args []string) error) error {
	return run(c.Path, c.Args)
}
