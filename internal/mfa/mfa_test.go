package mfa

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
	"assume-role/internal/program"
	"assume-role/internal/securefile"
	"assume-role/internal/terminal"
)

var atAWS = profile.Endpoint{Region: "eu-west-1", Partition: "aws"}

// person answers prompts from a list, and then presses Ctrl-D.
type person struct {
	mu      sync.Mutex
	answers []string
	prompts []string
}

func (p *person) AskSecret(_ context.Context, prompt string) (creds.Secret, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.prompts = append(p.prompts, prompt)
	if len(p.answers) == 0 {
		return "", errors.New("no more answers")
	}
	answer := p.answers[0]
	p.answers = p.answers[1:]
	return creds.Secret(answer), nil
}

// bench is a Codes and what it said and slept.
type bench struct {
	*testing.T
	options Options
	person  *person
	notes   []string
	slept   []time.Duration
	now     time.Time
}

func newBench(t *testing.T, answers ...string) *bench {
	t.Helper()
	b := &bench{T: t, person: &person{answers: answers}, now: time.Date(2026, 1, 2, 3, 4, 10, 0, time.UTC)}
	b.options = Options{
		Terminal: func() (Asker, error) { return b.person, nil },
		Program:  program.Runner{Environ: []string{"PATH=" + os.Getenv("PATH")}, Stderr: os.Stderr},
		LockDir:  t.TempDir(),
		Now:      func() time.Time { return b.now },
		Note:     func(line string) { b.notes = append(b.notes, line) },
		Sleep: func(_ context.Context, d time.Duration) error {
			b.slept = append(b.slept, d)
			b.now = b.now.Add(d)
			return nil
		},
	}
	return b
}

func (b *bench) codes() *Codes {
	b.Helper()
	c, err := New(b.options)
	if err != nil {
		b.Fatal(err)
	}
	return c
}

func device() profile.Device {
	return profile.Device{Serial: "arn:aws:iam::1:mfa/alice", Profile: "dev", Origin: fault.Origin{Path: "~/.aws/config", Line: 3}}
}

// aws takes the codes given and refuses the others; sent are those it saw.
type aws struct {
	takes string
	sent  []string
	err   error
}

func (a *aws) try(code creds.Secret) (bool, error) {
	a.sent = append(a.sent, code.Reveal())
	return code.Reveal() != a.takes, a.err
}

func (b *bench) with(d profile.Device, a *aws) error {
	b.Helper()
	return b.codes().WithCode(context.Background(), atAWS, d, a.try)
}

// says checks an error's one line.
func (b *bench) says(err error, words ...string) {
	b.Helper()
	var f *fault.Error
	if !errors.As(err, &f) || f.Hint == "" {
		b.Fatalf("not a fault with advice: %v", err)
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			b.Errorf("%q is not in: %v", word, err)
		}
	}
	if strings.Contains(err.Error(), "\n") {
		b.Errorf("more than one line: %v", err)
	}
}

func TestPromptNamesDeviceAndProfile(t *testing.T) {
	t.Parallel()
	b := newBench(t, " 123456 ")
	a := &aws{takes: "123456"}
	if err := b.with(device(), a); err != nil {
		t.Fatal(err)
	}
	if want := []string{"MFA code for arn:aws:iam::1:mfa/alice (profile dev): "}; !cmp.Equal(b.person.prompts, want) {
		t.Error(cmp.Diff(want, b.person.prompts))
	}
}

func TestMalformedIsRefusedHere(t *testing.T) {
	t.Parallel()
	b := newBench(t, "12345", "1234567", "12345a", "", "１２３４５６", "-12345", "123456")
	a := &aws{takes: "123456"}
	if err := b.with(device(), a); err != nil || !cmp.Equal(a.sent, []string{"123456"}) {
		t.Errorf("%v, sent %q", err, a.sent)
	}
	if !strings.HasPrefix(b.person.prompts[1], notDigits) || !strings.HasSuffix(b.person.prompts[1], "(profile dev): ") {
		t.Errorf("prompts %q", b.person.prompts)
	}
}

func TestEndlessNonsenseEnds(t *testing.T) {
	t.Parallel()
	b := newBench(t, slices.Repeat([]string{"x"}, 100)...)
	b.says(b.with(device(), &aws{}), "no usable code", "config:3")
	if len(b.person.prompts) != maxAsked {
		t.Errorf("%d prompts", len(b.person.prompts))
	}
}

