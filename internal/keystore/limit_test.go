package keystore

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/99designs/keyring"

	"assume-role/internal/fault"
)

// stuck is a store that never answers while the test runs.
type stuck struct{ until <-chan struct{} }

func (s stuck) Get(string) (keyring.Item, error) { <-s.until; return keyring.Item{}, nil }
func (s stuck) GetMetadata(string) (keyring.Metadata, error) {
	<-s.until
	return keyring.Metadata{}, nil
}
func (s stuck) Set(keyring.Item) error  { <-s.until; return nil }
func (s stuck) Remove(string) error     { <-s.until; return nil }
func (s stuck) Keys() ([]string, error) { <-s.until; return nil, nil }

// calls makes every call on a ring and returns their errors.
func calls(r *Ring) map[string]error {
	_, get := r.Get("session-a")
	_, names := r.Names("")
	return map[string]error{
		"Get": get, "Names": names, "Set": r.Set("session-a", nil), "Remove": r.Remove("session-a"),
	}
}

func TestEveryCallHasALimit(t *testing.T) {
	t.Parallel()
	store := limited{ctx: t.Context(), store: stuck{t.Context().Done()}, backend: secretService, limit: time.Millisecond}
	for call, err := range calls(&Ring{backend: secretService, store: store}) {
		if !errors.Is(err, ErrSlow) || !strings.Contains(err.Error(), secretService) ||
			!strings.Contains(err.Error(), "--keyring-backend") {
			t.Errorf("%s of a store that does not answer: %v", call, err)
		}
	}
}

func TestInterruptEndsACall(t *testing.T) {
	t.Parallel()
	ctx, interrupt := context.WithCancel(t.Context())
	interrupt()
	store := limited{ctx: ctx, store: stuck{t.Context().Done()}, backend: pass, limit: time.Hour}
	for call, err := range calls(&Ring{backend: pass, store: store}) {
		if !errors.Is(err, fault.ErrInterrupted) {
			t.Errorf("%s after Ctrl-C: %v", call, err)
		}
	}
}

func TestErrorsAreOneLineWithAdvice(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		backend string
		err     error
		is      error
		says    string
	}{
		{keychain, errors.New("User interaction is not allowed. (-25308)"), ErrLocked, "security unlock-keychain"},
		{secretService, ErrLocked, ErrLocked, "login keyring"},
		{kwallet, fmt.Errorf("%w: no handle", ErrLocked), ErrLocked, "wallet"},
		{pass, errors.New("exit status 2\nmore"), nil, "GPG_TTY"},
		{keyctl, fmt.Errorf("%w: quota", ErrFull), ErrFull, "clear-cache"},
		{file, &fs.PathError{Op: "open", Path: "/x/y", Err: fs.ErrPermission}, fs.ErrPermission, "/x/y: permission denied"},
	} {
		err := explain(tc.backend, "read from it", tc.err)
		text := err.Error()
		if tc.is != nil && !errors.Is(err, tc.is) || !strings.Contains(text, tc.says) ||
			!strings.Contains(text, tc.backend) || !strings.Contains(text, "--keyring-backend") || strings.Contains(text, "\n") {
			t.Errorf("%s, %v: %q", tc.backend, tc.err, text)
		}
	}
	for _, err := range []error{ErrNotFound, ErrDamaged, fault.ErrInterrupted, nil} {
		if got := explain(file, "read from it", err); got != err {
			t.Errorf("explain(%v) = %v", err, got)
		}
	}
}
