package cache

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"assume-role/internal/creds"
)

// children are what this test binary does when it runs as a child process.
// The argument is the folder that all processes of a test share.
var children = map[string]func(dir string) error{
	"obtain": childObtain,
	"hang":   childHang,
	"storm":  childStorm,
	"slow":   childSlow,
}

const childVariable = "CACHE_TEST_CHILD"

func TestMain(m *testing.M) {
	if part, ok := children[os.Getenv(childVariable)]; ok {
		if err := part(os.Args[1]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// process is a child of the test and what it prints.
type process struct {
	*exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

// start runs a child that plays a part; it waits for its input to end.
func startChild(t *testing.T, part, dir string) *process {
	t.Helper()
	cmd := exec.Command(os.Args[0], dir)
	cmd.Env = append(os.Environ(), childVariable+"="+part)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if cmd.ProcessState == nil {
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
		}
	})
	return &process{cmd, in, bufio.NewReader(out)}
}

// line reads what the child says next.
func (p *process) line(t *testing.T) string {
	t.Helper()
	line, err := p.out.ReadString('\n')
	if err != nil {
		t.Fatalf("a child said %q: %v", line, err)
	}
	return strings.TrimSpace(line)
}

// shared is the cache of all processes that use one folder.
func shared(dir string) *Cache {
	return &Cache{
		Store: folder(dir), Remover: folder(dir), Locks: dir, Now: time.Now, Wait: time.Minute,
		Index: &Index{Path: filepath.Join(dir, "index.json"), Locks: dir, Now: time.Now},
		Note:  func(line string) { fmt.Fprintln(os.Stderr, "note:", line) },
	}
}

// mintHere makes a session that no other call makes, and counts it in a file.
func mintHere(dir string) (Entry, error) {
	id := fmt.Sprintf("ASIA%d", rand.Uint64())
	count, err := os.OpenFile(filepath.Join(dir, "mints"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return Entry{}, err
	}
	if _, err := fmt.Fprintln(count, id); err != nil {
		return Entry{}, err
	}
	return Entry{Profile: "dev", Kind: "session-token", SourceKey: "AKIAHERE", Credentials: creds.Credentials{
		AccessKeyID: id, SecretAccessKey: "s", SessionToken: creds.Secret(strings.Repeat("t", 4000)),
		Expiration: time.Now().Add(time.Hour),
	}}, count.Close()
}

// childObtain waits for the signal and obtains the session, whose mint takes
// as long as a call to STS.
func childObtain(dir string) error {
	fmt.Println("ready")
	_, _ = io.Copy(io.Discard, os.Stdin)
	e, err := shared(dir).Obtain(context.Background(), usual("a"), func(context.Context) (Entry, error) {
		time.Sleep(150 * time.Millisecond)
		return mintHere(dir)
	})
	fmt.Println(e.Credentials.AccessKeyID)
	return err
}

// childHang obtains the session and never finishes.
func childHang(dir string) error {
	_, err := shared(dir).Obtain(context.Background(), usual("a"), func(context.Context) (Entry, error) {
		fmt.Println("minting")
		_, err := io.Copy(io.Discard, os.Stdin)
		return Entry{}, errors.Join(errors.New("let go"), err)
	})
	return err
}

// childStorm refreshes the session over and over until it is killed.
func childStorm(dir string) error {
	c, q := shared(dir), usual("a")
	q.Policy.Refresh = true
	for {
		if _, err := c.Obtain(context.Background(), q, func(context.Context) (Entry, error) {
			return mintHere(dir)
		}); err != nil {
			return err
		}
	}
}

// minted lists the sessions made in a folder.
func minted(t *testing.T, dir string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "mints"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return strings.Fields(string(text))
}

// startAll starts n processes and lets them go at the same time.
func startAll(t *testing.T, n int, dir string) []*process {
	t.Helper()
	var all []*process
	for range n {
		all = append(all, startChild(t, "obtain", dir))
	}
	for _, p := range all {
		p.line(t)
	}
	for _, p := range all {
		p.in.Close()
	}
	return all
}

// wantSame checks that all processes got the one session that was made.
func wantSame(t *testing.T, dir string, all []*process) {
	t.Helper()
	mints := minted(t, dir)
	for _, p := range all {
		got := p.line(t)
		if err := p.Wait(); err != nil {
			t.Error(err)
		}
		mints = minted(t, dir)
		if len(mints) == 1 && got != mints[0] {
			t.Errorf("a process got %q, want %q", got, mints[0])
		}
	}
	if len(mints) != 1 {
		t.Errorf("%d processes made %d sessions", len(all), len(mints))
	}
}

func TestFiftyColdProcessesMintOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	wantSame(t, dir, startAll(t, 50, dir))
}

func TestKilledHolderFreesTheRest(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	holder := startChild(t, "hang", dir)
	if got := holder.line(t); got != "minting" {
		t.Fatalf("the holder said %q", got)
	}
	rest := startAll(t, 10, dir)
	if err := holder.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	wantSame(t, dir, rest)
}

// Processes killed at any moment leave a store and an index that can be read.
func TestKilledAtAnyMoment(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := shared(dir)
	if _, err := c.Obtain(t.Context(), usual("a"), func(context.Context) (Entry, error) { return mintHere(dir) }); err != nil {
		t.Fatal(err)
	}
	for range 20 {
		storm := []*process{startChild(t, "storm", dir), startChild(t, "storm", dir)}
		time.Sleep(rand.N(60 * time.Millisecond)) // The random moment.
		for _, p := range storm {
			_ = p.Process.Kill()
			_ = p.Wait()
		}
		data, err := c.Store.Get(key("a"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Decode(key("a"), data); err != nil {
			t.Fatalf("%v: %d bytes", err, len(data))
		}
		if contents, err := c.Index.Read(); err != nil || len(contents.Sessions) != 1 {
			t.Fatalf("the index holds %v, %v", contents, err)
		}
	}
}

// Writers that overlap, and readers among them, never see half an entry.
func TestReadersAmongWriters(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	storm := []*process{startChild(t, "storm", dir), startChild(t, "storm", dir)}
	for seen := 0; seen < 300; {
		data, err := folder(dir).Get(key("a"))
		if errors.Is(err, fs.ErrNotExist) {
			continue // The first one is not there yet.
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Decode(key("a"), bytes.Clone(data)); err != nil {
			t.Fatalf("%v: %d bytes", err, len(data))
		}
		seen++
	}
	for _, p := range storm {
		_ = p.Process.Kill()
		_ = p.Wait()
	}
}
