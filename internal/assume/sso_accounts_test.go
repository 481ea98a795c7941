package assume

import (
	"errors"
	"testing"

	"assume-role/internal/awsfake"
	"assume-role/internal/fault"
)

func TestSSOAccounts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	chain := w.ssoChain()
	w.ssoSignIn("alice")
	steps := 0
	all, err := New(w.options).SSOAccounts(t.Context(), &chain.Source, func(int, int) { steps++ })
	if err != nil || len(all) != 1 || all[0].ID != "123456789012" || steps != 1 {
		t.Errorf("%+v, %d steps: %v", all, steps, err)
	}
}

// TestSSOAccountsSignsIn: where only that helps, and once.
func TestSSOAccountsSignsIn(t *testing.T) {
	t.Parallel()
	w, chain, asked := asksAtPortal(t)
	all, err := New(w.options).SSOAccounts(t.Context(), &chain.Source, func(int, int) {})
	if err != nil || len(all) != 1 || *asked != 1 {
		t.Errorf("%+v, asked %d times: %v", all, *asked, err)
	}
}

// TestSSOAccountsUnreachable: the message says what is wrong with the way to
// the portal, and where that is.
func TestSSOAccountsUnreachable(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	chain := w.ssoChain()
	w.ssoSignIn("alice")
	w.aws.Inject(awsfake.Fault{Action: "ListAccounts", Mode: "503"})
	list := func() error {
		_, err := New(w.options).SSOAccounts(t.Context(), &chain.Source, func(int, int) {})
		return err
	}
	w.failsWith(list(), "listing the accounts of Identity Center failed: 127.0.0.1:", "it answered 503")
	nowhere := chain.Source.Endpoints["sso"]
	nowhere.URL = "http://127.0.0.1:1"
	chain.Source.Endpoints["sso"] = nowhere
	w.failsWith(list(), "127.0.0.1:1: the connection was refused")
	var told *fault.Error
	if !errors.As(list(), &told) || told.Profile != "base" {
		t.Errorf("%+v", told)
	}
}
