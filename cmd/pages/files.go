package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"assume-role/cmd"
	"assume-role/internal/pages"
)

// manual returns the manual's pages by their file names.
func manual(epoch string) (map[string]string, error) {
	seconds, err := strconv.ParseInt(epoch, 10, 64)
	if err != nil || seconds < 0 {
		return nil, fmt.Errorf("SOURCE_DATE_EPOCH is %q: give the seconds since 1970, such as: git log -1 --format=%%ct", epoch)
	}
	return pages.Manual{
		Root: cmd.Tree(), Shared: cmd.CredentialFlags(), Settings: cmd.SettingsReference(),
		Variables: cmd.VariablesReference(), Files: cmd.FilesReference(), Date: time.Unix(seconds, 0),
	}.Pages(), nil
}

// completions are what the program itself prints for each shell, under the
// names by which shells find them.
func completions() (map[string]string, error) {
	files := map[string]string{}
	for shell, name := range map[string]string{
		"bash": "assume-role", "zsh": "_assume-role", "fish": "assume-role.fish", "powershell": "assume-role.ps1",
	} {
		var printed, failed bytes.Buffer
		host := cmd.Host{In: &bytes.Buffer{}, Out: &printed, Err: &failed, Now: time.Now}
		if status := cmd.Main(host, []string{"completion", shell}); status != 0 || printed.Len() == 0 {
			return nil, fmt.Errorf("completion %s: status %d, %d bytes, %s", shell, status, printed.Len(), failed.String())
		}
		files[name] = printed.String()
	}
	return files, nil
}

// put writes the files into a folder, which need not exist. Packages carry
// them to other users, so others may read them.
func put(folder string, files map[string]string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}
