package iam

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"assume-role/internal/awsfake"
	"assume-role/internal/profile"
)

// role is AssumeRole of a role that is made for it.
func (w *world) role(name string) profile.Call {
	return profile.Call{Kind: profile.AssumeRole, Profile: "admin", Duration: time.Hour, RoleARN: w.aws.AddRole(awsfake.Role{Name: name})}
}

// answeringText is a server that answers every request with one text.
func (w *world) answeringText(text string) string {
	s := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) { _, _ = rw.Write([]byte(text)) }))
	w.Cleanup(s.Close)
	return s.URL
}

func TestRole(t *testing.T) {
	t.Parallel()
	w, ctx := newWorld(t), context.Background()
	arn := w.aws.AddRole(awsfake.Role{Name: "team/ops", MaxDuration: 4 * time.Hour})
	r, err := w.client().Role(ctx, "ops")
	w.ok(err)
	if r.Name != "ops" || r.ARN != arn || !strings.HasPrefix(r.ID, "AROA") || r.MaxSession != 4*time.Hour {
		t.Errorf("%+v", r)
	}
	_, err = w.client().Role(ctx, "nobody")
	w.says(err, ErrNotFound, "GetRole on role/nobody failed with NoSuchEntity: The role with name nobody cannot be found")
}

func TestUser(t *testing.T) {
	t.Parallel()
	w, ctx := newWorld(t), context.Background()
	bob := w.aws.AddUser("team/bob")
	for name, want := range map[string]string{"": "arn:aws:iam::123456789012:user/alice", "alice": "arn:aws:iam::123456789012:user/alice", "bob": bob} {
		u, err := w.client().User(ctx, name)
		w.ok(err)
		if u.ARN != want || !strings.HasPrefix(u.ID, "AIDA") || !strings.HasSuffix(want, "/"+u.Name) {
			t.Errorf("%q: %+v", name, u)
		}
	}
}

// An answer without what IAM always sends is no role without a limit.
func TestIncomplete(t *testing.T) {
	t.Parallel()
	w, ctx := newWorld(t), context.Background()
	for _, text := range []string{
		"<GetRoleResponse><GetRoleResult></GetRoleResult></GetRoleResponse>",
		"<GetRoleResponse><GetRoleResult><Role><RoleName>ops</RoleName></Role></GetRoleResult></GetRoleResponse>",
	} {
		_, err := w.at(w.answeringText(text)).Role(ctx, "ops")
		w.says(err, err, "GetRole on role/ops", "not complete")
		_, err = w.at(w.answeringText(strings.ReplaceAll(text, "Role", "User"))).User(ctx, "")
		w.says(err, err, "GetUser on the caller's own user", "not complete")
	}
	_, err := w.at(w.answeringText("<CreateAccessKeyResponse><CreateAccessKeyResult></CreateAccessKeyResult></CreateAccessKeyResponse>")).CreateKey(ctx, "")
	w.says(err, ErrOutcomeUnknown, "CreateAccessKey on the caller's own user")
}
