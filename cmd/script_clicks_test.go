package cmd_test

import (
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"os"
	"regexp"

	"github.com/rogpeppe/go-internal/testscript"
)

// clicks is a browser with a person in front of it, who follows one link of the
// page that opens: the one that CLICK names, else the first session's. CLICK =
// none closes the page.
func clicks() int {
	link := os.Getenv("CLICK")
	if link == "none" {
		return 0
	}
	if link == "" {
		link = "session-0"
	}
	page, err := followLink(os.Args[len(os.Args)-1], link)
	if err == nil && os.Getenv("PAGE") != "" {
		err = os.WriteFile(os.Getenv("PAGE"), []byte(page), 0o600)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "clicks:", err)
		return 1
	}
	return 0
}

// followLink opens an address, follows the link of that id, and returns the last
// page.
func followLink(address, id string) (string, error) {
	page, at, err := openPage(address)
	if err != nil {
		return "", err
	}
	link := regexp.MustCompile(`id="` + id + `" href="([^"]*)"`).FindStringSubmatch(page)
	if link == nil {
		return "", fmt.Errorf("the page has no link %s: %s", id, page)
	}
	to, err := at.Parse(html.UnescapeString(link[1]))
	if err != nil {
		return "", err
	}
	page, _, err = openPage(to.String())
	return page, err
}

func openPage(address string) (page string, at *url.URL, err error) {
	response, err := http.Get(address)
	if err != nil {
		return "", nil, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return string(text), response.Request.URL, err
}

// console: `console ARN…`: who is signed in to the AWS console in the browser.
func console(ts *testscript.TestScript, _ bool, args []string) { fake(ts).SetConsole(args...) }

// barLogin: `barlogin ARN REASON` makes AWS give an identity no session.
func barLogin(ts *testscript.TestScript, _ bool, args []string) {
	fake(ts).RefuseLogin(args[0], args[1])
}
