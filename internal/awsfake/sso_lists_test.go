package awsfake_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"assume-role/internal/awsfake"
)

// listed makes a list call and returns what is in its list and the next token.
func listed(t *testing.T, f *awsfake.Fake, path, token, list string) (page []any, next string) {
	t.Helper()
	status, _, got := ssoCall(t, f, http.MethodGet, path, token, nil)
	if status != http.StatusOK {
		t.Fatalf("%s: status %d, %v", path, status, got)
	}
	page, _ = got[list].([]any)
	next, _ = got["nextToken"].(string)
	return page, next
}

func portalWorld(t *testing.T) (f *awsfake.Fake, token string) {
	t.Helper()
	f = frozen(t)
	f.AddAccount("alice", "111111111111", "First")
	for _, role := range []string{"A", "B", "C"} {
		f.AddAssignment("alice", "222222222222", role, 0)
	}
	f.AddAssignment("alice", "333333333333", "A", 0)
	f.AddAssignment("bob", "444444444444", "A", 0)
	return f, signIn(t, f, awsfake.SSOSignIn{User: "alice"})["accessToken"]
}

func TestPortalLists(t *testing.T) {
	t.Parallel()
	f, token := portalWorld(t)
	accounts, next := listed(t, f, "/assignment/accounts", token, "accountList")
	if len(accounts) != 3 || next != "" {
		t.Fatalf("%v, next %q", accounts, next)
	}
	if first := accounts[0].(map[string]any); first["accountName"] != "First" || first["accountId"] != "111111111111" {
		t.Errorf("%v", first)
	}
	if roles, _ := listed(t, f, "/assignment/roles?account_id=111111111111", token, "roleList"); len(roles) != 0 {
		t.Errorf("%v", roles)
	}
	f.RemoveAssignment("alice", "222222222222", "B")
	if roles, _ := listed(t, f, "/assignment/roles?account_id=222222222222", token, "roleList"); len(roles) != 2 {
		t.Errorf("%v", roles)
	}
}

func TestPortalPages(t *testing.T) {
	t.Parallel()
	f, token := portalWorld(t)
	const path = "/assignment/roles?account_id=222222222222&max_result=2"
	first, next := listed(t, f, path, token, "roleList")
	if len(first) != 2 || next == "" {
		t.Fatalf("%v, next %q", first, next)
	}
	last, end := listed(t, f, path+"&next_token="+url.QueryEscape(next), token, "roleList")
	if len(last) != 1 || end != "" {
		t.Errorf("%v, next %q", last, end)
	}
	f.SetPortal(1, 0)
	if page, next := listed(t, f, "/assignment/accounts?max_result=100", token, "accountList"); len(page) != 1 || next == "" {
		t.Errorf("%v, next %q", page, next)
	}
}

func TestPortalListsRefuse(t *testing.T) {
	t.Parallel()
	f, token := portalWorld(t)
	f.SetPortal(1, 0)
	_, ofAccounts := listed(t, f, "/assignment/accounts", token, "accountList")
	for path, want := range map[string]int{
		"/assignment/accounts?max_result=0":         400,
		"/assignment/accounts?max_result=101":       400,
		"/assignment/accounts?max_result=x":         400,
		"/assignment/accounts?next_token=x":         400,
		"/assignment/roles":                         400,
		"/assignment/roles?account_id=1":            400,
		"/assignment/roles?account_id=444444444444": 403,
		"/assignment/roles?account_id=222222222222&next_token=" + url.QueryEscape(ofAccounts):        400,
		"/assignment/roles?account_id=333333333333&max_result=1&next_token=" + url.QueryEscape("x="): 400,
	} {
		if status, code, _ := ssoCall(t, f, http.MethodGet, path, token, nil); status != want || code == "" {
			t.Errorf("%s: %d %s", path, status, code)
		}
	}
	if status, _, _ := ssoCall(t, f, http.MethodGet, "/assignment/accounts", "wrong", nil); status != 401 {
		t.Errorf("a wrong token: %d", status)
	}
}

func TestPortalRate(t *testing.T) {
	t.Parallel()
	f, token := portalWorld(t)
	f.SetPortal(0, 2)
	var got []int
	for range 3 {
		status, _, _ := ssoCall(t, f, http.MethodGet, "/assignment/accounts", token, nil)
		got = append(got, status)
	}
	f.Advance(time.Second)
	status, _, _ := ssoCall(t, f, http.MethodGet, "/assignment/accounts", token, nil)
	if got = append(got, status); got[0] != 200 || got[1] != 200 || got[2] != 429 || got[3] != 200 {
		t.Errorf("%v", got)
	}
}
