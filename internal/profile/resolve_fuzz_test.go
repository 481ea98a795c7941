package profile

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"assume-role/internal/fault"
)

// FuzzResolve asks for every profile of any pair of files, in several ways:
// each answer is a plan that keeps to STS's limits, or a fault that names no
// secret.
func FuzzResolve(f *testing.F) {
	files, err := filepath.Glob("testdata/chains/*.txtar")
	if err != nil || len(files) == 0 {
		f.Fatalf("no seeds: %v", err)
	}
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		world := map[string]string{}
		for _, part := range a.Files {
			world[part.Name] = string(part.Data)
		}
		f.Add(world["config"], world["credentials"], world["env"])
	}
	for _, folder := range realFolders(f) {
		f.Add(fileText(f, folder+"/config"), fileText(f, folder+"/credentials"), "")
	}
	f.Fuzz(func(t *testing.T, config, credentials, env string) {
		cfg := inMemory(config, credentials)
		if cfg == nil {
			return
		}
		checkOutlines(t, cfg, func(name string) string { return variable(env, name) })
		for _, name := range append(cfg.Names(), "", "arn:aws:iam::123456789012:role/x") {
			for _, req := range fuzzRequests(name) {
				req.Env = func(name string) string { return variable(env, name) }
				chain, err := Resolve(cfg, req)
				checkAnswer(t, chain, err)
			}
		}
	})
}

// inMemory is what Load makes of two files with these contents; nil where it
// fails.
func inMemory(config, credentials string) *Config {
	one, err := newDocument(config, fault.Origin{File: "config", Path: "config"}, configSection)
	two, bad := newDocument(credentials, fault.Origin{File: "credentials", Path: "credentials"}, credentialsSection)
	if err != nil || bad != nil {
		return nil
	}
	return &Config{config: one, credentials: two}
}

func fuzzRequests(name string) []Request {
	stored := func(p string) (string, bool) { return "AKIA", len(p)%2 == 0 }
	return []Request{
		{Profile: name},
		{Profile: name, StoredKey: stored, Inside: "x"},
		{Profile: name, RoleARN: "arn:aws:iam::210987654321:role/y", Overrides: Overrides{Duration: time.Hour, NoSessionToken: true}},
		{Profile: name, Overrides: Overrides{Federate: "bob", Policy: "{}"}},
		{Profile: name, Overrides: Overrides{MFASerial: "GAHT12345678"}, Defaults: Defaults{SessionToken: "always", RoleDuration: 2 * time.Hour}},
	}
}

func variable(env, name string) string {
	for _, line := range strings.Split(env, "\n") {
		if value, ok := strings.CutPrefix(line, name+"="); ok {
			return value
		}
	}
	return ""
}

func checkAnswer(t *testing.T, chain *Chain, err error) {
	t.Helper()
	if err != nil {
		var f *fault.Error
		if !errors.As(err, &f) || f.Message == "" || chain != nil {
			t.Fatalf("not a fault: %v", err)
		}
		return
	}
	if chain.STS.Region == "" || chain.STS.Partition == "" || chain.Source.Kind == "" {
		t.Fatalf("an incomplete plan: %+v", chain)
	}
	if err := wholeSource(chain.Source); err != nil {
		t.Fatalf("%v: %+v", err, chain.Source.Settings)
	}
	devices := 0
	for i, call := range chain.Calls {
		if err := wellFormed(call, i); err != nil {
			t.Fatalf("%v: %+v", err, chain.Calls)
		}
		if call.Device != nil && (i == 0 || !chain.Calls[i-1].Conditional) {
			devices++
		}
	}
	if devices > 1 {
		t.Fatalf("%d codes for one chain: %+v", devices, chain.Calls)
	}
}

// wholeSource holds that no source is planned of which a part is missing.
func wholeSource(s Source) error {
	needed := map[Kind][]string{
		Process: {"credential_process"}, Login: {"login_session"}, SAML: {"saml_process"},
		SSO: {"sso_account_id", "sso_role_name", "sso_start_url", "sso_region"},
	}
	for _, name := range needed[s.Kind] {
		if s.Settings[name].Text == "" {
			return fmt.Errorf("a source %s without %s", s.Kind, name)
		}
	}
	switch half := (s.Keys.AccessKeyID == "") != (s.Keys.SecretAccessKey == ""); {
	case s.Kind == Static && (half || s.Keys.AccessKeyID == ""), s.Kind == Environment && half:
		return fmt.Errorf("half a key pair")
	case (s.Kind == WebIdentity || s.Kind == SAML) && s.Role == nil:
		return fmt.Errorf("a source %s without its call", s.Kind)
	}
	return nil
}

func wellFormed(c Call, i int) error {
	longest := longestToken
	switch {
	case c.Chained:
		longest = LongestChained
	case c.Kind == AssumeRole:
		longest = longestRole
	}
	switch {
	case c.Duration < shortest || c.Duration > longest:
		return fmt.Errorf("a duration of %s", c.Duration)
	case c.Kind == AssumeRole && checkRoleARN(given{Value: Value{Text: c.RoleARN}}) != nil:
		return fmt.Errorf("the role %q", c.RoleARN)
	case c.Kind != AssumeRole && i > 0:
		return fmt.Errorf("a %s after another call", c.Kind)
	case c.Conditional && c.Kind != SessionToken:
		return fmt.Errorf("a conditional %s", c.Kind)
	}
	return nil
}
