package cmd

import (
	"errors"
	"fmt"
	"strings"
	"sync"

	"assume-role/internal/awsfile"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

// configFile loads the AWS config file to be edited.
func (a *app) configFile() (*awsfile.File, error) {
	files, err := a.files()
	if err != nil {
		return nil, err
	}
	return loadAWSFile(files.Config, files.Home, "config")
}

// loadAWSFile loads one of the AWS files, which messages and diffs call by its
// path with ~ for the home folder.
func loadAWSFile(at profile.File, home, kind string) (*awsfile.File, error) {
	name := at.Path
	if rest, ok := strings.CutPrefix(at.Path, strings.TrimRight(home, `/\`)); ok && home != "" && strings.HasPrefix(rest, "/") {
		name = "~" + rest
	}
	f, err := awsfile.Load(at.Path)
	var told *fault.Error
	if errors.As(err, &told) {
		told.Origin.File, told.Origin.Path = kind, name
	}
	if err != nil {
		return nil, err
	}
	f.Name = name
	return f, nil
}

// saveAWSFile writes a file that was edited. What was read of the AWS files
// before counts no more.
func (a *app) saveAWSFile(f *awsfile.File) error {
	shared := f.Changed() && f.Shared()
	if err := f.Save(); err != nil {
		return err
	}
	if shared {
		a.note(oneLine(f.Name) + " had other names (hard links): what was there before still is under those")
	}
	a.config = sync.OnceValues(a.loadConfig)
	return nil
}

// showDiff prints what an edit changes, in colours on a terminal.
func (a *app) showDiff(f *awsfile.File) error {
	_, err := fmt.Fprint(a.host.Out, f.Diff(a.palette(1, a.host.OutTerminal).On()))
	return err
}

// announce shows on stderr what is about to be written.
func (a *app) announce(f *awsfile.File) {
	fmt.Fprint(a.host.Err, f.Diff(a.palette(2, a.host.ErrTerminal).On()))
}
