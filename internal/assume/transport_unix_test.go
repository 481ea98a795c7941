//go:build unix

package assume

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"assume-role/internal/profile"
)

// What would be waited for, or never end, is no CA bundle.
func TestCABundleThatIsNoFile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	dir := t.TempDir()
	pipe, loop := filepath.Join(dir, "pipe.pem"), filepath.Join(dir, "loop.pem")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip(err)
	}
	if err := os.Symlink(loop, loop); err != nil {
		t.Fatal(err)
	}
	for path, why := range map[string]string{
		pipe: "not a regular file", "/dev/zero": "not a regular file", dir: "not a regular file", loop: "symbolic links",
	} {
		err := w.identify(profile.Endpoint{Region: "eu-west-1", URL: w.aws.URL(), CABundle: path})
		w.says(err, "the CA bundle "+path+" cannot be read: ", why, "AWS_CA_BUNDLE")
	}
}
