//go:build unix

package profile

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"assume-role/internal/fault"
)

// TestSpecialFiles opens what would block or never end if it were read.
func TestSpecialFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	fifo, loop := filepath.Join(dir, "fifo"), filepath.Join(dir, "loop")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(loop, loop); err != nil {
		t.Fatal(err)
	}
	for path, words := range map[string]string{
		fifo:        "is a pipe, a socket or a device (~/fifo)",
		loop:        "too many levels of symbolic links (~/loop)",
		"/dev/zero": "is a pipe, a socket or a device (/dev/zero)",
	} {
		done := make(chan error, 1)
		go func() {
			_, err := Load(Files{Config: File{Path: path, Named: true}, Home: dir})
			done <- err
		}()
		select {
		case err := <-done:
			checkFault(t, err, fault.FileUnreadable, words)
		case <-time.After(time.Minute):
			t.Fatalf("reading %s does not end", path)
		}
	}
}

func TestForbiddenFile(t *testing.T) {
	t.Parallel()
	if os.Geteuid() == 0 {
		t.Skip("root reads everything")
	}
	path := filepath.Join(t.TempDir(), "config")
	write(t, path, "")
	if err := os.Chmod(path, 0); err != nil {
		t.Fatal(err)
	}
	_, err := Load(Files{Config: File{Path: path}})
	checkFault(t, err, fault.FileUnreadable, "permission denied")
}

func TestTrust(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		mode    os.FileMode
		trusted bool
	}{{0o600, true}, {0o644, true}, {0o400, true}, {0o664, false}, {0o602, false}, {0o666, false}} {
		dir := t.TempDir()
		files := Files{Config: File{Path: dir + "/config"}, Credentials: File{Path: dir + "/credentials"}, Home: dir}
		write(t, files.Config.Path, "[profile a]\ncredential_process = x\n")
		write(t, files.Credentials.Path, "[a]\nmfa_process = x\n")
		if err := os.Chmod(files.Config.Path, tc.mode); err != nil {
			t.Fatal(err)
		}
		checkTrust(t, files, tc.mode, tc.trusted)
	}
}

func checkTrust(t *testing.T, files Files, mode os.FileMode, trusted bool) {
	t.Helper()
	c, err := Load(files)
	if err != nil {
		t.Fatal(err)
	}
	p := profileOf(t, c, "a")
	program, _ := p.Get("credential_process")
	other, _ := p.Get("mfa_process")
	if got := c.trustIn(program.Origin).problem == ""; got != trusted {
		t.Errorf("mode %o: trusted is %v", mode, got)
	}
	if c.trustIn(other.Origin) != (trust{}) || c.trustIn(fault.Origin{}) != (trust{}) {
		t.Errorf("mode %o: the credentials file or a flag is not trusted", mode)
	}
	warned := strings.Contains(strings.Join(c.Notes(), "\n"), "~/config can be written by others")
	if warned == trusted {
		t.Errorf("mode %o: notes %q", mode, c.Notes())
	}
}

func TestForeignFile(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root can give a file away")
	}
	path := filepath.Join(t.TempDir(), "config")
	write(t, path, "")
	if err := os.Chown(path, 12345, 12345); err != nil {
		t.Fatal(err)
	}
	c, err := Load(Files{Config: File{Path: path}})
	if err != nil {
		t.Fatal(err)
	}
	if c.trustIn(fault.Origin{File: "config"}) == (trust{}) || len(c.Notes()) != 1 {
		t.Errorf("trusted, or not said once: %q", c.Notes())
	}
}

// A link is as good as the file it leads to; whoever owns the link.
func TestTrustThroughALink(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	target, link := filepath.Join(dir, "target"), filepath.Join(dir, "config")
	write(t, target, "[profile a]\ncredential_process = x\n")
	if err := os.Symlink(target, link); err != nil {
		t.Fatal(err)
	}
	for mode, trusted := range map[os.FileMode]bool{0o600: true, 0o620: false} {
		if err := os.Chmod(target, mode); err != nil {
			t.Fatal(err)
		}
		c, err := Load(Files{Config: File{Path: link}, Credentials: File{Path: link + "-none"}})
		if err != nil {
			t.Fatal(err)
		}
		if got := c.trustIn(fault.Origin{File: "config"}) == (trust{}); got != trusted {
			t.Errorf("mode %o: trusted is %v", mode, got)
		}
	}
}

// A program keeps the file it was named in when another profile, of the other
// file, includes it; and the reason tells what is wrong with that file.
func TestProgramOfAnIncludedProfile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	files := Files{Config: File{Path: filepath.Join(dir, "config")}, Credentials: File{Path: filepath.Join(dir, "credentials")}}
	write(t, files.Config.Path, "[profile shared]\nweb_identity_token_process = tok\nmfa_process = code\n")
	write(t, files.Credentials.Path, "[own]\ninclude_profile = shared\nrole_arn = arn:aws:iam::123456789012:role/r\n")
	if err := os.Chmod(files.Config.Path, 0o646); err != nil {
		t.Fatal(err)
	}
	c, err := Load(files)
	if err != nil {
		t.Fatal(err)
	}
	chain, err := Resolve(c, Request{Profile: "own"})
	if err != nil {
		t.Fatal(err)
	}
	refusal := chain.Source.Unavailable
	if refusal == nil || refusal.Origin.File != "config" || !strings.Contains(refusal.Error(), "because others can write the file that names it") || !strings.Contains(refusal.Hint, "chmod go-w") {
		t.Errorf("%v", refusal)
	}
}

func TestProgramsOfAForeignFile(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root can give a file away")
	}
	path := filepath.Join(t.TempDir(), "config")
	write(t, path, "[profile a]\ncredential_process = x\n[profile r]\nrole_arn = arn:aws:iam::123456789012:role/r\nsource_profile = a\n")
	if err := os.Chown(path, 12345, 12345); err != nil {
		t.Fatal(err)
	}
	c, err := Load(Files{Config: File{Path: path}, Credentials: File{Path: path + "-none"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a", "r"} {
		chain, err := Resolve(c, Request{Profile: name})
		if err != nil {
			t.Fatal(err)
		}
		if refusal := chain.Source.Unavailable; refusal == nil || !strings.Contains(refusal.Error(), "because the file that names it belongs to another user") {
			t.Errorf("%s: %v", name, refusal)
		}
	}
}
