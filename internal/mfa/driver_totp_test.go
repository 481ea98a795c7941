package mfa

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"assume-role/internal/fault"
)

// storing is a bench whose device's secret is stored; reads counts how often it
// was read.
func storing(t *testing.T, answers ...string) (b *bench, reads *int) {
	t.Helper()
	b, reads = newBench(t, answers...), new(int)
	b.options.Stored = func(serial string) bool { return serial == device().Serial }
	b.options.Seed = func(_ context.Context, serial string) (Seed, error) {
		*reads++
		if serial != device().Serial {
			return Seed{}, errors.New("not stored")
		}
		return Seed{Secret: canary, Algorithm: "SHA1"}, nil
	}
	return b, reads
}

// at is the code of the stored secret.
func at(now time.Time) string {
	code, _ := Seed{Secret: canary, Algorithm: "SHA1"}.Code(now)
	return code.Reveal()
}

func TestStoredSecretAnswers(t *testing.T) {
	t.Parallel()
	b, reads := storing(t)
	b.options.NoPrompt = true
	d := device()
	d.Process.Text = "echo 999999"
	a := &aws{takes: at(b.now)}
	if err := b.with(d, a); err != nil || *reads != 1 || len(b.person.prompts)+len(b.slept)+len(b.notes) != 0 {
		t.Errorf("%v, %d reads, prompts %q, slept %v, notes %q", err, *reads, b.person.prompts, b.slept, b.notes)
	}
}

func TestCodeGivenAheadComesBeforeTheStoredSecret(t *testing.T) {
	t.Parallel()
	b, reads := storing(t)
	b.options.Given = "111111"
	if err := b.with(device(), &aws{takes: "111111"}); err != nil || *reads != 0 {
		t.Errorf("%v, %d reads", err, *reads)
	}
}

// No secret is read for a device that has none.
func TestDeviceWithoutAStoredSecret(t *testing.T) {
	t.Parallel()
	b, reads := storing(t, "123456")
	d := device()
	d.Serial += "-2"
	if err := b.with(d, &aws{takes: "123456"}); err != nil || *reads != 0 || len(b.person.prompts) != 1 {
		t.Errorf("%v, %d reads, prompts %q", err, *reads, b.person.prompts)
	}
	b.options.Driver = "totp"
	b.says(b.with(d, &aws{}), "no TOTP secret", "mfa add", d.Serial, "config:3")
}

func TestUsedCodeOfTheStoredSecretWaits(t *testing.T) {
	t.Parallel()
	b, _ := storing(t)
	var shown []string
	first, next := at(b.now), at(b.now.Add(20*time.Second))
	a := &aws{takes: first}
	if err := b.with(device(), a); err != nil {
		t.Fatal(err)
	}
	b.options.Status = func(line string) { shown = append(shown, line) }
	a.takes = next
	if err := b.with(device(), a); err != nil || !cmp.Equal(a.sent, []string{first, next}) {
		t.Errorf("%v, sent %q", err, a.sent)
	}
	if len(shown) != 21 || !strings.Contains(shown[0], "in 20 s") || !strings.Contains(shown[19], "in 1 s") || shown[20] != "" {
		t.Errorf("shown %q", shown)
	}
	for _, d := range b.slept {
		if d != time.Second {
			t.Errorf("slept %v", b.slept)
			break
		}
	}
}

// The first code may have been used at another machine; a second refusal means
// that the secret is another device's.
func TestRefusedStoredSecret(t *testing.T) {
	t.Parallel()
	b, _ := storing(t, "654321")
	a := &aws{takes: "654321"}
	first, next := at(b.now), at(b.now.Add(20*time.Second))
	if err := b.with(device(), a); err != nil || !cmp.Equal(a.sent, []string{first, next, "654321"}) {
		t.Errorf("%v, sent %q", err, a.sent)
	}
	if len(b.notes) != 1 || !strings.Contains(b.notes[0], "refused two codes") || !strings.Contains(b.notes[0], "clock") {
		t.Errorf("notes %q", b.notes)
	}
	b, _ = storing(t)
	b.options.NoPrompt = true
	b.says(b.with(device(), &aws{}), "refused two codes", "mfa add", `profile "dev"`, "config:3")
}

func TestStoredSecretThatCannotBeRead(t *testing.T) {
	t.Parallel()
	b, _ := storing(t, "123456")
	locked := fault.New("", "the file key store is locked").Fix("unlock it")
	b.options.Seed = func(context.Context, string) (Seed, error) { return Seed{}, locked }
	if err := b.with(device(), &aws{takes: "123456"}); err != nil || len(b.notes) != 1 || !strings.Contains(b.notes[0], "locked") {
		t.Errorf("%v, notes %q", err, b.notes)
	}
	b.options.Driver = "totp"
	b.says(b.with(device(), &aws{}), `profile "dev"`, "locked", "unlock it")
	b.options.Seed = func(context.Context, string) (Seed, error) { return Seed{}, fault.ErrInterrupted }
	if err := b.with(device(), &aws{}); err != fault.ErrInterrupted {
		t.Errorf("got %v", err)
	}
	b.options.Seed = func(context.Context, string) (Seed, error) { return Seed{Secret: "1", Algorithm: "SHA1"}, nil }
	b.says(b.with(device(), &aws{}), "gives no code", "mfa add", "config:3")
}

