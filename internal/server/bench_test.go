package server

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// serveForOthers makes a process of this test binary a server.
const serveForOthers = "SERVE_FOR_OTHERS"

// TestServeForOthers is no test: it is the server of BenchmarkRequests, in a
// process whose memory is its own.
func TestServeForOthers(t *testing.T) {
	if os.Getenv(serveForOthers) == "" {
		t.Skip("only as a child of BenchmarkRequests")
	}
	w := start(t, func(o *Options) {
		o.Generation = func() (int64, error) { // as much as a look at a file costs
			info, err := os.Stat(os.Args[0])
			if err != nil {
				return 0, err
			}
			return info.ModTime().UnixNano(), nil
		}
	})
	fmt.Println("listening " + w.addr)
	_, _ = io.Copy(io.Discard, os.Stdin)
}

// other starts it, and returns its address and process id.
func other(b *testing.B) (addr string, pid int) {
	b.Helper()
	c := exec.Command(os.Args[0], "-test.run=^TestServeForOthers$", "-test.v")
	c.Env = append(os.Environ(), serveForOthers+"=1")
	in, err := c.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := c.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = in.Close()
		_ = c.Wait()
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if addr, ok := strings.CutPrefix(lines.Text(), "listening "); ok {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return addr, c.Process.Pid
		}
	}
	b.Fatal("the server does not say where it is")
	return "", 0
}

// BenchmarkRequests is the load of 200 clients that keep their connections: how
// many requests a second, how long all but one of a hundred take at most, and
// the server's memory. The clients take their share of the processors. Flat out
// each asks as soon as it has its answer; paced, at its own times, and what it
// waits beyond them counts.
func BenchmarkRequests(b *testing.B) {
	b.Run("flat-out", func(b *testing.B) { clients(b, 0) })
	b.Run("16000-a-second", func(b *testing.B) { clients(b, 200*time.Second/16000) })
}

// clients are 200, each of which asks once every so often.
func clients(b *testing.B, every time.Duration) {
	const clients = 200
	addr, pid := other(b)
	var left atomic.Int64
	left.Store(int64(b.N))
	took := make([][]time.Duration, clients)
	var all sync.WaitGroup
	before := processor(pid)
	b.ResetTimer()
	for i := range clients {
		all.Go(func() {
			c, err := net.Dial("tcp", addr)
			if err != nil {
				b.Error(err)
				return
			}
			defer c.Close()
			time.Sleep(every * time.Duration(i) / clients)
			took[i] = load(b, c, every, &left)
		})
	}
	all.Wait()
	b.StopTimer()
	each := slices.Concat(took...)
	slices.Sort(each)
	b.ReportMetric(float64(len(each))/b.Elapsed().Seconds(), "req/s")
	b.ReportMetric(each[len(each)/2].Seconds()*1000, "p50-ms")
	b.ReportMetric(each[len(each)*99/100].Seconds()*1000, "p99-ms")
	b.ReportMetric(resident(pid), "MB-resident")
	b.ReportMetric((processor(pid)-before)*1e6/float64(len(each)), "server-µs/req")
}

// load asks until nothing is left to ask, and returns how long each took.
func load(b *testing.B, c net.Conn, every time.Duration, left *atomic.Int64) (took []time.Duration) {
	request := []byte("GET /role/dev HTTP/1.1\r\nHost: " + c.RemoteAddr().String() + "\r\nAccept: application/json\r\n" +
		"User-Agent: Boto3/1.43 md/Botocore#1.43 ua/2.1\r\nAccept-Encoding: identity\r\nAuthorization: " + tokenDev + "\r\n\r\n")
	answer := make([]byte, 8192)
	for at := time.Now(); left.Add(-1) >= 0; at = at.Add(every) {
		if every > 0 {
			time.Sleep(time.Until(at))
		} else {
			at = time.Now()
		}
		if _, err := c.Write(request); err != nil {
			b.Error(err)
			return took
		}
		n := 0
		for !bytes.HasSuffix(answer[:n], []byte("}")) {
			more, err := c.Read(answer[n:])
			if n += more; err != nil {
				b.Error(err)
				return took
			}
		}
		if took = append(took, time.Since(at)); !bytes.HasPrefix(answer, []byte("HTTP/1.1 200")) {
			b.Errorf("%s", answer[:n])
			return took
		}
	}
	return took
}

// resident is the largest memory that a process had so far, in MB, on Linux.
func resident(pid int) float64 {
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	for line := range strings.Lines(string(status)) {
		if fields := strings.Fields(line); len(fields) > 1 && fields[0] == "VmHWM:" {
			kilobytes, _ := strconv.ParseFloat(fields[1], 64)
			return kilobytes / 1024
		}
	}
	return 0
}

// processor is the time in seconds that a process had of a processor so far, on
// Linux, where a second has 100 ticks.
func processor(pid int) float64 {
	stat, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	_, rest, _ := strings.Cut(string(stat), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.ParseFloat(fields[11], 64)
	system, _ := strconv.ParseFloat(fields[12], 64)
	return (user + system) / 100
}
