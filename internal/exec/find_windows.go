package exec

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"golang.org/x/sys/windows"
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

// attempt starts the command through run: a batch file through the system's own
// cmd.exe, whatever COMSPEC and PATH say.
func (c Command) attempt(run func(path string, args []string) error) error {
	if !isBatch(c.Path) {
		return run(c.Path, c.Args)
	}
	shell, err := commandShell()
	if err != nil {
		return err
	}
	if _, err := batchLine(shell, c.Path, c.Args[1:]); err != nil {
		return err
	}
	return run(shell, c.Args)
}

// line is the command line where it is not the one that package os makes.
func (c Command) line() *syscall.SysProcAttr {
	shell, err := commandShell()
	if !isBatch(c.Path) || err != nil {
		return nil
	}
	line, err := batchLine(shell, c.Path, c.Args[1:])
	if err != nil {
		return nil // attempt says why
	}
	return &syscall.SysProcAttr{CmdLine: line}
}

func commandShell() (string, error) {
	dir, err := windows.GetSystemDirectory()
	return filepath.Join(dir, "cmd.exe"), err
}
