package mfa

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"time"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/program"
)

// realPinentry names, in the environment of a child of this test, the pinentry
// that it asks with, at a terminal of its own.
const realPinentry = "MFA_TEST_PINENTRY"

// realWindow names the window's program, for a child that shows that.
const realWindow = "MFA_TEST_WINDOW"

// askDialog is the child.
func askDialog(driver, path string) {
	c, err := New(Options{
		Driver: driver, Terminal: func() (Asker, error) { return interrupter{}, nil },
		Program: program.Runner{Environ: []string{"TERM=vt100"}}, LockDir: os.Getenv("MFA_TEST_LOCKS"),
		LookPath: func(string) (string, error) { return path, nil },
		Getenv:   func(name string) string { return map[string]string{"TERM": "vt100", "DISPLAY": ":0"}[name] },
		Now:      time.Now, Note: func(string) {},
	})
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err == nil {
		err = c.WithCode(ctx, atAWS, device(), func(code creds.Secret) (bool, error) {
			fmt.Println("sent " + code.Reveal())
			return false, nil
		})
	}
	if err != nil {
		fmt.Println("failed:", errors.Is(err, fault.ErrInterrupted), err)
	}
}
