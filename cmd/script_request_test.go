package cmd_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	osexec "os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"go.yaml.in/yaml/v3"
)

// requestCommands are the scripts' commands for signed requests.
func requestCommands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){
		"fetch": fetch, "streamed": streamed, "interrupted": interrupted,
		"clusterauth": clusterAuth, "tokenends": tokenEnds, "tokenhost": tokenHost, "kubectl": kubectl,
	}
}

// fetch: `fetch [-X METHOD] [-H HEADER] FILE` gets the address that a file
// holds, with no credentials, and prints the answer.
func fetch(ts *testscript.TestScript, neg bool, args []string) {
	method, header := http.MethodGet, http.Header{}
	for len(args) > 2 {
		switch args[0] {
		case "-X":
			method = args[1]
		case "-H":
			name, value, _ := strings.Cut(args[1], ": ")
			header.Set(name, value)
		}
		args = args[2:]
	}
	status, text := fetched(ts, method, strings.TrimSpace(ts.ReadFile(args[0])), header)
	_, _ = io.WriteString(ts.Stdout(), text)
	if (status < 400) == neg {
		ts.Fatalf("%d: %s", status, text)
	}
}

func fetched(ts *testscript.TestScript, method, address string, header http.Header) (int, string) {
	r, err := http.NewRequest(method, address, nil)
	ts.Check(err)
	r.Header = header
	response, err := http.DefaultTransport.RoundTrip(r)
	ts.Check(err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	ts.Check(err)
	return response.StatusCode, string(text)
}

// streamed: `streamed N COMMAND…`: it prints that many bytes of the fake's
// stream.
func streamed(ts *testscript.TestScript, _ bool, args []string) {
	path, err := osexec.LookPath(args[1])
	ts.Check(err)
	c := osexec.Command(path, args[2:]...)
	c.Dir, c.Env = ts.Getenv("WORK"), scriptEnviron(ts)
	text, err := c.Output()
	ts.Check(err)
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	if len(text) != n || strings.Count(string(text), "0123456789abcde\n") != n/16 {
		ts.Fatalf("%d bytes of the stream, not %d", len(text), n)
	}
}

// interrupted: `interrupted ACTION N STATUS COMMAND…`: Ctrl-C once the fake has
// N calls of ACTION, and the exit status.
func interrupted(ts *testscript.TestScript, _ bool, args []string) {
	path, err := osexec.LookPath(args[3])
	ts.Check(err)
	c := osexec.Command(path, args[4:]...)
	c.Dir, c.Env = ts.Getenv("WORK"), scriptEnviron(ts)
	ts.Check(c.Start())
	want, err := strconv.Atoi(args[1])
	ts.Check(err)
	deadline := time.Now().Add(30 * time.Second)
	for fake(ts).Count(args[0]) < want && time.Now().Before(deadline) {
		time.Sleep(time.Millisecond)
	}
	ts.Check(c.Process.Signal(os.Interrupt))
	var exit *osexec.ExitError
	if err := c.Wait(); !errors.As(err, &exit) || strconv.Itoa(exit.ExitCode()) != args[2] {
		ts.Fatalf("it ended with %v, not %s", err, args[2])
	}
}

// execCredential is what a client of Kubernetes reads.
type execCredential struct {
	Kind, APIVersion string
	Status           struct {
		ExpirationTimestamp time.Time
		Token               string
	}
}

func credentialIn(ts *testscript.TestScript, file string) (execCredential, *url.URL) {
	var c execCredential
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(file)), &c))
	text, ok := strings.CutPrefix(c.Status.Token, "k8s-aws-v1.")
	address, err := base64.RawURLEncoding.DecodeString(text)
	ts.Check(err)
	u, err := url.Parse(string(address))
	ts.Check(err)
	if !ok || c.Kind != "ExecCredential" {
		ts.Fatalf("%s is no token of a cluster", file)
	}
	return c, u
}

// clusterAuth: `clusterauth FILE CLUSTER [ARN]`: a cluster of that name takes
// the token, by the rules of aws-iam-authenticator's server, for somebody whose
// ARN begins so.
func clusterAuth(ts *testscript.TestScript, neg bool, args []string) {
	_, u := credentialIn(ts, args[0])
	err := acceptable(u)
	ts.Check(err)
	status, text := fetched(ts, http.MethodGet, u.String(), http.Header{"X-K8s-Aws-Id": {args[1]}, "Accept": {"application/json"}})
	if (status == 200) == neg || len(args) > 2 && !strings.Contains(text, "<Arn>"+args[2]) {
		ts.Fatalf("%d: %s", status, text)
	}
}

