package cmd_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
)

// chromiumTab is a program for BROWSER: it opens the address in a real browser
// without a window, for which every host is a console of its own but this
// machine, and leaves the address where that ended in tab.page, and what the
// console was told of the page before in tab.referrer.
func chromiumTab() int {
	work := os.Getenv("WORK")
	console := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Sec-Fetch-Mode") == "navigate" {
			_ = os.WriteFile(filepath.Join(work, "tab.referrer"), []byte(r.Referer()+"\n"), 0o600)
		}
		_, _ = fmt.Fprintln(w, "<title>The console</title>")
	}))
	defer console.Close()
	d, err := startDriver()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer d.end()
	page, err := d.ends(os.Args[len(os.Args)-1], console.Listener.Addr().String())
	if err != nil {
		page = err.Error()
	}
	_ = os.WriteFile(filepath.Join(work, "tab.page"), []byte(page+"\n"), 0o600)
	return 0
}

// ends opens an address and returns the one where the browser is then; https
// goes to one server.
func (d *driver) ends(address, server string) (string, error) {
	var began struct{ Value struct{ SessionID string } }
	options := map[string]any{"args": []string{
		"--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-proxy-server",
		"--ignore-certificate-errors", "--host-resolver-rules=MAP *:443 " + server,
	}}
	if err := d.do(http.MethodPost, "", map[string]any{"capabilities": map[string]any{"alwaysMatch": map[string]any{"goog:chromeOptions": options}}}, &began); err != nil {
		return "", err
	}
	d.session = "/" + began.Value.SessionID
	if err := d.do(http.MethodPost, "/url", map[string]string{"url": address}, nil); err != nil {
		return "", err
	}
	var now struct{ Value string }
	err := d.do(http.MethodGet, "/url", nil, &now)
	return now.Value, err
}
