package cmd

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"assume-role/internal/fault"
)

// proxyOf asks the variables which proxy an address has.
func proxyOf(t *testing.T, address string, environ ...string) (string, error) {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	u, err := proxies(Host{Environ: environ, GOOS: "linux"})(r)
	if u == nil {
		return "", err
	}
	return u.String(), err
}

func TestProxies(t *testing.T) {
	t.Parallel()
	const sts = "https://sts.eu-west-1.amazonaws.com/"
	for name, c := range map[string]struct {
		address string
		environ []string
		want    string
	}{
		"none":                        {sts, nil, ""},
		"upper case":                  {sts, []string{"HTTPS_PROXY=http://p:1"}, "http://p:1"},
		"lower case first":            {sts, []string{"HTTPS_PROXY=http://p:1", "https_proxy=http://q:2"}, "http://q:2"},
		"each scheme its own":         {sts, []string{"HTTP_PROXY=http://p:1"}, ""},
		"plain http":                  {"http://sts.example/", []string{"HTTP_PROXY=http://p:1"}, "http://p:1"},
		"without a scheme":            {sts, []string{"HTTPS_PROXY=p:1"}, "http://p:1"},
		"with a password":             {sts, []string{"HTTPS_PROXY=http://u:pw@p:1"}, "http://u:pw@p:1"},
		"socks":                       {sts, []string{"HTTPS_PROXY=socks5://p:1"}, "socks5://p:1"},
		"excepted by name":            {sts, []string{"HTTPS_PROXY=http://p:1", "NO_PROXY=.amazonaws.com"}, ""},
		"excepted, lower case first":  {sts, []string{"HTTPS_PROXY=http://p:1", "no_proxy=other", "NO_PROXY=*"}, "http://p:1"},
		"loopback":                    {"https://127.0.0.1:4566/", []string{"HTTPS_PROXY=http://p:1"}, ""},
		"localhost":                   {"https://localhost:4566/", []string{"HTTPS_PROXY=http://p:1"}, ""},
		"instance metadata":           {"http://169.254.169.254/latest/api/token", []string{"HTTP_PROXY=http://p:1"}, ""},
		"instance metadata over IPv6": {"http://[fd00:ec2::254]/latest/api/token", []string{"HTTP_PROXY=http://p:1"}, ""},
		"ECS":                         {"http://169.254.170.2/v2/credentials", []string{"HTTP_PROXY=http://p:1"}, ""},
		"EKS Pod Identity":            {"http://169.254.170.23/v1/credentials", []string{"HTTP_PROXY=http://p:1"}, ""},
		"EKS Pod Identity over IPv6":  {"http://[fd00:ec2::23]/v1/credentials", []string{"HTTP_PROXY=http://p:1"}, ""},
		"metadata, whatever is wrong": {"http://169.254.169.254/", []string{"HTTP_PROXY=::", "HTTPS_PROXY=::"}, ""},
	} {
		got, err := proxyOf(t, c.address, c.environ...)
		if err != nil || got != c.want {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

// A proxy that cannot be is told, by the name of its variable and without its
// text, which may hold a password.
func TestBadProxy(t *testing.T) {
	t.Parallel()
	for environ, name := range map[string]string{
		"HTTPS_PROXY=http://u:canary@p:port":  "HTTPS_PROXY",
		"https_proxy=http://u:canary@[::1":    "https_proxy",
		"HTTPS_PROXY=ftp://u:canary@p:1":      "HTTPS_PROXY",
		"HTTP_PROXY=canary canary":            "HTTP_PROXY",
		"HTTPS_PROXY=http://":                 "HTTPS_PROXY",
		"HTTPS_PROXY=http://u:canary%zz@p:1/": "HTTPS_PROXY",
	} {
		_, err := proxyOf(t, "https://sts.eu-west-1.amazonaws.com/", environ)
		var f *fault.Error
		if !errors.As(err, &f) || !strings.HasPrefix(f.Message, name+" ") || f.Hint == "" || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %v", environ, err)
		}
	}
}
