package profile

import (
	"errors"
	"strings"
	"testing"

	"assume-role/internal/fault"
)

func text(s string) given { return given{Value: Value{Text: s}, name: "x"} }

// TestLimits holds every field to the lengths and characters of STS's API
// reference, at the edges.
func TestLimits(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name              string
		check             func(given) error
		shortest, longest int
		extra, refused    string
	}{
		{"session name", checkSessionName, 2, 64, "+=,.@-", "/: é\t"},
		{"source identity", checkSourceIdentity, 2, 64, "+=,.@-", "/:"},
		{"external id", checkExternalID, 2, 1224, "+=,.@:/-", " \\*"},
		{"serial", checkSerial, 9, 256, "+=/:,.@-", " *"},
		{"federated name", checkFederatedName, 2, 32, "+=,.@-", "/: "},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			for n, ok := range map[int]bool{tc.shortest - 1: false, tc.shortest: true, tc.longest: true, tc.longest + 1: false} {
				if err := tc.check(text(strings.Repeat("a", n))); (err == nil) != ok {
					t.Errorf("%d characters: %v", n, err)
				}
			}
			for _, c := range "azAZ09_" + tc.extra {
				if err := tc.check(text(strings.Repeat(string(c), 9))); err != nil {
					t.Errorf("%q: %v", c, err)
				}
			}
			for _, c := range tc.refused {
				if err := tc.check(text("aaaaaaaaa" + string(c))); err == nil {
					t.Errorf("%q passed", c)
				}
			}
		})
	}
}

func TestRoleARNs(t *testing.T) {
	t.Parallel()
	good := []string{
		"arn:aws:iam::123456789012:role/x", "arn:aws:iam::123456789012:role/a/b/x+=,.@-_1", "arn:aws-cn:iam::123456789012:role/x",
		"arn:aws-us-gov:iam::123456789012:role/x", "arn:aws-iso-b:iam::123456789012:role/aws-service-role/x",
	}
	bad := []string{
		"", "arn", "arn:aws:iam::123456789012:role", "arn:aws:iam::123456789012:role/", "arn:aws:iam::123456789012:role/x/", "arn:aws:iam::12345678901:role/x",
		"arn:aws:iam::1234567890123:role/x", "arn:aws:iam::12345678901x:role/x", "arn:aws:iam:us-east-1:123456789012:role/x", "arn:aws:sts::123456789012:role/x",
		"arn:aws:sts::123456789012:assumed-role/x/y", "arn:amazon:iam::123456789012:role/x", "arn:aws-:iam::123456789012:role/x", "arn:awsx:iam::123456789012:role/x",
		"arn:AWS:iam::123456789012:role/x", "arn:aws:iam::123456789012:role/a b", "arn:aws:iam::123456789012:role/é", "arn:aws:iam::123456789012:role/x\n",
		" arn:aws:iam::123456789012:role/x", "arn:aws:iam::123456789012:role/" + strings.Repeat("p/", 1024) + "x",
	}
	for _, arn := range good {
		if err := checkRoleARN(text(arn)); err != nil {
			t.Errorf("%q: %v", arn, err)
		}
	}
	for _, arn := range bad {
		if err := checkRoleARN(text(arn)); err == nil {
			t.Errorf("%q passed", arn)
		}
	}
}

func TestRegions(t *testing.T) {
	t.Parallel()
	for region, ok := range map[string]bool{
		"eu-west-1": true, "us-gov-east-1": true, "moon": true, strings.Repeat("a", 63): true, strings.Repeat("a", 64): false,
		"-eu": false, "eu-": false, "EU-west-1": false, "eu.west": false, "eu/west": false, "eu west": false, "eu@west": false, "é": false,
	} {
		if err := checkRegion(text(region)); (err == nil) != ok {
			t.Errorf("%q: %v", region, err)
		}
	}
}

func TestPartitions(t *testing.T) {
	t.Parallel()
	for region, want := range map[string]string{
		"eu-west-1": "aws", "cn-northwest-1": "aws-cn", "us-gov-east-1": "aws-us-gov", "eusc-de-east-1": "aws-eusc", "us-iso-west-1": "aws-iso",
		"us-isob-east-1": "aws-iso-b", "eu-isoe-west-1": "aws-iso-e", "us-isof-east-1": "aws-iso-f", "aws-global": "aws", "mx-central-1": "aws",
	} {
		if got, known := partitionOf(region); got != want || !known {
			t.Errorf("%s: %s, %v, want %s", region, got, known, want)
		}
	}
	for _, p := range partitions() {
		if got, known := partitionOf(p.region); got != p.name || !known || defaultRegion(p.name) != p.region {
			t.Errorf("%s: its own region %s is of %s", p.name, p.region, got)
		}
	}
	if _, known := partitionOf("moon-1"); known {
		t.Error("moon-1 is known")
	}
}

func TestAWSHosts(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]bool{
		"sts.amazonaws.com": true, "STS.EU-WEST-1.AMAZONAWS.COM": true, "sts.cn-north-1.amazonaws.com.cn": true, "sts.us-east-1.api.aws": true, "sts.us-iso-east-1.c2s.ic.gov": true,
		"localhost": false, "amazonaws.com.evil.example": false, "notamazonaws.com": false, "": false,
	} {
		if got := isAWSHost(host); got != want {
			t.Errorf("isAWSHost(%q) = %v", host, got)
		}
	}
}

