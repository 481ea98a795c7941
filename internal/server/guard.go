package server

import (
	"net"
	"net/http"
	"strconv"
	"strings"
)

// hostsOf are the Host headers of requests that mean this listener: its port on
// the loopback names, and its own address. Any other was sent by something that
// took a name of its own for us, as DNS rebinding does.
func hostsOf(a net.Addr) map[string]bool {
	tcp, ok := a.(*net.TCPAddr)
	if !ok {
		return nil
	}
	names := []string{"127.0.0.1", "localhost", "[::1]"}
	if own := tcp.IP; own != nil && !own.IsUnspecified() {
		names = append(names, strings.TrimSuffix(net.JoinHostPort(own.String(), ""), ":"))
	}
	hosts := map[string]bool{}
	for _, name := range names {
		hosts[name+":"+strconv.Itoa(tcp.Port)] = true
		if tcp.Port == 80 {
			hosts[name] = true // as clients write it
		}
	}
	return hosts
}

// foreign says why a request is none of a local program that means us, or is
// empty.
func (h *handler) foreign(r *http.Request) string {
	switch {
	case r.ProtoMajor != 1 || r.ProtoMinor < 1:
		return "it is not HTTP/1.1"
	case !strings.HasPrefix(r.RequestURI, "/"):
		return "it is written for a proxy"
	case !h.options.Unix && !h.hosts[strings.ToLower(r.Host)]:
		return "its Host is not ours"
	}
	for name := range r.Header {
		if fromElsewhere(name) {
			return "it has the header " + name
		}
	}
	return ""
}

// fromElsewhere names the headers of proxies and of web pages. Sec-Fetch-Mode
// is not among them: Node's fetch sends it outside browsers, too.
func fromElsewhere(header string) bool {
	switch header {
	case "Forwarded", "Via", "X-Real-Ip", "Origin", "Sec-Fetch-Site", "Access-Control-Request-Method":
		return true
	}
	return strings.HasPrefix(header, "X-Forwarded-")
}
