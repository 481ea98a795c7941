package console

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"assume-role/internal/creds"
)

func siteOf(t testing.TB, partition string) Site {
	t.Helper()
	s, err := SiteOf(partition)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSites(t *testing.T) {
	t.Parallel()
	for partition, want := range map[string][3]string{
		"aws":        {"https://signin.aws.amazon.com/federation", "https://us-east-1.signin.aws.amazon.com/oauth?", "https://console.aws.amazon.com/console/home"},
		"aws-cn":     {"https://signin.amazonaws.cn/federation", "https://signin.amazonaws.cn/oauth?", "https://console.amazonaws.cn/console/home"},
		"aws-us-gov": {"https://signin.amazonaws-us-gov.com/federation", "https://signin.amazonaws-us-gov.com/oauth?", "https://console.amazonaws-us-gov.com/console/home"},
		"aws-eusc":   {"https://signin.amazonaws-eusc.eu/federation", "https://signin.amazonaws-eusc.eu/oauth?", "https://console.amazonaws-eusc.eu/console/home"},
	} {
		s := siteOf(t, partition)
		link := s.Link("to&ken", s.Home(Service{}, ""))
		if s.Federation() != want[0] || !strings.HasPrefix(link.Reveal(), want[0]+"?") || !strings.HasPrefix(s.SignOutFirst(link).Reveal(), want[1]) || s.Home(Service{}, "") != want[2] {
			t.Errorf("%s: %+v", partition, s)
		}
	}
	for _, partition := range []string{"aws-iso", "aws-iso-b", "", "AWS"} {
		if _, err := SiteOf(partition); err == nil {
			t.Errorf("%q has a console", partition)
		}
	}
}

func TestLinks(t *testing.T) {
	t.Parallel()
	s := siteOf(t, "aws").At("http://127.0.0.1:1/")
	link := s.Link("a/b+c&d", "https://console.aws.amazon.com/s3/home?region=eu-west-1&x=y#z")
	if fmt.Sprint(link) != "***" {
		t.Errorf("%v", link)
	}
	q := query(t, link.Reveal(), "http://127.0.0.1:1/federation")
	if q.Get("Action") != "login" || q.Get("SigninToken") != "a/b+c&d" || q.Get("Destination") != "https://console.aws.amazon.com/s3/home?region=eu-west-1&x=y#z" || len(q) != 3 {
		t.Errorf("%v", q)
	}
	q = query(t, s.SignOutFirst(link).Reveal(), "http://127.0.0.1:1/oauth")
	if q.Get("Action") != "logout" || q.Get("redirect_uri") != link.Reveal() || len(q) != 2 {
		t.Errorf("%v", q)
	}
}

// query takes an address apart that must begin like this.
func query(t *testing.T, address, begin string) url.Values {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil || u.Scheme+"://"+u.Host+u.Path != begin {
		t.Fatalf("%s: %v", address, err)
	}
	return u.Query()
}

func TestTokenRequest(t *testing.T) {
	t.Parallel()
	r := TokenRequest{Credentials: creds.Credentials{AccessKeyID: "ASIA1", SecretAccessKey: "s/+\"", SessionToken: "t&="}}
	form := r.Form()
	if form.Get("Action") != "getSigninToken" || form.Has("SessionDuration") || len(form) != 2 {
		t.Errorf("%v", form)
	}
	var session map[string]string
	if err := json.Unmarshal([]byte(form.Get("Session")), &session); err != nil {
		t.Fatal(err)
	}
	if session["sessionId"] != "ASIA1" || session["sessionKey"] != "s/+\"" || session["sessionToken"] != "t&=" || len(session) != 3 {
		t.Errorf("%v", session)
	}
	r.Duration = 12 * time.Hour
	if r.Form().Get("SessionDuration") != "43200" {
		t.Errorf("%v", r.Form())
	}
	if text := fmt.Sprintf("%+v", r); strings.Contains(text, "t&=") {
		t.Error(text)
	}
}

func TestHome(t *testing.T) {
	t.Parallel()
	s := siteOf(t, "aws")
	for _, tc := range []struct{ service, region, want string }{
		{"", "", "https://console.aws.amazon.com/console/home"},
		{"", "eu-west-1", "https://eu-west-1.console.aws.amazon.com/console/home?region=eu-west-1"},
		{"s3", "", "https://console.aws.amazon.com/s3/home"},
		{"DDB", "us-east-1", "https://us-east-1.console.aws.amazon.com/dynamodbv2/home?region=us-east-1"},
		{"iam", "eu-west-1", "https://console.aws.amazon.com/iam/home?region=eu-west-1"},
		{"logs", "eu-west-1", "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logsV2:log-groups"},
	} {
		service, ok := Lookup(tc.service)
		if got := s.Home(service, tc.region); got != tc.want || ok != (tc.service != "") {
			t.Errorf("%s in %s: %s", tc.service, tc.region, got)
		}
	}
}

// TestServices holds the list to what can be typed and opened: every name is
// one service's, and every page is one that --destination would take as well.
func TestServices(t *testing.T) {
	t.Parallel()
	names := Names()
	if len(services()) < 120 || !slices.IsSorted(names) || len(slices.Compact(slices.Clone(names))) != len(names) {
		t.Errorf("%d services, names twice: %v", len(services()), names)
	}
	name, path := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`), regexp.MustCompile(`^[a-z0-9/-]+(#[A-Za-z0-9/:-]+)?$`)
	s := siteOf(t, "aws")
	for _, service := range services() {
		if !path.MatchString(service.Path) || len(service.Names) == 0 {
			t.Errorf("%+v", service)
		}
		home := s.Home(service, "eu-west-1")
		if got, err := s.Destination(home); err != nil || got != home {
			t.Errorf("%s: %s %v", home, got, err)
		}
		for _, n := range service.Names {
			if found, ok := Lookup(strings.ToUpper(n)); !name.MatchString(n) || !ok || found.Path != service.Path {
				t.Errorf("%q: %+v", n, found)
			}
		}
	}
	for _, known := range strings.Fields("acm apigw athena c9 ce cf cfn cloudmap codedeploy ct cw ddb dms dx eb ec2 ecr ecs eks events gd grafana iam kms l lambda mwaa param r53 ram rds redshift s3 sagemaker scrh scrm sfn sm sns ssm sso states stepfn tra vpc waf wafv2") {
		if _, ok := Lookup(known); !ok {
			t.Errorf("%q is not known", known)
		}
	}
}

func TestDestination(t *testing.T) {
	t.Parallel()
	s := siteOf(t, "aws")
	for given, want := range map[string]string{
		"https://console.aws.amazon.com/":                                          "",
		"https://console.aws.amazon.com":                                           "",
		"https://eu-west-1.console.aws.amazon.com/s3/home?region=eu-west-1#/x?y=z": "",
		"https://123456789012-abc.us-east-1.console.aws.amazon.com/ec2/":           "",
		"HTTPS://Console.AWS.Amazon.com:443/X":                                     "https://console.aws.amazon.com/X",
	} {
		if want == "" {
			want = given
		}
		if got, err := s.Destination(given); err != nil || got != want {
			t.Errorf("%s: %s %v", given, got, err)
		}
	}
	for _, given := range []string{
		"", "x", "/s3/home", "//console.aws.amazon.com/", "https:console.aws.amazon.com", "https:/console.aws.amazon.com/", "https://",
		"http://console.aws.amazon.com/", "javascript:alert(1)", "data:text/html,x", "ftp://console.aws.amazon.com/",
		"https://console.aws.amazon.com.evil.example/", "https://evil.example/console.aws.amazon.com", "https://evilconsole.aws.amazon.com/",
		"https://evil.example/#https://console.aws.amazon.com/", "https://evil.example?.console.aws.amazon.com/", "https://evil.example#.console.aws.amazon.com",
		"https://user@console.aws.amazon.com/", "https://console.aws.amazon.com@evil.example/", "https://console.aws.amazon.com:8443/", "https://console.aws.amazon.com:/",
		`https://evil.example\.console.aws.amazon.com/`, `https:\\console.aws.amazon.com/`, "https://console.aws.amazon.com./", "https://.console.aws.amazon.com/", "https://a..console.aws.amazon.com/",
		"https://evil.example%2f.console.aws.amazon.com/", "https://evil.example%23.console.aws.amazon.com/", "https://evil_.console.aws.amazon.com/",
		" https://console.aws.amazon.com/", "https://console.aws.amazon.com/\n", "https://con\tsole.aws.amazon.com/", "https://console.aws.amazon.com/a b",
		"https://cönsole.aws.amazon.com/", "https://console。aws.amazon.com/", "https://console.amazonaws.cn/", "https://console.amazonaws-eusc.eu/", "https://signin.aws.amazon.com/",
		"https://[::1]/", "https://127.0.0.1/", "https://s3.amazonaws.com/",
	} {
		if got, err := s.Destination(given); err == nil {
			t.Errorf("%q is taken as %s", given, got)
		}
	}
}

// FuzzDestination: whatever is taken stays in the console's domain for any
// reader, strict or lax, and is taken again as it is.
func FuzzDestination(f *testing.F) {
	for _, seed := range []string{
		"https://console.aws.amazon.com/", "https://eu-west-1.console.aws.amazon.com/s3/home?region=x#y", "https://a@console.aws.amazon.com/",
		`https://evil\.console.aws.amazon.com`, "https://evil%2f.console.aws.amazon.com", "https://console.aws.amazon.com:443", "https:///console.aws.amazon.com",
	} {
		f.Add(seed)
	}
	s := siteOf(f, "aws")
	lax := regexp.MustCompile(`^https://([a-z0-9-]+\.)*console\.aws\.amazon\.com([/?#]|$)`)
	f.Fuzz(func(t *testing.T, given string) {
		got, err := s.Destination(given)
		if err != nil {
			return
		}
		if !lax.MatchString(got) || strings.ContainsAny(got, "\\ \t\r\n") {
			t.Errorf("%q is taken as %q", given, got)
		}
		if again, err := s.Destination(got); err != nil || again != got {
			t.Errorf("%q is not taken again: %q %v", got, again, err)
		}
	})
}
