package assume

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"time"

	"assume-role/internal/awsfake"
	"assume-role/internal/cache"
	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/mfa"
	"assume-role/internal/profile"
)

// world is an AWS, a user with keys and a device, and an Assumer.
type world struct {
	*testing.T
	aws     *awsfake.Fake
	device  *awsfake.Device
	keys    creds.Credentials
	options Options
	person  *person
	debug   *lines
	notes   *lines
}

// person types codes, from script first and then the device's own.
type person struct {
	mu      sync.Mutex
	device  *awsfake.Device
	script  []string
	prompts []string
}

func (p *person) AskSecret(_ context.Context, prompt string) (creds.Secret, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.prompts = append(p.prompts, prompt)
	if len(p.script) > 0 {
		code := p.script[0]
		p.script = p.script[1:]
		return creds.Secret(code), nil
	}
	return creds.Secret(p.device.Code()), nil
}

type lines struct {
	mu   sync.Mutex
	text []string
}

func (l *lines) add(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text = append(l.text, fmt.Sprintf(format, args...))
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Join(l.text, "\n")
}

// memory is a store that lasts as long as the test.
type memory struct {
	mu    sync.Mutex
	items map[string][]byte
}

func (m *memory) Get(key string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if v, ok := m.items[key]; ok {
		return v, nil
	}
	return nil, fs.ErrNotExist
}

func (m *memory) Set(key string, value []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.items[key] = value
	return nil
}

func newWorld(t *testing.T) *world {
	t.Helper()
	aws, err := awsfake.Start(awsfake.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(aws.Close)
	w := &world{T: t, aws: aws, device: aws.AddDevice("alice"), debug: &lines{}, notes: &lines{}}
	w.keys.AccessKeyID, w.keys.SecretAccessKey = aws.AddKey("alice")
	w.person = &person{device: w.device}
	w.options = Options{
		Cache:       &cache.Cache{Store: &memory{items: map[string][]byte{}}, Locks: t.TempDir(), Now: time.Now},
		Policy:      cache.Policy{MinTTL: 5 * time.Minute},
		MFA:         w.codes(),
		SessionName: func() string { return "alice@laptop" },
		LoadKey:     func(string) (creds.Credentials, error) { return w.keys, nil },
		Now:         time.Now,
		Note:        func(line string) { w.notes.add("%s", line) },
		Debug:       w.debug.add,
		UserAgent:   "assume-role/test",
	}
	return w
}

func (w *world) codes() *mfa.Codes {
	w.Helper()
	codes, err := mfa.New(mfa.Options{
		Terminal: func() (mfa.Asker, error) { return w.person, nil },
		LockDir:  w.TempDir(), Now: time.Now, Note: func(string) {},
	})
	if err != nil {
		w.Fatal(err)
	}
	return codes
}

// chain is a plan from the user's keys through calls.
func (w *world) chain(calls ...profile.Call) *profile.Chain {
	return &profile.Chain{
		Profile: "dev",
		Source:  profile.Source{Kind: profile.Static, Profile: "base", Keys: w.keys, Origin: fault.Origin{File: "credentials", Path: "~/.aws/credentials", Line: 2}},
		Calls:   calls,
		STS:     profile.Endpoint{Region: "eu-west-1", Partition: "aws", URL: w.aws.URL()},
	}
}

// mfaSession is GetSessionToken with the device's code.
func (w *world) mfaSession() profile.Call {
	return profile.Call{
		Kind: profile.SessionToken, Profile: "base", Duration: 8 * time.Hour,
		Device: &profile.Device{Serial: w.device.Serial, Profile: "base", Origin: fault.Origin{Path: "~/.aws/config", Line: 3}},
	}
}

// role is AssumeRole of a role that is made for it.
func (w *world) role(r awsfake.Role) profile.Call {
	return profile.Call{
		Kind: profile.AssumeRole, Profile: "dev", Duration: time.Hour, RoleARN: w.aws.AddRole(r),
		Settings: map[string]fault.Origin{"role_arn": {Path: "~/.aws/config", Line: 7}},
	}
}

// get walks the chain and expects credentials.
func (w *world) get(chain *profile.Chain) creds.Credentials {
	w.Helper()
	c, err := New(w.options).Credentials(context.Background(), chain)
	if err != nil {
		w.Fatalf("Credentials: %v\n%s", err, w.debug)
	}
	return c
}

// fails walks the chain and expects an error whose text has all the words.
func (w *world) fails(chain *profile.Chain, words ...string) error {
	w.Helper()
	_, err := New(w.options).Credentials(context.Background(), chain)
	w.says(err, words...)
	return err
}

// says checks an error: one line, the words, no secret, and no SDK text.
func (w *world) says(err error, words ...string) {
	w.Helper()
	if err == nil {
		w.Fatal("no error")
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			w.Errorf("%q is not in: %v", word, err)
		}
	}
	for _, never := range append(w.aws.Secrets(), "\n", "operation error", "RequestID", "StatusCode") {
		if strings.Contains(err.Error(), never) {
			w.Errorf("%q is in: %v", never, err)
		}
	}
	for _, secret := range w.aws.Secrets() {
		if strings.Contains(w.debug.String(), secret) {
			w.Errorf("a secret is in the debug lines: %s", w.debug)
		}
	}
	var f *fault.Error
	if !errors.As(err, &f) || f.Profile == "" || f.Hint == "" {
		w.Errorf("not a fault with a profile and advice: %#v", err)
	}
}

// counts checks how many calls arrived, by action.
func (w *world) counts(sessionTokens, roles, codes int) {
	w.Helper()
	got := [3]int{w.aws.Count("GetSessionToken"), w.aws.Count("AssumeRole"), w.aws.Codes()}
	if want := [3]int{sessionTokens, roles, codes}; got != want {
		w.Errorf("GetSessionToken, AssumeRole, codes: %v, want %v", got, want)
	}
}
