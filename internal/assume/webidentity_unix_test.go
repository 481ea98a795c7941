//go:build unix

package assume

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"testing"
)

// TestWebIdentityFileThatIsNone: what would be waited for, or never end, is
// refused at once, and asks nobody.
func TestWebIdentityFileThatIsNone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	dir := t.TempDir()
	pipe, loop := filepath.Join(dir, "pipe"), filepath.Join(dir, "loop")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip(err)
	}
	if err := os.Symlink(loop, loop); err != nil {
		t.Fatal(err)
	}
	for path, why := range map[string]string{pipe: "not a regular file", "/dev/zero": "not a regular file", loop: "symbolic links", "/dev/null/x": "there is no"} {
		w.fails(w.tokenChain("web_identity_token_file", path), `profile "ci"`, "web identity token file "+path, why, "config:4")
	}
	w.web(0)
}

// TestTokensAreNotRedirected: another host is not given the token, whoever
// asks for it.
func TestTokensAreNotRedirected(t *testing.T) {
	t.Parallel()
	var reached atomic.Int32
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	defer elsewhere.Close()
	for _, status := range []int{http.StatusMovedPermanently, http.StatusTemporaryRedirect, http.StatusPermanentRedirect} {
		redirecting := httptest.NewServer(http.RedirectHandler(elsewhere.URL, status))
		w := newWorld(t)
		chain := w.tokenChain("web_identity_token_file", w.tokenFile(w.token()))
		chain.STS.URL, chain.STS.MaxAttempts = redirecting.URL, 1
		w.fails(chain, "AssumeRoleWithWebIdentity", "is not AWS's")
		env := map[string]string{githubRequestURL: redirecting.URL, githubRequestKey: "the-key-of-the-job"}
		w.options.Getenv = func(name string) string { return env[name] }
		w.fails(w.tokenChain("web_identity_token_source", "github"), "gave no web identity token", fmt.Sprint(status), "leave ACTIONS_ID_TOKEN_REQUEST_URL")
		redirecting.Close()
	}
	if reached.Load() != 0 {
		t.Error("the token went to another host")
	}
}
