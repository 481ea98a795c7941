package securefile

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"
)

// children are what this test binary does when it runs as a child process:
// the variable names the part and the arguments are its own.
var children = map[string]func(args []string) error{
	"hold":  childHold,
	"count": childCount,
	"write": childWrite,
}

const childVariable = "SECUREFILE_TEST_CHILD"

func TestMain(m *testing.M) {
	if part, ok := children[os.Getenv(childVariable)]; ok {
		if err := part(os.Args[1:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// child prepares a process of this test binary that plays a part.
func child(t *testing.T, part string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), childVariable+"="+part)
	cmd.Stderr = os.Stderr
	t.Cleanup(func() {
		if cmd.Process != nil && cmd.ProcessState == nil {
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
		}
	})
	return cmd
}

// startHolder starts a process and returns once it holds the lock.
func startHolder(t *testing.T, path string) *exec.Cmd {
	t.Helper()
	cmd := child(t, "hold", path)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close() })
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatalf("the holder said %q: %v", line, err)
	}
	return cmd
}

// childHold takes a lock, says so, and keeps it until its input ends.
func childHold(args []string) error {
	lock, err := Acquire(context.Background(), args[0])
	if err != nil {
		return err
	}
	defer lock.Release()
	fmt.Println("held")
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

// childCount adds one to the number in a file, N times, under a lock.
func childCount(args []string) error {
	times, err := strconv.Atoi(args[2])
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for range times {
		if err := addOne(ctx, args[0], args[1]); err != nil {
			return err
		}
	}
	return nil
}

func addOne(ctx context.Context, lockPath, path string) error {
	lock, err := Acquire(ctx, lockPath)
	if err != nil {
		return err
	}
	defer lock.Release()
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(string(text))
	if err != nil {
		return err
	}
	return os.WriteFile(path, []byte(strconv.Itoa(n+1)), 0o600)
}

// childWrite writes one and the other text in turns until it is killed.
func childWrite(args []string) error {
	for i := 0; ; i++ {
		if err := Write(args[0], text(i%2)); err != nil {
			return err
		}
	}
}
