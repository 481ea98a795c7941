package cmd

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"golang.org/x/net/http/httpproxy"

	"assume-role/internal/fault"
)

// proxies reads the caller's proxy variables, lower case before upper case,
// when the first request is made
// (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-proxy.html).
// Loopback and the addresses of metadata services are this machine's, so no
// proxy is asked for them. A variable that holds no proxy's address is an
// error: without the proxy, a request would go where it must not, or nowhere.
func proxies(host Host) func(*http.Request) (*url.URL, error) {
	choose := sync.OnceValues(func() (func(*url.URL) (*url.URL, error), error) {
		plain, secure := proxyVariable(host, "http_proxy"), proxyVariable(host, "https_proxy")
		config := httpproxy.Config{
			HTTPProxy: plain.text, HTTPSProxy: secure.text,
			NoProxy: proxyVariable(host, "no_proxy").text,
		}
		if err := plain.check(); err != nil {
			return nil, err
		}
		return config.ProxyFunc(), secure.check()
	})
	return func(r *http.Request) (*url.URL, error) {
		if slices.Contains(metadataHosts(), r.URL.Hostname()) {
			return nil, nil
		}
		proxy, err := choose()
		if err != nil {
			return nil, err
		}
		return proxy(r.URL)
	}
}

// metadataHosts are the addresses of EC2's and of containers' credentials.
func metadataHosts() []string {
	return []string{"169.254.169.254", "169.254.170.2", "169.254.170.23", "fd00:ec2::254", "fd00:ec2::23"}
}

// variable is one of the caller's, under the name that counted.
type variable struct{ name, text string }

func proxyVariable(host Host, lower string) variable {
	if text := host.Getenv(lower); text != "" {
		return variable{lower, text}
	}
	upper := strings.ToUpper(lower)
	return variable{upper, host.Getenv(upper)}
}

// check refuses what net/http would pass over in silence. The text may hold a
// password, so it is not shown.
func (v variable) check() error {
	if v.text == "" {
		return nil
	}
	text := v.text
	if !strings.Contains(text, "://") {
		text = "http://" + text
	}
	u, err := url.Parse(text)
	if err == nil && u.Hostname() != "" && slices.Contains([]string{"http", "https", "socks5", "socks5h"}, u.Scheme) {
		return nil
	}
	return fault.New(fault.InvalidValue, "%s is not the address of a proxy", v.name).Fix("write it as http://HOST:PORT")
}
