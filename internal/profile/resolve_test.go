package profile

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
)

var update = flag.Bool("update", false, "write what Resolve says into testdata/chains, to be reviewed")

// TestChains runs testdata/chains: each file has config, credentials, env and
// stored (the key store's index), then pairs of a request and the plan, or
// the error, that it must give.
func TestChains(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/chains/*.txtar")
	if err != nil || len(files) < 20 {
		t.Fatalf("read %d vector files (%v), want all", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			runVectors(t, file)
		})
	}
}

func runVectors(t *testing.T, file string) {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	world := map[string]string{}
	ran := 0
	for i, f := range archive.Files {
		title, isRequest := strings.CutPrefix(f.Name, "request")
		if !isRequest {
			world[f.Name] = string(f.Data)
			continue
		}
		ran++
		got := answer(t, world, string(f.Data))
		if *update {
			archive.Files[i+1].Data = []byte(got)
		} else if diff := cmp.Diff(string(archive.Files[i+1].Data), got); diff != "" {
			t.Errorf("%s:%s (-want +got):\n%s", file, title, diff)
		}
	}
	if ran == 0 {
		t.Errorf("%s asks nothing", file)
	}
	if *update {
		write(t, file, string(txtar.Format(archive)))
	}
}

// answer resolves one request and prints the plan or the error.
func answer(t *testing.T, world map[string]string, request string) string {
	cfg, err := load2(t, world["config"], world["credentials"])
	if err != nil {
		return shownError(err)
	}
	req := readRequest(t, request)
	env := pairs(t, world["env"]+"\n"+envLines(request))
	stored := pairs(t, strings.ReplaceAll(world["stored"], " ", "="))
	req.Env = func(name string) string { return env[name] }
	req.Now = func() time.Time { return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC) }
	if req.FromJSON != nil {
		req.FromJSON.Text = creds.Secret(world[req.FromJSON.Name])
	}
	req.Absolute = absolute
	req.StoredKey = func(name string) (string, bool) { id, ok := stored[name]; return id, ok }
	req.ReadFile = func(path string) ([]byte, error) {
		if text, ok := world[path]; ok {
			return []byte(text), nil
		}
		return nil, os.ErrNotExist
	}
	if strings.TrimSpace(request) == "" || strings.HasPrefix(request, "select") {
		return answerSelect(cfg, req)
	}
	chain, err := Resolve(cfg, req)
	if err != nil {
		return shownError(err)
	}
	if n, asked := administrates(t, request); asked {
		chain = chain.Administrator(n, req.Defaults.TokenDuration)
	}
	return shownChain(chain)
}

// administrates reads the line "administrator N" of a request.
func administrates(t *testing.T, request string) (n int, asked bool) {
	for _, line := range strings.Split(request, "\n") {
		if text, ok := strings.CutPrefix(line, "administrator "); ok {
			number, err := strconv.Atoi(text)
			if err != nil {
				t.Fatal(err)
			}
			return number, true
		}
	}
	return 0, false
}

// absolute is for a caller in /cwd whose home is /home/me.
func absolute(path string) string {
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		return "/home/me/" + rest
	}
	if strings.HasPrefix(path, "/") {
		return path
	}
	return "/cwd/" + path
}

func answerSelect(cfg *Config, req Request) string {
	name, how, err := Select(cfg, req)
	if err != nil {
		return shownError(err)
	}
	return fmt.Sprintf("selects %q: %s\n", name, how)
}

func pairs(t *testing.T, text string) map[string]string {
	found := map[string]string{}
	for s := bufio.NewScanner(strings.NewReader(text)); s.Scan(); {
		if s.Text() == "" {
			continue
		}
		name, value, ok := strings.Cut(s.Text(), "=")
		if !ok {
			t.Fatalf("%q is not NAME=VALUE", s.Text())
		}
		found[name] = value
	}
	return found
}

// envLines returns the lines of a request that set a variable.
func envLines(request string) string {
	var kept []string
	for _, line := range strings.Split(request, "\n") {
		if strings.HasPrefix(line, "AWS_") || strings.HasPrefix(line, "ASSUME_ROLE_") || strings.HasPrefix(line, "REQUESTS_") {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "\n")
}

// readRequest reads lines of NAME VALUE; those of a variable are left out.
func readRequest(t *testing.T, text string) Request {
	var req Request
	for _, line := range strings.Split(text, "\n") {
		name, value, _ := strings.Cut(line, " ")
		set, ok := requestFields(&req)[name]
		switch {
		case ok:
			set(value)
		case line != "" && line != "select" && envLines(line) == "":
			t.Fatalf("unknown request line %q", line)
		}
	}
	return req
}

func requestFields(req *Request) map[string]func(string) {
	text := func(to *string) func(string) { return func(v string) { *to = v } }
	list := func(to *[]string) func(string) { return func(v string) { *to = append(*to, v) } }
	yes := func(to *bool) func(string) { return func(string) { *to = true } }
	span := func(to *time.Duration) func(string) {
		return func(v string) {
			d, err := time.ParseDuration(v)
			if err != nil {
				panic(err)
			}
			*to = d
		}
	}
	o, d := &req.Overrides, &req.Defaults
	return map[string]func(string){
		"profile": text(&req.Profile), "source-profile": text(&req.SourceProfile), "role-arn": text(&req.RoleARN), "web-identity": text(&req.WebIdentity), "inside": text(&req.Inside), "chosen": text(&req.Chosen),
		"region": text(&o.Region), "session-name": text(&o.SessionName), "external-id": text(&o.ExternalID), "source-identity": text(&o.SourceIdentity),
		"policy": text(&o.Policy), "mfa-serial": text(&o.MFASerial), "mfa-token": yes(&o.MFAToken), "federate": text(&o.Federate), "expect-account": text(&o.ExpectAccount),
		"transitive-tag": list(&o.TransitiveTagKeys), "policy-arn": list(&o.PolicyARNs), "managed": list(&o.ManagedPolicies),
		"no-session-token": yes(&o.NoSessionToken), "legacy-sts": yes(&d.LegacySTS), "session-token": text(&d.SessionToken),
		"duration": span(&o.Duration), "token-duration": span(&d.TokenDuration), "role-duration": span(&d.RoleDuration),
		"services": list(&req.Services), "administrator": func(string) {},
		"from-json": func(v string) { req.FromJSON = &Document{Name: v} },
		"on-ec2":    func(string) { req.OnEC2 = func() bool { return true } },
		"tag": func(v string) {
			key, value, _ := strings.Cut(v, "=")
			o.Tags = append(o.Tags, Tag{key, value})
		},
	}
}

func shownError(err error) string {
	var f *fault.Error
	if !errors.As(err, &f) {
		return "not a fault: " + err.Error() + "\n"
	}
	return fmt.Sprintf("error %s at %s:%d\n%v\n", f.Code, f.Origin.File, f.Origin.Line, f)
}

// printer writes the parts of a plan that are set, a line each.
type printer struct{ strings.Builder }

func (p *printer) line(name string, value any) {
	if text := fmt.Sprint(value); text != "" && text != "false" && text != "0" && text != "0s" && text != "[]" {
		fmt.Fprintf(p, "%s %s\n", name, text)
	}
}

func shownChain(c *Chain) string {
	var p printer
	p.source(&c.Source)
	for i := range c.Calls {
		p.call("", &c.Calls[i])
	}
	p.line("sts", c.STS.Region+" "+c.STS.Partition)
	p.line("  url", c.STS.URL)
	p.line("  fips", c.STS.FIPS)
	p.line("  dual-stack", c.STS.DualStack)
	p.line("  legacy", c.STS.Legacy)
	p.line("  ca", c.STS.CABundle)
	p.line("  attempts", c.STS.MaxAttempts)
	p.line("  adaptive", c.STS.Adaptive)
	for _, name := range slices.Sorted(maps.Keys(c.Services)) {
		e := c.Services[name]
		p.line("service", strings.Join(strings.Fields(name+" "+e.Region+" "+e.Partition+" "+e.URL), " "))
		p.line("  fips", e.FIPS)
		p.line("  dual-stack", e.DualStack)
		p.line("  ca", e.CABundle)
		p.line("  attempts", e.MaxAttempts)
	}
	p.line("region", c.Region)
	p.line("expect", c.ExpectAccount)
	p.line("confirm", c.Confirm)
	p.line("agents", c.Agents)
	p.origins("", c.Settings)
	for _, v := range c.Child {
		p.line("child", v.Name+"="+v.Value.Reveal())
	}
	for _, note := range c.Notes {
		p.line("note", note)
	}
	return p.String()
}

func (p *printer) source(s *Source) {
	p.line("source", strings.Join(strings.Fields(string(s.Kind)+" "+s.Profile+" "+s.Keys.AccessKeyID), " "))
	p.line("  secret", s.Keys.SecretAccessKey.Reveal())
	p.line("  token", s.Keys.SessionToken.Reveal())
	p.line("  account", s.Keys.AccountID)
	if !s.Keys.Expiration.IsZero() {
		p.line("  expires", s.Keys.Expiration.Format(time.RFC3339))
	}
	p.line("  at", at(s.Origin))
	for _, name := range slices.Sorted(maps.Keys(s.Settings)) {
		p.line("  "+name, s.Settings[name].Text+" "+at(s.Settings[name].Origin))
	}
	for _, name := range slices.Sorted(maps.Keys(s.Endpoints)) {
		e := s.Endpoints[name]
		p.line("  "+name, e.URL+" "+e.Region+" "+e.Partition)
		p.line("    ca", e.CABundle)
		p.line("    attempts", e.MaxAttempts)
	}
	if s.Unavailable != nil {
		p.line("  unavailable", shownError(s.Unavailable))
	}
	for _, other := range s.PassedOver {
		p.line("  not used", other)
	}
	if s.Role != nil {
		p.call("  ", s.Role)
	}
}

func (p *printer) call(indent string, c *Call) {
	p.line(indent+"call", strings.Join(strings.Fields(string(c.Kind)+" "+c.Profile+" "+c.RoleARN+" "+c.Duration.String()), " "))
	if d := c.Device; d != nil {
		p.line(indent+"  device", d.Serial+" of "+d.Profile+" "+at(d.Origin))
		p.line(indent+"  device process", d.Process.Text)
	}
	indent += "  "
	p.line(indent+"conditional", c.Conditional)
	p.line(indent+"chained", c.Chained)
	p.line(indent+"name", c.SessionName)
	p.line(indent+"external", c.ExternalID)
	p.line(indent+"identity", c.SourceIdentity)
	p.line(indent+"tags", c.Tags)
	p.line(indent+"transitive", c.TransitiveTagKeys)
	p.line(indent+"policy", c.Policy)
	p.line(indent+"policies", c.PolicyARNs)
	p.line(indent+"federated", c.FederatedName)
	p.origins(indent, c.Settings)
}

func (p *printer) origins(indent string, origins map[string]fault.Origin) {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(origins)) {
		all = append(all, name+" "+at(origins[name]))
	}
	p.line(indent+"from", strings.Join(all, ", "))
}

func at(o fault.Origin) string {
	if o == (fault.Origin{}) {
		return ""
	}
	return fmt.Sprintf("%s:%d", o.File, o.Line)
}
