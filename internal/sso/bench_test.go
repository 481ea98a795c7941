package sso

import (
	"os"
	"testing"

	"assume-role/internal/awsfake"
)

// BenchmarkSignInID is what a warm run pays for Identity Center: the file is
// read once.
func BenchmarkSignInID(b *testing.B) {
	aws, err := awsfake.Start(awsfake.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer aws.Close()
	s := &Session{Name: "corp", StartURL: portal, Region: home, Folder: b.TempDir()}
	w := &world{aws: aws, session: s}
	file := aws.SSOToken(awsfake.SSOSignIn{User: "alice", StartURL: portal, Region: home})
	if err := os.WriteFile(w.path(), file, 0o600); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if s.SignInID() == "" {
			b.Fatal("nobody is signed in")
		}
	}
}