func TestNextGivesConsecutiveCodes(t *testing.T) {
	t.Parallel()
	b, _ := storing(t)
	began := b.now
	var got []string
	for range 3 {
		code, err := b.codes().Next(context.Background(), atAWS, device().Serial, true)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, code.Reveal())
	}
	want := []string{at(began), at(began.Add(period)), at(began.Add(2 * period))}
	if !cmp.Equal(got, want) || !cmp.Equal(b.slept, []time.Duration{20 * time.Second, period}) {
		t.Errorf("%q, want %q; slept %v", got, want, b.slept)
	}
	a := &aws{}
	_ = b.with(device(), a)
	if cmp.Equal(a.sent[:1], got[2:]) {
		t.Error("a code that was printed is sent as well")
	}
}

// A printed code is there to be given, once.
func TestPrintedCodeCanBeGiven(t *testing.T) {
	t.Parallel()
	b, _ := storing(t)
	code, err := b.codes().Next(context.Background(), atAWS, device().Serial, true)
	if err != nil {
		t.Fatal(err)
	}
	b.options.Given, b.options.Driver = code, "terminal"
	a := &aws{takes: code.Reveal()}
	if err := b.with(device(), a); err != nil || !cmp.Equal(a.sent, []string{code.Reveal()}) {
		t.Errorf("%v, sent %q", err, a.sent)
	}
	b.options.NoPrompt = true
	b.says(b.with(device(), a), "used already")
}

func TestNextDoesNotWaitWhereItMayNot(t *testing.T) {
	t.Parallel()
	b, _ := storing(t)
	codes := b.codes()
	if _, err := codes.Next(context.Background(), atAWS, device().Serial, false); err != nil {
		t.Fatal(err)
	}
	_, err := codes.Next(context.Background(), atAWS, device().Serial, false)
	b.says(err, "used already", "in 20 s", "--no-wait")
	if len(b.slept) != 0 {
		t.Errorf("slept %v", b.slept)
	}
	stopped, stop := context.WithCancel(context.Background())
	stop()
	b.options.Sleep = nil
	if _, err := b.codes().Next(stopped, atAWS, device().Serial, true); err != fault.ErrInterrupted {
		t.Errorf("interrupted: %v", err)
	}
	if _, err := codes.Next(context.Background(), atAWS, "other", true); err == nil {
		t.Error("a code of a device without a secret")
	}
}

// A device's clock that stands still gives one code only.
func TestNextEnds(t *testing.T) {
	t.Parallel()
	b, _ := storing(t)
	b.options.Now = func() time.Time { return b.now.Truncate(time.Hour) }
	codes := b.codes()
	if _, err := codes.Next(context.Background(), atAWS, device().Serial, true); err != nil {
		t.Fatal(err)
	}
	_, err := codes.Next(context.Background(), atAWS, device().Serial, true)
	b.says(err, "no usable code")
}

// A used code that is typed again: the prompt comes back with the next one.
func TestTypedCodeThatWasUsedWaits(t *testing.T) {
	t.Parallel()
	for after, want := range map[time.Duration][]time.Duration{
		0: {20 * time.Second}, 15 * time.Second: {5 * time.Second}, 20 * time.Second: nil, 50 * time.Second: nil,
	} {
		b := newBench(t, "111111", "111111", "222222")
		if err := b.with(device(), &aws{takes: "111111"}); err != nil {
			t.Fatal(err)
		}
		b.now = b.now.Add(after)
		if err := b.with(device(), &aws{takes: "222222"}); err != nil || !cmp.Equal(b.slept, want) {
			t.Errorf("after %s: %v, slept %v, want %v", after, err, b.slept, want)
		}
	}
}

func TestWaitIsInterrupted(t *testing.T) {
	t.Parallel()
	b := newBench(t, "111111", "111111")
	if err := b.with(device(), &aws{takes: "111111"}); err != nil {
		t.Fatal(err)
	}
	var shown []string
	b.options.Status = func(line string) { shown = append(shown, line) }
	b.options.Sleep = func(context.Context, time.Duration) error { return fault.ErrInterrupted }
	if err := b.with(device(), &aws{}); err != fault.ErrInterrupted || len(shown) != 2 || shown[1] != "" {
		t.Errorf("%v, shown %q", err, shown)
	}
}

func TestPartOfASecondIsCounted(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var shown []string
	b.options.Status = func(line string) { shown = append(shown, line) }
	if err := b.codes().awaitNext(context.Background(), "s", 1500*time.Millisecond); err != nil {
		t.Fatal(err)
	}
	if !cmp.Equal(b.slept, []time.Duration{500 * time.Millisecond, time.Second}) || !strings.Contains(shown[0], "in 2 s") || !strings.Contains(shown[1], "in 1 s") {
		t.Errorf("slept %v, shown %q", b.slept, shown)
	}
}
