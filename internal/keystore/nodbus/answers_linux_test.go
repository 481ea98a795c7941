package nodbus

import (
	"bufio"
	"net"
	"os"
	"path/filepath"
	"testing"
)

// listen makes a socket that treats its callers as serve does.
func listen(t *testing.T, serve func(net.Conn)) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "bus")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go serve(c)
		}
	}()
	return path
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	greeting := make(chan string, 1)
	bus := listen(t, func(c net.Conn) {
		line, _ := bufio.NewReader(c).ReadString('\n')
		greeting <- line
		_, _ = c.Write([]byte("OK 1234deadbeef\r\n"))
		_ = c.Close()
	})
	if !answers("unix:path=" + bus + ",guid=1234deadbeef") {
		t.Error("a bus that answers counts as silent")
	}
	if got, want := <-greeting, "\x00AUTH EXTERNAL "+hexadecimal(os.Getuid())+"\r\n"; got != want {
		t.Errorf("the greeting was %q, want %q", got, want)
	}
	silent := listen(t, func(net.Conn) {})
	if answers("unix:path=" + silent) {
		t.Error("a bus that says nothing counts as one that answers")
	}
	gone := listen(t, func(c net.Conn) { _ = c.Close() })
	if answers("unix:path=" + gone) {
		t.Error("a bus that hangs up counts as one that answers")
	}
	for _, address := range []string{"unix:path=" + filepath.Join(t.TempDir(), "missing"), "tcp:host=localhost,port=1", "disabled:", "nonsense", "unix:", "unix:path="} {
		if !answers(address) {
			t.Errorf("%s is for the library to find out about", address)
		}
	}
}

func TestHexadecimal(t *testing.T) {
	t.Parallel()
	if got := hexadecimal(1000); got != "31303030" {
		t.Error(got)
	}
}
