package exec

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/windows"
)

// roleVariable makes the test binary one of the processes that tests need, the
// rest of its value being what the process that it starts is.
const roleVariable = "TEST_EXEC_ROLE"

func TestMain(m *testing.M) {
	role, next, _ := strings.Cut(os.Getenv(roleVariable), " ")
	_ = os.Setenv(roleVariable, next)
	switch role {
	case "":
		os.Exit(m.Run())
	case "run":
		os.Exit(runWords(os.Args[1:]))
	case "words":
		_ = json.NewEncoder(os.Stdout).Encode(os.Args[1:])
	case "status":
		status, _ := strconv.ParseUint(os.Args[1], 10, 32)
		windows.ExitProcess(uint32(status))
	case "wait":
		fmt.Println(os.Getpid())
		_, _ = io.Copy(io.Discard, os.Stdin)
	}
}

func runWords(words []string) int {
	command, err := Find(words, os.Environ())
	if err == nil {
		var status int
		if status, err = Run(command, Stdio{os.Stdin, os.Stdout, os.Stderr}); err == nil {
			return status
		}
	}
	fmt.Fprintln(os.Stderr, err)
	return StatusFailed
}

func self(t *testing.T, role string, words ...string) *exec.Cmd {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command(path, append([]string{path}, words...)...)
	command.Env = append(os.Environ(), roleVariable+"="+role)
	return command
}

func checkWords(t *testing.T, command *exec.Cmd, want []string) {
	t.Helper()
	var got []string
	out, err := command.Output()
	if err == nil {
		err = json.Unmarshal(out, &got)
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%v\ngot  %q\nwant %q\n%s", err, got, want, out)
	}
}

func TestWordsAreExact(t *testing.T) {
	words := slices.Concat(hostileWords(), quotedWords(), []string{"%PATH%", "100%", "a\nb"})
	checkWords(t, self(t, "run words", words...), words)
}

func TestBatchWordsAreExact(t *testing.T) {
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	script := filepath.Join(t.TempDir(), "my script.cmd")
	if err := os.WriteFile(script, []byte("@\""+path+"\" %*\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, word := range hostileWords() {
		command := self(t, "run words", word)
		command.Args[1] = script
		checkWords(t, command, []string{word})
	}
	for _, word := range append(quotedWords(), "%PATH%") {
		command := self(t, "run words", word)
		command.Args[1] = script
		if out, err := command.CombinedOutput(); err == nil || !bytes.Contains(out, []byte("batch file")) {
			t.Errorf("%q is handed to a batch file: %v, %s", word, err, out)
		}
	}
}

func TestStatusIsPassedOn(t *testing.T) {
	for _, want := range []int{0, 1, 7, 259, 0xC000013A} {
		command := self(t, "run status", strconv.Itoa(want))
		_ = command.Run()
		if got := command.ProcessState.ExitCode(); uint32(got) != uint32(want) {
			t.Errorf("got %d, want %d", got, want)
		}
	}
}

// No child outlives a tool that was killed.
func TestKilledWithItsChild(t *testing.T) {
	stdin, hold, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer hold.Close()
	command := self(t, "run wait")
	command.Stdin = stdin
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	line := make([]byte, 32)
	n, err := out.Read(line)
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(string(bytes.TrimSpace(line[:n])))
	if err != nil {
		t.Fatal(err)
	}
	child, err := windows.OpenProcess(windows.SYNCHRONIZE, false, uint32(pid))
	if err != nil {
		t.Fatal(err)
	}
	defer windows.CloseHandle(child)
	if err := command.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if event, err := windows.WaitForSingleObject(child, 60_000); event != windows.WAIT_OBJECT_0 {
		t.Errorf("the child lives: %#x, %v", event, err)
	}
	_ = command.Wait()
}
