package keystore

import (
	"os"
	"testing"
)

// childVariable names what this binary does as a child of a test.
const childVariable = "KEYSTORE_TEST_CHILD"

// TestMain turns the binary into the child that a test asked for.
func TestMain(m *testing.M) {
	child, ok := childrenOf()[os.Getenv(childVariable)]
	if !ok {
		os.Exit(m.Run())
	}
	if err := child(); err != nil {
		_, _ = os.Stderr.WriteString(err.Error() + "\n")
		os.Exit(1)
	}
	os.Exit(0)
}

// canary is a secret that no error may show.
const canary = "wJalrXUtnFEMI-canary"

// cheap is a derivation that costs nothing, for tests that make many.
func cheap() cost { return cost{memory: 8, time: 1, threads: 1} }

// options are those of a machine with nothing but a folder.
func options(t testing.TB) Options {
	return Options{
		Backend: file,
		FileDir: t.TempDir(),
		Env:     func(string) string { return "" },
		Given:   given("correct horse"),
	}
}
