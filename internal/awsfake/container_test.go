package awsfake_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"assume-role/internal/awsfake"
	"assume-role/internal/creds"
)

func TestContainer(t *testing.T) {
	t.Parallel()
	f := start(t)
	role := f.AddRole(awsfake.Role{Name: "task"})
	path := f.AddContainerRole(awsfake.ContainerRole{Role: role})
	status, text, _ := plain(t, f, http.MethodGet, path, "Accept", "application/json")
	var got map[string]string
	if err := json.Unmarshal([]byte(text), &got); err != nil || status != http.StatusOK || got["RoleArn"] != role {
		t.Fatalf("%d %v: %s", status, err, text)
	}
	if arn := *identity(t, f, keys{got["AccessKeyId"], got["SecretAccessKey"], got["Token"]}).Arn; !strings.HasPrefix(arn, "arn:aws:sts::123456789012:assumed-role/task/") {
		t.Errorf("they are %s", arn)
	}
	if _, again, _ := plain(t, f, http.MethodGet, path, "Accept", "application/json"); again != text {
		t.Error("credentials change before they have to")
	}
	f.Advance(5*time.Hour + 50*time.Minute)
	if _, later, _ := plain(t, f, http.MethodGet, path, "Accept", "application/json"); later == text {
		t.Error("credentials are not renewed before they end")
	}
	if id := strings.TrimPrefix(path, "/v2/credentials/"); !slices.Contains(f.Secrets(), id) {
		t.Error("the path is no secret")
	}
	if f.Count("Container") != 3 {
		t.Errorf("%d requests are in the journal", f.Count("Container"))
	}
}

func TestContainerRefuses(t *testing.T) {
	t.Parallel()
	f := start(t)
	role := f.AddRole(awsfake.Role{Name: "task"})
	open := f.AddContainerRole(awsfake.ContainerRole{Role: role})
	guarded := f.AddContainerRole(awsfake.ContainerRole{Role: role, Path: "/v1/credentials", Token: "right"})
	for name, tc := range map[string]struct {
		method, path string
		header       []string
		want         int
	}{
		"another method":    {"POST", open, []string{"Accept", "application/json"}, 405},
		"another answer":    {"GET", open, []string{"Accept", "text/plain"}, 406},
		"another path":      {"GET", open + "x", []string{"Accept", "application/json"}, 400},
		"no token":          {"GET", guarded, []string{"Accept", "application/json"}, 401},
		"a wrong token":     {"GET", guarded, []string{"Accept", "application/json", "Authorization", "wrong"}, 401},
		"a scheme before":   {"GET", guarded, []string{"Accept", "application/json", "Authorization", "Bearer right"}, 401},
		"the token as is":   {"GET", guarded, []string{"Accept", "application/json", "Authorization", "right"}, 200},
		"a token not asked": {"GET", open, []string{"Accept", "application/json", "Authorization", "x"}, 200},
	} {
		status, text, _ := plain(t, f, tc.method, tc.path, tc.header...)
		if status != tc.want || status != 200 && !(strings.Contains(text, `"code"`) && strings.Contains(text, `"message"`)) {
			t.Errorf("%s: %d %s, want %d", name, status, text, tc.want)
		}
	}
}

func TestContainerTokenChanges(t *testing.T) {
	t.Parallel()
	f := start(t)
	c := awsfake.ContainerRole{Role: f.AddRole(awsfake.Role{Name: "task"}), Path: "/v1/credentials", Token: "first-token"}
	f.AddContainerRole(c)
	c.Token = "second-token"
	f.AddContainerRole(c)
	for token, want := range map[creds.Secret]int{"first-token": 401, "second-token": 200} {
		if status, _, _ := plain(t, f, http.MethodGet, c.Path, "Accept", "application/json", "Authorization", token.Reveal()); status != want {
			t.Errorf("%d, want %d", status, want)
		}
	}
	if !slices.Contains(f.Secrets(), "second-token") {
		t.Error("the token is no secret")
	}
}
