package cmd_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	osexec "os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// chromium is a program for BROWSER: it opens the address in a real browser
// without a window, clicks on the element #allow or #session-0 there, and leaves the title
// of the page where that led in .page. It speaks WebDriver
// (https://www.w3.org/TR/webdriver2/) with chromedriver.
func chromium() int {
	d, err := startDriver()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer d.end()
	if err := d.sign(os.Args[len(os.Args)-1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		_ = os.WriteFile(filepath.Join(os.Getenv("WORK"), ".page"), []byte(err.Error()), 0o600)
		return 1
	}
	return 0
}

// driver is a chromedriver and its one session.
type driver struct {
	process *osexec.Cmd
	address string
	session string
}

func startDriver() (*driver, error) {
	d := &driver{process: osexec.Command("chromedriver", "--port=0")}
	// Its own folder is none of those that are searched for secrets: a browser
	// keeps the addresses where it was.
	d.process.Env = slices.DeleteFunc(os.Environ(), func(entry string) bool { return strings.HasPrefix(entry, "TMPDIR=") })
	out, err := d.process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := d.process.Start(); err != nil {
		return nil, err
	}
	port := regexp.MustCompile(`started successfully on port (\d+)`)
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if m := port.FindStringSubmatch(lines.Text()); m != nil {
			d.address = "http://127.0.0.1:" + m[1]
			return d, nil
		}
	}
	return nil, fmt.Errorf("chromedriver did not start: %w", d.process.Wait())
}

func (d *driver) end() {
	_ = d.do(http.MethodDelete, "", nil, nil)
	_ = d.process.Process.Kill()
	_ = d.process.Wait()
}

// sign opens an address, allows the access and waits for the last page.
func (d *driver) sign(address string) error {
	var began struct{ Value struct{ SessionID string } }
	options := map[string]any{"args": []string{"--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"}}
	err := d.do(http.MethodPost, "", map[string]any{"capabilities": map[string]any{"alwaysMatch": map[string]any{"goog:chromeOptions": options}}}, &began)
	if err != nil {
		return err
	}
	d.session = "/" + began.Value.SessionID
	var found struct{ Value map[string]string }
	if err := d.do(http.MethodPost, "/url", map[string]string{"url": address}, nil); err != nil {
		return err
	}
	if err := d.do(http.MethodPost, "/element", map[string]string{"using": "css selector", "value": "#allow, #session-0"}, &found); err != nil {
		return err
	}
	for _, id := range found.Value {
		if err := d.do(http.MethodPost, "/element/"+id+"/click", map[string]string{}, nil); err != nil {
			return err
		}
	}
	return d.leaves("Allow access?")
}

// leaves waits until the page has another title, and keeps that.
func (d *driver) leaves(title string) error {
	for range 1000 {
		var now struct{ Value string }
		if err := d.do(http.MethodGet, "/title", nil, &now); err != nil {
			return err
		}
		if now.Value != "" && now.Value != title {
			return os.WriteFile(filepath.Join(os.Getenv("WORK"), ".page"), []byte(now.Value+"\n"), 0o600)
		}
		time.Sleep(10 * time.Millisecond) // polling: the page is what is waited for
	}
	return fmt.Errorf("the page %q stayed", title)
}

// do is one command of WebDriver.
func (d *driver) do(method, path string, body, into any) error {
	var text []byte
	if body != nil {
		text, _ = json.Marshal(body) // maps of strings
	}
	request, err := http.NewRequest(method, d.address+"/session"+d.session+path, bytes.NewReader(text))
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	var answer strings.Builder
	if _, err := bufio.NewReader(response.Body).WriteTo(&answer); err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s %s: %s", method, path, answer.String())
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal([]byte(answer.String()), into)
}
