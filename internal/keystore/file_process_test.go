package keystore

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/99designs/keyring"
)

// content is what writer number w writes the n-th time: its length and every
// byte follow from its start.
func content(w string, n int) []byte {
	line := fmt.Sprintf("%s %d\n", w, n)
	return []byte(strings.Repeat(line, 1+n%200))
}

// genuine reports whether data is some writer's content.
func genuine(data []byte) bool {
	var w string
	var n int
	_, err := fmt.Sscanf(string(data), "%s %d", &w, &n)
	return err == nil && bytes.Equal(data, content(w, n))
}

// writeForEver is a child that writes its own item and a shared one, saying so
// each time, until it is killed or has done it as often as it was told.
func writeForEver() error {
	o := Options{FileDir: os.Getenv("KEYSTORE_TEST_DIR"), Given: given("correct horse"), Debug: func(string) {}}
	store := newFileStore(context.Background(), o)
	store.fresh, store.floor = cheap(), cheap()
	w := os.Getenv("KEYSTORE_TEST_WRITER")
	times := 1 << 30
	_, _ = fmt.Sscan(os.Getenv("KEYSTORE_TEST_TIMES"), &times)
	for n := range times {
		for _, name := range []string{"key-shared", "session-" + w} {
			if err := store.Set(keyring.Item{Key: name, Data: content(w, n)}); err != nil {
				return err
			}
		}
		fmt.Println(n)
	}
	return nil
}

// writer starts a child that writes.
func writer(t *testing.T, o Options, name string, env ...string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(append(os.Environ(), childVariable+"=writer", "KEYSTORE_TEST_DIR="+o.FileDir,
		"KEYSTORE_TEST_WRITER="+name), env...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	return cmd, bufio.NewScanner(out)
}

// TestFileSurvivesKill kills writers at random moments. The items are always
// whole.
func TestFileSurvivesKill(t *testing.T) {
	t.Parallel()
	o := options(t)
	for round := range 25 {
		cmd, written := writer(t, o, fmt.Sprintf("w%d", round%3))
		for range 1 + rand.IntN(12) {
			written.Scan()
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait()
		for _, name := range []string{"key-shared", fmt.Sprintf("session-w%d", round%3)} {
			data, err := openFileRing(t, o).Get(name)
			if err != nil || !genuine(data) {
				t.Fatalf("round %d: %s is %.40q, %v", round, name, data, err)
			}
		}
	}
}

// TestFileManyProcesses has processes write into a folder that none of them
// made: one salt, and nothing lost.
func TestFileManyProcesses(t *testing.T) {
	t.Parallel()
	o := options(t)
	const processes, times = 6, 15
	var all []*exec.Cmd
	for i := range processes {
		cmd, written := writer(t, o, fmt.Sprintf("w%d", i), fmt.Sprintf("KEYSTORE_TEST_TIMES=%d", times))
		all = append(all, cmd)
		go func() {
			for written.Scan() {
			}
		}()
	}
	for _, cmd := range all {
		if err := cmd.Wait(); err != nil {
			t.Errorf("a writer failed: %v", err)
		}
	}
	ring := openFileRing(t, o)
	for i := range processes {
		w := fmt.Sprintf("w%d", i)
		data, err := ring.Get("session-" + w)
		if err != nil || !bytes.Equal(data, content(w, times-1)) {
			t.Errorf("%s: %.40q, %v", w, data, err)
		}
	}
	if data, err := ring.Get("key-shared"); err != nil || !genuine(data) {
		t.Errorf("the shared item: %.40q, %v", data, err)
	}
	if keys := len(ring.file.unlocker.keys); keys != 1 {
		t.Errorf("%d salts in one folder", keys)
	}
}