func TestURLs(t *testing.T) {
	t.Parallel()
	for url, ok := range map[string]bool{
		"https://x": true, "http://localhost:1": true, "http://[::1]:80/x": true, "": true,
		"https://x:8443": true, "https://x:": true, "http://x:65535": true, "http://x/a/b": true, "HTTPS://X": true,
		"x": false, "ftp://x": false, "https://": false, "localhost:1": false, "http://a b": false, "https:x": false, "file:///x": false,
		"http://x:65536": false, "http://x:0": false, "http://x:99999999999": false, "http://x:-1": false, "http://:1": false,
		"http://x?": false, "http://x/?a": false, "http://x#": true, "http://x#a": false, "http://u@x": false, "http://u:p@x": false, "http://@x": false,
	} {
		if err := checkURL(text(url)); (err == nil) != ok {
			t.Errorf("%q: %v", url, err)
		}
	}
}

func TestTagsKeepEqualsSigns(t *testing.T) {
	t.Parallel()
	tags, err := parseTags(text(" a = b=c==, d=,,e=f g "))
	want := []Tag{{"a", "b=c=="}, {"d", ""}, {"e", "f g"}}
	if err != nil || len(tags) != 3 || tags[0] != want[0] || tags[1] != want[1] || tags[2] != want[2] {
		t.Errorf("parseTags = %v, %v, want %v", tags, err, want)
	}
}

func TestPolicies(t *testing.T) {
	t.Parallel()
	for policy, want := range map[string]string{
		"{}": "{}", " { \"a\" : [ 1, \"b c\" ] }\r\n": `{"a":[1,"b c"]}`, `{"é":"ÿ"}`: `{"é":"ÿ"}`,
		"": "", "[]": "", `"x"`: "", "{": "", "{} {}": "", `{"a":"Ā"}`: "", `{"a":"🙂"}`: "", "\ufeff{}": "",
	} {
		if got, err := minifyPolicy(text(policy)); got != want || (err == nil) != (want != "") {
			t.Errorf("minifyPolicy(%q) = %q, %v, want %q", policy, got, err, want)
		}
	}
}

func TestCommandsThatCallThisTool(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]bool{
		"assume-role credential-process p":                        true,
		"/usr/local/bin/assume-role credential-process p":         true,
		`"/opt/my tools/assume-role" credential-process 'p'`:      true,
		`/opt/my\ tools/assume-role credential-process p`:         true,
		`C:\tools\assume-role.exe credential-process p`:           true,
		`"C:\Program Files\Assume-Role.EXE" credential-process p`: true,
		"assume-role credential-process --no-prompt p":            true,
		"assume-role credential-process --region eu-west-1 p":     true,
		"assume-role credential-process p --region eu-west-1":     true,
		"assume-role credential-process --region=eu-west-1 -- p":  true,
		"assume-role export --format process p":                   true,
		"assume-role export p --format=process":                   true,
		"assume-role export p":                                    false,
		"assume-role export --format json p":                      false,
		"assume-role credential-process q":                        false,
		"assume-role credential-process --region p q":             false,
		"assume-role credential-process":                          false,
		"assume-role exec p":                                      false,
		"aws-vault credential-process p":                          false,
		"my-assume-role credential-process p":                     false,
		"assume-role.sh credential-process p":                     false,
		"":                                                        false,
		`assume-role credential-process "`:                        false,
		"assume-role credential-process --region":                 false,
		"assume-role credential-process --":                       false,
		"sh -c 'assume-role credential-process p'":                false,
	} {
		for _, goos := range []string{"linux", "darwin", "windows"} {
			if got := callsItself(line, "p", goos); got != want {
				t.Errorf("callsItself(%q) = %v on %s", line, got, goos)
			}
		}
	}
}

// In WSL the program of Windows is another one: it has other files and keys.
func TestWindowsProgramInWSL(t *testing.T) {
	t.Parallel()
	for _, program := range []string{
		"assume-role.exe", "Assume-Role.EXE", "/mnt/c/Tools/assume-role.exe", `"/mnt/c/Program Files/assume-role/assume-role.exe"`,
	} {
		for goos, want := range map[string]bool{"windows": true, "linux": false, "darwin": false} {
			for _, words := range []string{" credential-process p", " export --format process p"} {
				if got := callsItself(program+words, "p", goos); got != want {
					t.Errorf("callsItself(%q) = %v on %s", program+words, got, goos)
				}
			}
		}
	}
}

func TestResolvingNamesEveryProfileOnce(t *testing.T) {
	t.Parallel()
	c := &Chain{Profile: "my role", Source: Source{Kind: Process, Profile: "base"}}
	env := func(string) string { return "outer\nbase" }
	v := c.Resolving(env)
	if v.Name != VariableResolving || v.Value.Reveal() != "outer\nbase\nmy role" {
		t.Errorf("Resolving = %s=%q", v.Name, v.Value.Reveal())
	}
	cfg := mustLoad(t, "[profile base]\ncredential_process = x\n", "")
	_, err := Resolve(cfg, Request{Profile: "base", Env: func(name string) string { return v.Value.Reveal() }})
	var f *fault.Error
	if !errors.As(err, &f) || f.Code != fault.InfiniteLoop {
		t.Errorf("the second time: %v", err)
	}
}