func TestRefusedCodeIsAskedAgainThreeTimesAtMost(t *testing.T) {
	t.Parallel()
	b := newBench(t, "111111", "222222", "333333", "444444")
	a := &aws{takes: "222222"}
	if err := b.with(device(), a); err != nil || !cmp.Equal(a.sent, []string{"111111", "222222"}) {
		t.Errorf("%v, sent %q", err, a.sent)
	}
	if !strings.HasPrefix(b.person.prompts[1], wasWrong) {
		t.Errorf("prompts %q", b.person.prompts)
	}
	b = newBench(t, "111111", "222222", "333333", "444444")
	a = &aws{takes: "444444"}
	b.says(b.with(device(), a), `profile "dev"`, "3 codes", "arn:aws:iam::1:mfa/alice")
	if len(a.sent) != 3 {
		t.Errorf("sent %q", a.sent)
	}
}

func TestSameCodeIsNotSentTwice(t *testing.T) {
	t.Parallel()
	b := newBench(t, "111111", "111111", "222222", "111111", "222222", "333333", "111111")
	one, two, three := &aws{takes: "222222"}, &aws{takes: "333333"}, &aws{takes: "111111"}
	if err := b.with(device(), one); err != nil || !cmp.Equal(one.sent, []string{"111111", "222222"}) {
		t.Errorf("%v, sent %q", err, one.sent)
	}
	if !strings.HasPrefix(b.person.prompts[2], wasUsed) {
		t.Errorf("prompts %q", b.person.prompts)
	}
	if err := b.with(device(), two); err != nil || !cmp.Equal(two.sent, []string{"333333"}) {
		t.Errorf("another run: %v, sent %q", err, two.sent)
	}
	b.now = b.now.Add(remembered)
	if err := b.with(device(), three); err != nil || !cmp.Equal(three.sent, []string{"111111"}) {
		t.Errorf("90 seconds later: %v, sent %q", err, three.sent)
	}
}

func TestDevicesAreToldApart(t *testing.T) {
	t.Parallel()
	b := newBench(t, "111111", "111111", "111111", "111111", "222222")
	bob, china, fake, vpc := device(), atAWS, atAWS, atAWS
	bob.Serial = "arn:aws:iam::1:mfa/bob"
	china.Partition = "aws-cn"
	fake.URL = "http://127.0.0.1:4566"
	vpc.URL = "https://vpce-1.sts.eu-west-1.vpce.amazonaws.com"
	a := &aws{takes: "111111"}
	for _, c := range []struct {
		at profile.Endpoint
		d  profile.Device
	}{{atAWS, device()}, {atAWS, bob}, {china, device()}, {fake, device()}} {
		if err := b.codes().WithCode(context.Background(), c.at, c.d, a.try); err != nil {
			t.Errorf("%v", err)
		}
	}
	same := &aws{takes: "222222"}
	if err := b.codes().WithCode(context.Background(), vpc, device(), same.try); err != nil || !cmp.Equal(same.sent, []string{"222222"}) {
		t.Errorf("AWS's own private endpoint is another AWS: %v, %q", err, same.sent)
	}
}

func TestRealm(t *testing.T) {
	t.Parallel()
	for url, want := range map[string]string{
		"": "aws", "https://sts.amazonaws.com": "aws", "https://STS.eu-west-1.API.aws.": "aws", "http://amazonaws.com": "aws",
		"https://sts.eusc-de-east-1.api.amazonwebservices.eu": "aws", "https://sts.us-iso-east-1.api.aws.ic.gov": "aws",
		"http://127.0.0.1:1": "http://127.0.0.1:1", "https://evilamazonaws.com": "https://evilamazonaws.com", "::": "::",
	} {
		if got := realm(profile.Endpoint{Partition: "aws", URL: url}); got != want {
			t.Errorf("realm(%q) = %q, want %q", url, got, want)
		}
	}
}

func TestTryErrorIsReturned(t *testing.T) {
	t.Parallel()
	b := newBench(t, "111111")
	denied := errors.New("denied")
	err := b.codes().WithCode(context.Background(), atAWS, device(), func(creds.Secret) (bool, error) { return false, denied })
	if err != denied {
		t.Errorf("got %v", err)
	}
}

func TestLostAnswerCostsOneMoreCode(t *testing.T) {
	t.Parallel()
	b := newBench(t, "111111", "222222", "333333")
	a := &aws{err: errors.New("the connection broke off")}
	if err := b.with(device(), a); err != a.err || !cmp.Equal(a.sent, []string{"111111", "222222"}) {
		t.Errorf("%v, sent %q", err, a.sent)
	}
	if !strings.HasPrefix(b.person.prompts[1], wasLost) {
		t.Errorf("prompts %q", b.person.prompts)
	}
}

