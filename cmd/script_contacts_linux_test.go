package cmd_test

import (
	"net"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// contacts FILE COMMAND ARG…: FILE gets a line for each address on a network
// that a process of the command sent something to, or tried to, as the kernel
// saw it; a name that was looked up is there as the resolver's address. $AWS and
// $PROXY stand for themselves.
func contacts(ts *testscript.TestScript, _ bool, args []string) {
	trace := ts.MkAbs(".contacts")
	calls := []string{"-f", "-qq", "-o", trace, "-e", "trace=connect,sendto,sendmsg,sendmmsg"}
	ts.Check(ts.Exec("strace", append(calls, args[1:]...)...))
	known := map[string]string{ts.Getenv("PROXY"): "PROXY"}
	if at, err := url.Parse(fake(ts).URL()); err == nil {
		known[at.Host] = "AWS"
	}
	lines := addressesIn(ts.ReadFile(trace))
	for i, line := range lines {
		if name := known[line]; name != "" {
			lines[i] = name
		}
	}
	writeLines(ts, args[0], lines)
}

// addressesIn reads strace's form of struct sockaddr_in and sockaddr_in6.
func addressesIn(trace string) (lines []string) {
	form := regexp.MustCompile(`sin6?_port=htons\((\d+)\).*?(?:inet_addr\("|inet_pton\(AF_INET6, ")([^"]+)"`)
	for _, found := range form.FindAllStringSubmatch(trace, -1) {
		lines = append(lines, net.JoinHostPort(found[2], found[1]))
	}
	return lines
}

// asked FILE: FILE gets a line for each host that the proxy was asked for.
func asked(ts *testscript.TestScript, _ bool, args []string) {
	found, ok := journals(ts).Load("proxy")
	if !ok {
		ts.Fatalf("no proxy was started")
	}
	p := found.(*connectProxy)
	p.mu.Lock()
	defer p.mu.Unlock()
	writeLines(ts, args[0], slices.Clone(p.asked))
	p.asked = nil
}

// writeLines writes each line once, sorted.
func writeLines(ts *testscript.TestScript, file string, lines []string) {
	slices.Sort(lines)
	text := ""
	for _, line := range slices.Compact(lines) {
		text += line + "\n"
	}
	ts.Check(os.WriteFile(ts.MkAbs(file), []byte(strings.TrimLeft(text, "\n")), 0o600))
}
