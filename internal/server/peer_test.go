package server

import (
	"encoding/binary"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"runtime"
	"strings"
	"testing"
)

// readable is what a request for / without a token gets.
func readable(t *testing.T, h *handler) string {
	t.Helper()
	w := httptest.NewRecorder()
	h.container(w, httptest.NewRequest(http.MethodGet, "/", nil))
	if w.Code != http.StatusUnauthorized {
		t.Errorf("status %d", w.Code)
	}
	return w.Body.String()
}

func TestOwnerIn(t *testing.T) {
	t.Parallel()
	if binary.NativeEndian.Uint16([]byte{1, 0}) != 1 {
		t.Skip("the sample is of a machine with the low byte first")
	}
	const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 1 1
   1: 0100007F:C350 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1001        0 2 1
   2: 0100007F:C351 0100007F:1F90 06 00000000:00000000 00:00000000 00000000     0        0 0 3
   3: 0000000000000000FFFF00000100007F:C352 0000000000000000FFFF00000100007F:1F90 01 00000000:00000000 00:00000000 00000000  1002        0 4 1
   4: garbage
`
	server := netip.MustParseAddrPort("127.0.0.1:8080")
	for client, want := range map[string]int{"127.0.0.1:50000": 1001, "127.0.0.1:50001": -1, "127.0.0.1:50002": 1002, "127.0.0.1:50003": -1, "127.0.0.2:50000": -1} {
		uid, ok := ownerIn(strings.NewReader(table), netip.MustParseAddrPort(client), server)
		if !ok {
			uid = -1
		}
		if uid != want {
			t.Errorf("%s: %d, not %d", client, uid, want)
		}
	}
}

func FuzzTableAddress(f *testing.F) {
	f.Add("0100007F:1F90")
	f.Add("0000000000000000FFFF00000100007F:C352")
	f.Add(":")
	f.Fuzz(func(t *testing.T, text string) {
		if at := tableAddress(text); at.IsValid() && !strings.Contains(text, ":") {
			t.Errorf("%q is %s", text, at)
		}
	})
}

// A connection of this very process is this user's.
func TestSameUser(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	client, err := net.Dial("tcp4", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	conn, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	err = SameUser(conn)
	if !TellsUsers() {
		if !errors.Is(err, errNoUser) {
			t.Errorf("it cannot be told, and yet: %v", err)
		}
		return
	}
	if err != nil {
		t.Errorf("user %d: %v", os.Geteuid(), err)
	}
	if runtime.GOOS == "linux" {
		pipe, _ := net.Pipe()
		if err := SameUser(pipe); !errors.Is(err, errNoUser) {
			t.Errorf("a pipe: %v", err)
		}
	}
}