func TestGivenAhead(t *testing.T) {
	t.Parallel()
	for _, bad := range []creds.Secret{"12345", "abcdef", "1234567", "12 456"} {
		_, err := New(Options{Given: bad})
		var f *fault.Error
		if !errors.As(err, &f) || f.Code != fault.InvalidValue || strings.Contains(err.Error(), bad.Reveal()) {
			t.Errorf("%s: %v", bad.Reveal(), err)
		}
	}
	b := newBench(t, "222222", "333333")
	b.options.Given = "111111"
	codes, a := b.codes(), &aws{takes: "111111"}
	for _, takes := range []string{"111111", "222222"} {
		a.takes = takes
		if err := codes.WithCode(context.Background(), atAWS, device(), a.try); err != nil {
			t.Fatal(err)
		}
	}
	if !cmp.Equal(a.sent, []string{"111111", "222222"}) || len(b.person.prompts) != 1 {
		t.Errorf("sent %q, prompts %q", a.sent, b.person.prompts)
	}
	b.options.NoPrompt = true
	b.says(b.with(device(), a), "given ahead", "cannot be used", "used already", "next code")
	if len(a.sent) != 2 {
		t.Errorf("sent %q", a.sent)
	}
}

func TestGivenAndRefusedFallsToThePrompt(t *testing.T) {
	t.Parallel()
	b := newBench(t, "222222")
	b.options.Given = "111111"
	a := &aws{takes: "222222"}
	if err := b.with(device(), a); err != nil || !strings.HasPrefix(b.person.prompts[0], wasWrong) {
		t.Errorf("%v, prompts %q", err, b.person.prompts)
	}
	if len(b.notes) != 0 {
		t.Errorf("notes %q", b.notes)
	}
}

func TestNoWay(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*Options)
		word   string
	}{
		"no terminal": {func(o *Options) {
			o.Terminal = func() (Asker, error) { return nil, terminal.ErrNoTerminal }
		}, "no terminal"},
		"no prompt":  {func(o *Options) { o.NoPrompt = true }, "prompts are turned off"},
		"no process": {func(o *Options) { o.Driver = "process" }, "no mfa_process"},
	} {
		b := newBench(t, "111111")
		c.change(&b.options)
		b.options.LockDir = filepath.Join(b.options.LockDir, "never-needed")
		b.says(b.with(device(), &aws{}), c.word, `profile "dev"`, "arn:aws:iam::1:mfa/alice", "config:3", "--mfa-token", "mfa_process")
		if len(b.person.prompts) != 0 {
			t.Errorf("%s: prompts %q", name, b.person.prompts)
		}
	}
}

func TestDriverNames(t *testing.T) {
	t.Parallel()
	if want := []string{"totp", "process", "terminal", "pinentry", "zenity", "kdialog", "osascript"}; !cmp.Equal(Drivers(), want) {
		t.Error(cmp.Diff(want, Drivers()))
	}
	for _, name := range append(Drivers(), "") {
		if err := checkDriver(name); err != nil {
			t.Error(err)
		}
	}
	for _, name := range []string{"Pinentry", "Terminal", "x"} {
		err := checkDriver(name)
		if err == nil || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), "process, terminal") {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := New(Options{Driver: name}); err == nil {
			t.Errorf("New accepts %s", name)
		}
	}
}

func TestChosenDriverIsTheOnlyOne(t *testing.T) {
	t.Parallel()
	b := newBench(t, "111111")
	b.options.Driver = "terminal"
	d := device()
	d.Process.Text = "echo 222222"
	a := &aws{takes: "111111"}
	if err := b.with(d, a); err != nil {
		t.Error(err)
	}
	b = newBench(t, "111111")
	b.options.Driver = "process"
	d.Process.Text = "exit 1"
	b.says(b.with(d, a), "mfa_process")
	if len(b.person.prompts) != 0 {
		t.Errorf("prompts %q", b.person.prompts)
	}
}

func TestHolderIsNamed(t *testing.T) {
	t.Parallel()
	b := newBench(t, "111111")
	lock, err := securefile.Acquire(context.Background(), filepath.Join(b.options.LockDir, deviceName(atAWS, device().Serial)+".lock"))
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Release()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	a := &aws{}
	b.says(b.codes().WithCode(ctx, atAWS, device(), a.try), fmt.Sprint("process ", os.Getpid()), "end it")
	cancelled, stop := context.WithCancel(context.Background())
	stop()
	if err := b.codes().WithCode(cancelled, atAWS, device(), a.try); err != fault.ErrInterrupted {
		t.Errorf("got %v", err)
	}
	if len(a.sent)+len(b.person.prompts) != 0 {
		t.Error("asked without the lock")
	}
}

// A code that is printed is for no profile, and none is named.
func TestNobodysProfileIsNotNamed(t *testing.T) {
	t.Parallel()
	if got := forProfile(profile.Device{Profile: "dev"}) + forProfile(profile.Device{}); got != `profile "dev": ` {
		t.Errorf("%q", got)
	}
}

