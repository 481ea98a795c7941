package cmd_test

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// ssoSignInCommands are the scripts' commands for who sits in front of the
// browser.
func ssoSignInCommands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){
		"ssobrowser": ssoBrowser, "ssoanswer": ssoAnswer, "ssopoll": ssoPoll, "ssoforget": ssoForget, "ssovisit": ssoVisit, "opened": opened,
	}
}

// webBrowser is a program for BROWSER: it goes where the redirects lead, and
// leaves a line for each address that it was started with.
func webBrowser() int {
	log, err := os.OpenFile(filepath.Join(os.Getenv("WORK"), ".opened"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return 1
	}
	fmt.Fprintln(log, strings.Join(os.Args[1:], " "))
	_ = log.Close()
	address := os.Args[len(os.Args)-1]
	if !strings.HasPrefix(address, "http://127.0.0.1:") {
		return 0 // tests reach nobody else
	}
	response, err := http.Get(address)
	if err != nil {
		return 1
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, response.Body)
	return 0
}

// ssoBrowser: `ssobrowser USER` signs a user in at the portal in the browser;
// `! ssobrowser`: whoever is there refuses; `ssobrowser USER asks`: the page
// waits for a click.
func ssoBrowser(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) > 1 {
		fake(ts).AskInBrowser()
	}
	if neg {
		args = []string{""}
	}
	fake(ts).SetBrowser(args[0])
}

// ssoAnswer: `ssoanswer N USER` waits for the Nth device code and enters it as
// the user; `! ssoanswer N`: refuses; `ssoanswer all USER`: every one from now
// on, at once.
func ssoAnswer(ts *testscript.TestScript, neg bool, args []string) {
	if args[0] == "all" {
		fake(ts).AnswerDevicesAtOnce(args[1])
		return
	}
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	aws, user := fake(ts), "nobody"
	if !neg {
		user = args[1]
	}
	for patience := 20_000; aws.Count("StartDeviceAuthorization") < n; patience-- {
		if patience == 0 {
			ts.Fatalf("no device code")
		}
		time.Sleep(time.Millisecond) // polling: the code is what is waited for
	}
	for _, call := range aws.Calls() {
		if call.Action == "StartDeviceAuthorization" && call.Status == 0 {
			time.Sleep(10 * time.Millisecond) // it is being answered
		}
	}
	aws.AnswerDevices(user, !neg)
}

// ssoVisit waits for an address on the screen that no browser has been at yet,
// and goes there.
func ssoVisit(ts *testscript.TestScript, _ bool, _ []string) {
	for range 20_000 {
		shown := pages().FindAllString(readOr(filepath.Join(ts.Getenv("WORK"), ".stderr"), ""), -1)
		if len(shown) > fake(ts).Count("Authorize") {
			response, err := http.Get(shown[len(shown)-1])
			ts.Check(err)
			_ = response.Body.Close()
			return
		}
		time.Sleep(time.Millisecond) // polling: the address is what is waited for
	}
	ts.Fatalf("no address was shown")
}

func pages() *regexp.Regexp { return regexp.MustCompile(`http://\S+/authorize\?\S+`) }

// ssoPoll: `ssopoll D` is how far apart polls have to be.
func ssoPoll(ts *testscript.TestScript, _ bool, args []string) {
	fake(ts).SetPollInterval(parse(ts, args[0]))
}

// ssoForget: AWS forgets every registration.
func ssoForget(ts *testscript.TestScript, _ bool, _ []string) { fake(ts).ForgetClients() }

// opened: `opened N [TEXT]` wants N addresses to have been opened since the
// last time, the last one with the text in it.
func opened(ts *testscript.TestScript, neg bool, args []string) {
	path := filepath.Join(ts.Getenv("WORK"), ".opened")
	lines := strings.Split(strings.TrimSpace(readOr(path, "")), "\n")
	if lines[0] == "" {
		lines = nil
	}
	_ = os.Remove(path)
	if got := strconv.Itoa(len(lines)); got != args[0] {
		ts.Fatalf("%s were opened, not %s: %q", got, args[0], lines)
	}
	if len(args) > 1 && strings.Contains(lines[len(lines)-1], args[1]) == neg {
		ts.Fatalf("opened: %q", lines)
	}
}
