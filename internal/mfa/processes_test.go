package mfa

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"assume-role/internal/creds"
)

// turnIn names, in the environment of a child of this test, the folder that
// the processes share.
const turnIn = "MFA_TEST_TURN_IN"

func TestMain(m *testing.M) {
	if dir := os.Getenv(turnIn); dir != "" {
		takeTurn(dir, os.Getenv("MFA_TEST_HANG") != "")
		return
	}
	if path := os.Getenv(realPinentry); path != "" {
		askDialog("pinentry", path)
		return
	}
	if path := os.Getenv(realWindow); path != "" {
		askDialog("zenity", path)
		return
	}
	os.Exit(m.Run())
}

// takeTurn is the child: its person types the codes 000001, 000002 … until one
// is taken, and AWS writes down what was sent.
func takeTurn(dir string, hang bool) {
	typed := &counter{}
	codes, err := New(Options{
		Terminal: func() (Asker, error) { return typed, nil },
		LockDir:  dir, Now: time.Now, Note: func(string) {},
		Sleep: func(context.Context, time.Duration) error { return nil }, // for the next code of a device
	})
	if err == nil {
		err = codes.WithCode(context.Background(), atAWS, device(), func(code creds.Secret) (bool, error) {
			return false, send(dir, code.Reveal(), hang)
		})
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

// send fails when the code was sent before or when another process sends at
// the same time.
func send(dir, code string, hang bool) error {
	busy := filepath.Join(dir, "busy")
	if err := os.Mkdir(busy, 0o700); err != nil && !hang {
		return err
	}
	if err := os.Mkdir(filepath.Join(dir, "sent-"+code), 0o700); err != nil {
		return err
	}
	fmt.Println("sent", code)
	if hang {
		select {}
	}
	return os.Remove(busy)
}

type counter struct{ n int }

func (c *counter) AskSecret(context.Context, string) (creds.Secret, error) {
	c.n++
	return creds.Secret(fmt.Sprintf("%06d", c.n)), nil
}

func child(dir string, more ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(append(os.Environ(), turnIn+"="+dir), more...)
	return cmd
}

func TestOneProcessAtATimeAndNoCodeTwice(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	const many = 8
	results := make(chan error, many)
	for range many {
		go func() {
			out, err := child(dir).CombinedOutput()
			if err != nil {
				err = fmt.Errorf("%w: %s", err, out)
			}
			results <- err
		}()
	}
	for range many {
		if err := <-results; err != nil {
			t.Error(err)
		}
	}
	sent, err := filepath.Glob(filepath.Join(dir, "sent-*"))
	if err != nil || len(sent) != many {
		t.Errorf("%d codes sent, %v", len(sent), err)
	}
}

// A process that is killed with the device in its hands leaves it to the next
// one, and its code is not sent again.
func TestKilledHolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := child(dir, "MFA_TEST_HANG=1")
	out, err := first.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	line := make([]byte, len("sent 000001\n"))
	if _, err := out.Read(line); err != nil || string(line) != "sent 000001\n" {
		t.Fatalf("%q, %v", line, err)
	}
	if err := first.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = first.Wait()
	_ = os.Remove(filepath.Join(dir, "busy"))
	got, err := child(dir).CombinedOutput()
	if err != nil || strings.TrimSpace(string(got)) != "sent 000002" {
		t.Errorf("%q, %v", got, err)
	}
}
