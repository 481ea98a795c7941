package cmd_test

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"assume-role/internal/awsfake"
)

// consoleCommands are the scripts' commands for the console.
func consoleCommands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){"leads": leads, "shown": shown, "awaits": awaits, "partition": partition}
}

// tab is a program for BROWSER: it opens the address in its last argument as a
// browser does, as far as AWS's own hosts, and leaves its arguments in
// tab.args, the answer to the address in tab.answer and the last page's
// address in tab.page. TAB = ahead looks at the page in all the ways first that
// are no person's, TAB = never opens nothing, TAB =
// fails ends at once.
func tab() int {
	work, address := os.Getenv("WORK"), os.Args[len(os.Args)-1]
	keep := func(name, text string) {
		path := filepath.Join(work, name)
		_ = os.WriteFile(path+"~", []byte(text), 0o600)
		_ = os.Rename(path+"~", path)
	}
	keep("tab.args", strings.Join(os.Args[1:], "\n")+"\n")
	if rest, ok := strings.CutPrefix(address, "ext+granted-containers:"); ok {
		q, _ := url.ParseQuery(rest)
		address = q.Get("url")
	}
	switch os.Getenv("TAB") {
	case "never":
		return 0
	case "fails":
		return 3
	case "ahead":
		keep("tab.ahead", lookAhead(address))
	}
	answer, page, err := walkTo(address)
	if err != nil {
		fmt.Fprintln(os.Stderr, "tab:", err)
		return 1
	}
	keep("tab.answer", answer)
	keep("tab.page", page+"\n")
	return 0
}

// unredirected gets an answer and follows nothing.
func unredirected(r *http.Request) (*http.Response, error) {
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(r)
	if err == nil {
		_, _ = io.Copy(io.Discard, response.Body)
		_ = response.Body.Close()
	}
	return response, err
}

// lookAhead lists the statuses of requests that must not spend the page.
func lookAhead(address string) string {
	var list strings.Builder
	for _, ask := range []struct{ method, header, value, host string }{
		{method: "HEAD"}, {method: "POST"}, {method: "GET", header: "Sec-Purpose", value: "prefetch;prerender"}, {method: "GET", header: "Purpose", value: "prefetch"},
		{method: "GET", header: "Sec-Fetch-Dest", value: "iframe"}, {method: "GET", host: "evil.example"},
	} {
		r, err := http.NewRequest(ask.method, address, nil)
		if err != nil {
			return err.Error()
		}
		if ask.header != "" {
			r.Header.Set(ask.header, ask.value)
		}
		r.Host = ask.host
		response, err := unredirected(r)
		if err != nil {
			return err.Error()
		}
		fmt.Fprintln(&list, ask.method, response.StatusCode, response.Header.Get("Location"))
	}
	return list.String()
}

// walkTo opens an address and follows it over loopback hosts. answer is the
// status and the headers of the first one.
func walkTo(address string) (answer, last string, err error) {
	for range 10 {
		r, err := http.NewRequest(http.MethodGet, address, nil)
		if err != nil {
			return "", "", err
		}
		if r.URL.Hostname() != "127.0.0.1" {
			return answer, address, nil
		}
		response, err := unredirected(r)
		if err != nil {
			return "", "", err
		}
		if answer == "" {
			h := response.Header
			answer = fmt.Sprintln(response.StatusCode, h.Get("Cache-Control"), h.Get("Referrer-Policy"))
		}
		if address = response.Header.Get("Location"); address == "" {
			return "", "", fmt.Errorf("%s%s ends with %s", r.URL.Host, r.URL.Path, response.Status)
		}
	}
	return "", "", fmt.Errorf("redirects without an end")
}

// leads: `leads FILE PATTERN` opens the link in the file, and the page that a
// browser comes to has that address; `! leads FILE` comes to none.
func leads(ts *testscript.TestScript, neg bool, args []string) {
	_, page, err := walkTo(strings.TrimSpace(ts.ReadFile(args[0])))
	switch {
	case neg && err == nil:
		ts.Fatalf("it leads to %s", page)
	case !neg:
		ts.Check(err)
		if !regexp.MustCompile(args[1]).MatchString(page) {
			ts.Fatalf("it leads to %s", page)
		}
	}
}

// shown: `shown PATTERN` waits for the page that a tab comes to, which has that
// address; the tool does not wait for it.
func shown(ts *testscript.TestScript, _ bool, args []string) {
	path := filepath.Join(ts.Getenv("WORK"), "tab.page")
	awaits(ts, false, []string{path})
	if page := readOr(path, ""); !regexp.MustCompile(args[0]).MatchString(page) {
		ts.Fatalf("shown is %s", page)
	}
	ts.Check(os.Remove(path))
}

// awaits: `awaits FILE` waits until the file has something in it.
func awaits(ts *testscript.TestScript, _ bool, args []string) {
	for patience := 20_000; readOr(ts.MkAbs(args[0]), "") == ""; patience-- {
		if patience == 0 {
			ts.Fatalf("%s did not come", args[0])
		}
		time.Sleep(time.Millisecond) // polling: the file is what is waited for
	}
}

// partition: `partition NAME` puts the script into an AWS of that partition:
// keys of a user in the variables, and ROLE.
func partition(ts *testscript.TestScript, _ bool, args []string) {
	aws, err := awsfake.Start(awsfake.Options{Partition: args[0]})
	ts.Check(err)
	ts.Defer(aws.Close)
	aws.Advance(parse(ts, readOr(filepath.Join(ts.Getenv("WORK"), ".clock"), "0s")))
	key, secret := aws.AddKey("alice")
	for name, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret.Reveal(), "ROLE": aws.AddRole(awsfake.Role{Name: "there"}),
		"AWS_ENDPOINT_URL_STS": aws.URL(), "AWS_ENDPOINT_URL_SIGNIN": aws.URL(),
	} {
		ts.Setenv(name, value)
	}
}