// acceptable holds a presigned URL to what the server asks before it sends it.
func acceptable(u *url.URL) error {
	known := []string{"action", "version", "x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-expires", "x-amz-security-token", "x-amz-signature", "x-amz-signedheaders"}
	q := u.Query()
	for name, values := range q {
		if !slices.Contains(known, strings.ToLower(name)) || len(values) != 1 {
			return fmt.Errorf("the parameter %s is not allowed", name)
		}
	}
	switch {
	case u.Path != "/":
		return fmt.Errorf("the path is %q", u.Path)
	case q.Get("Action") != "GetCallerIdentity" || q.Get("X-Amz-Expires") != "60":
		return fmt.Errorf("it is %s for %s seconds", q.Get("Action"), q.Get("X-Amz-Expires"))
	case q.Get("X-Amz-SignedHeaders") != "host;x-k8s-aws-id":
		return fmt.Errorf("signed are %s", q.Get("X-Amz-SignedHeaders"))
	}
	return nil
}

// tokenEnds: `tokenends FILE D`: the credential says that it ends in about D.
func tokenEnds(ts *testscript.TestScript, neg bool, args []string) {
	c, _ := credentialIn(ts, args[0])
	now := time.Now().Add(parse(ts, readOr(filepath.Join(ts.Getenv("WORK"), ".clock"), "0s")))
	if off := c.Status.ExpirationTimestamp.Sub(now) - parse(ts, args[1]); (off.Abs() < time.Minute) == neg {
		ts.Fatalf("it ends at %s, %s off", c.Status.ExpirationTimestamp, off)
	}
}

// tokenHost: `tokenhost FILE HOST REGION`: the call goes to that host, signed
// for that region.
func tokenHost(ts *testscript.TestScript, _ bool, args []string) {
	_, u := credentialIn(ts, args[0])
	if u.Scheme != "https" || u.Host != args[1] || !strings.Contains(u.Query().Get("X-Amz-Credential"), "/"+args[2]+"/sts/aws4_request") {
		ts.Fatalf("it goes to %s", u)
	}
}

// kubectl: `kubectl USER FILE` does what a client of Kubernetes does with the
// kubeconfig in docs/kubernetes.md: it runs the user's command, tells it what
// the file says, and writes what it prints to the file.
func kubectl(ts *testscript.TestScript, neg bool, args []string) {
	exec, server := kubeconfigOf(ts, args[0])
	info := map[string]any{"apiVersion": exec["apiversion"], "kind": "ExecCredential"}
	spec := map[string]any{"interactive": exec["interactivemode"] != "Never"}
	if exec["provideclusterinfo"] == true {
		spec["cluster"] = map[string]any{"server": server}
	}
	info["spec"] = spec
	text, err := json.Marshal(info)
	ts.Check(err)
	path, err := osexec.LookPath(exec["command"].(string))
	ts.Check(err)
	var words []string
	for _, word := range exec["args"].([]any) {
		words = append(words, word.(string))
	}
	c := osexec.Command(path, words...)
	c.Dir, c.Env, c.Stderr = ts.Getenv("WORK"), append(scriptEnviron(ts), "KUBERNETES_EXEC_INFO="+string(text)), ts.Stderr()
	out, err := c.Output()
	if (err == nil) == neg {
		ts.Fatalf("%v: %v", words, err)
	}
	var answer execCredential
	if err == nil && (json.Unmarshal(out, &answer) != nil || answer.APIVersion != exec["apiversion"]) {
		ts.Fatalf("a client cannot read %s", out)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), out, 0o600))
}

// kubeconfigOf is how a user of the documented kubeconfig signs in, and its
// only cluster's address.
func kubeconfigOf(ts *testscript.TestScript, user string) (exec map[string]any, server string) {
	page, err := os.ReadFile("../docs/kubernetes.md")
	ts.Check(err)
	_, block, _ := strings.Cut(string(page), "```yaml\n")
	block, _, _ = strings.Cut(block, "```")
	var config map[string]any
	ts.Check(yaml.Unmarshal([]byte(block), &config))
	for _, each := range config["users"].([]any) {
		named := each.(map[string]any)
		if named["name"] == user {
			exec = lower(named["user"].(map[string]any)["exec"].(map[string]any))
		}
	}
	cluster := config["clusters"].([]any)[0].(map[string]any)["cluster"].(map[string]any)
	if exec == nil {
		ts.Fatalf("no user %s", user)
	}
	return exec, cluster["server"].(string)
}

func lower(m map[string]any) map[string]any {
	low := map[string]any{}
	for name, value := range m {
		low[strings.ToLower(name)] = value
	}
	return low
}
