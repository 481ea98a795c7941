package fault

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
)

func TestErrorIsOneLine(t *testing.T) {
	at := Origin{File: "config", Path: "~/.aws/config", Line: 7}
	for _, tc := range []struct {
		err  *Error
		want string
	}{
		{New("", "it failed"), "it failed"},
		{New("", "%d of %d failed", 1, 2).Fix("try again"), "1 of 2 failed: try again"},
		{New(InvalidValue, "bad").At(at), "bad (~/.aws/config:7)"},
		{New(InvalidValue, "bad").In("dev").At(at).Fix("write %s", "good"), `profile "dev": bad (~/.aws/config:7): write good`},
		{New("", "bad").At(Origin{Path: "f"}), "bad (f)"},
		{New("", "bad").In("a\nb"), `profile "a\nb": bad`},
		{New("", "bad").Because(fs.ErrNotExist), "bad"},
	} {
		if got := tc.err.Error(); got != tc.want {
			t.Errorf("got  %q\nwant %q", got, tc.want)
		}
	}
}

// Who meets an error first knows best where it happened.
func TestFirstProfileAndOriginStay(t *testing.T) {
	first, second := Origin{Path: "a", Line: 1}, Origin{Path: "b", Line: 2}
	err := New("", "bad").In("inner").At(first).In("outer").At(second)
	if err.Profile != "inner" || err.Origin != first {
		t.Errorf("got %q at %v", err.Profile, err.Origin)
	}
}

func TestCauseIsFound(t *testing.T) {
	err := fmt.Errorf("wrapped: %w", New(FileUnreadable, "bad").Because(fs.ErrPermission))
	var f *Error
	if !errors.Is(err, fs.ErrPermission) || !errors.As(err, &f) || f.Code != FileUnreadable {
		t.Errorf("%v: cause or code is lost", err)
	}
}

func TestOrigin(t *testing.T) {
	for want, o := range map[string]Origin{"": {Line: 3}, "p": {Path: "p"}, "p:3": {Path: "p", Line: 3}} {
		if got := o.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestOneLine(t *testing.T) {
	for text, want := range map[string]string{
		"":                             "",
		"Access Denied.":               "Access Denied",
		" a\n\tb\r\n c ":               "a b c",
		strings.Repeat("a", 600):       strings.Repeat("a", 600),
		strings.Repeat("a", 601):       strings.Repeat("a", 600) + "…",
		"x" + strings.Repeat("é", 300): "x" + strings.Repeat("é", 299) + "…",
	} {
		if got := OneLine(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}