func TestUnusableLockFolderIsNamed(t *testing.T) {
	t.Parallel()
	b := newBench(t, "111111")
	b.options.LockDir = filepath.Join(b.options.LockDir, "missing")
	b.says(b.with(device(), &aws{}), "dev", "mfa/alice", "missing")
	b.options.LockDir, b.options.NoLockDir = "", errors.New("/tmp/assume-role-1 is a link")
	b.says(b.with(device(), &aws{}), "dev", "mfa/alice", "/tmp/assume-role-1 is a link")
}

func TestLongWaitIsExplained(t *testing.T) {
	t.Parallel()
	longWait(t, fmt.Sprint("process ", os.Getpid()), func(string) error { return nil })
}

// The holder writes its number after it has the lock, if the disk lets it.
func TestLongWaitForNobodyKnown(t *testing.T) {
	t.Parallel()
	longWait(t, "waiting for another process", func(path string) error { return os.Truncate(path, 0) })
}

// longWait holds the device's lock, lets meddle have its file, and wants a
// note that names the holder so.
func longWait(t *testing.T, holder string, meddle func(path string) error) {
	t.Helper()
	b := newBench(t, "111111")
	path := filepath.Join(b.options.LockDir, deviceName(atAWS, device().Serial)+".lock")
	lock, err := securefile.Acquire(context.Background(), path)
	if err == nil {
		err = meddle(path)
	}
	if err != nil {
		t.Fatal(err)
	}
	b.options.Note = func(line string) {
		b.notes = append(b.notes, line)
		lock.Release()
	}
	codes := b.codes()
	codes.silence = time.Millisecond
	if err := codes.WithCode(context.Background(), atAWS, device(), (&aws{takes: "111111"}).try); err != nil {
		t.Fatal(err)
	}
	if len(b.notes) != 1 || !strings.Contains(b.notes[0], holder) || !strings.Contains(b.notes[0], "dev") {
		t.Errorf("notes: %q", b.notes)
	}
}

func TestInterruptedPromptEndsIt(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.options.Terminal = func() (Asker, error) { return interrupter{}, nil }
	if err := b.with(device(), &aws{}); err != fault.ErrInterrupted {
		t.Errorf("got %v", err)
	}
}

func TestEndedPromptIsExplained(t *testing.T) {
	t.Parallel()
	b := newBench(t, "12")
	err := b.with(device(), &aws{})
	b.says(err, `profile "dev"`, "mfa/alice", "no more answers", "config:3", "--mfa-token")
	if len(b.person.prompts) != 2 {
		t.Errorf("prompts %q", b.person.prompts)
	}
}

type interrupter struct{}

func (interrupter) AskSecret(context.Context, string) (creds.Secret, error) {
	return "", fault.ErrInterrupted
}

func TestMemoryHoldsNoCode(t *testing.T) {
	t.Parallel()
	b := newBench(t, "424242", "424242", "424243")
	if err := b.with(device(), &aws{takes: "424242"}); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(b.options.LockDir, deviceName(atAWS, device().Serial)+".used")
	data, err := os.ReadFile(path)
	if err != nil || strings.Contains(string(data), "424242") || strings.Contains(path, "alice") {
		t.Errorf("%s: %s, %v", path, data, err)
	}
	if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	for _, torn := range []string{"", "{", `{"codes":7}`, "\xff"} {
		if err := os.WriteFile(path, []byte(torn), 0o600); err != nil {
			t.Fatal(err)
		}
		if (memory{path, b.options.Now}).taken("s", "424242") {
			t.Errorf("%q remembers", torn)
		}
	}
	if err := b.with(device(), &aws{takes: "424242"}); err != nil {
		t.Errorf("after damage: %v", err)
	}
}

func TestMemoryForgets(t *testing.T) {
	t.Parallel()
	now := time.Now()
	m := memory{filepath.Join(t.TempDir(), "used"), func() time.Time { return now }}
	for i := range 5 {
		if err := m.add("s", creds.Secret(fmt.Sprintf("%06d", i))); err != nil {
			t.Fatal(err)
		}
		now = now.Add(30 * time.Second)
	}
	if got := len(m.load().Codes); got != 2 {
		t.Errorf("%d codes are remembered after 120 seconds", got)
	}
	// A clock set back proves nothing about a code's age beyond the limit.
	now = now.Add(-time.Hour)
	if got := len(m.load().Codes); got != 0 {
		t.Errorf("%d codes from the future", got)
	}
}

func TestUntilNext(t *testing.T) {
	t.Parallel()
	for at, want := range map[int]time.Duration{0: 30 * time.Second, 10: 20 * time.Second, 29: time.Second, 30: 30 * time.Second} {
		if got := untilNext(time.Unix(int64(1800000000+at), 0)); got != want {
			t.Errorf("at %d: %s", at, got)
		}
	}
}
