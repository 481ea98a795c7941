package main

import (
	"fmt"
	"io"
	"os"
)

// The demo's own program plays two parts more, so that it needs no other
// program and runs on every system.
const (
	// showCredentials is the command that the tool runs: it tells what it got.
	showCredentials = "show-credentials"
	// printCode is the mfa_process: the owner's phone, so to speak.
	printCode = "print-mfa-code"
)

// runShowCredentials prints the variables that make a child somebody at AWS.
func runShowCredentials(out io.Writer, env func(string) string) error {
	for _, name := range []string{
		"ASSUME_ROLE_PROFILE", "AWS_ACCOUNT_ID", "AWS_REGION", "AWS_ACCESS_KEY_ID",
		"AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_CREDENTIAL_EXPIRATION", "AWS_PROFILE",
	} {
		value := env(name)
		if value == "" {
			value = "(not set)"
		}
		if _, err := fmt.Fprintf(out, "%s=%s\n", name, value); err != nil {
			return err
		}
	}
	return nil
}

// runPrintCode prints the code that the stage left for the next command.
func runPrintCode(out io.Writer, path string) error {
	code, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	_, err = out.Write(code)
	return err
}
