package sso

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"assume-role/internal/bearer"
	"assume-role/internal/fault"
	"assume-role/internal/terminal"
)

// resolved is the start URL that AWS knows. An address of a company's own may
// lead there with one redirect, as for the AWS CLI; what it leads to is AWS's
// and in sso_region.
func (s *Session) resolved(ctx context.Context) (string, error) {
	host := hostOf(s.StartURL)
	switch {
	case !strings.HasPrefix(s.StartURL, "https://") || host == "":
		return "", s.badStart("is not an https address")
	case ofAWS(host), strings.Contains(s.Region, "-iso"): // isolated regions have names of their own
		return s.StartURL, nil
	}
	to, err := s.redirect(ctx)
	if err != nil {
		return "", err
	}
	switch {
	case to == nil:
		return "", s.badStart("is not an access portal of AWS, and does not lead to one")
	case to.Scheme != "https" || !ofAWS(to.Hostname()):
		return "", s.badStart("leads to " + terminal.Visible(to.Scheme+"://"+to.Host) + ", which is not an access portal of AWS")
	}
	if is := regionOf(to.Hostname()); is != "" && is != s.Region {
		return "", s.fail([]string{"sso_region"}, "sso_region is %s, and %s leads to a portal in %s", s.Region, s.StartURL, is).
			Fix("set sso_region to %s", is)
	}
	to.RawQuery, to.Fragment, to.User = "", "", nil
	return strings.TrimRight(to.String(), "/"), nil
}

func (s *Session) badStart(how string) error {
	err := s.fail([]string{"sso_start_url"}, "sso_start_url %s %s", s.StartURL, how).
		Fix("use the AWS access portal URL that IAM Identity Center shows in its settings")
	err.Code = fault.InvalidValue
	return err
}

// redirect asks where a start URL leads; nil where it leads nowhere. Nothing
// secret is sent.
func (s *Session) redirect(ctx context.Context) (*url.URL, error) {
	for _, method := range []string{http.MethodHead, http.MethodGet} {
		response, err := s.look(ctx, method)
		if err != nil {
			return nil, err
		}
		switch response.StatusCode {
		case http.StatusMethodNotAllowed, http.StatusNotImplemented:
			continue
		case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
			to, err := response.Location()
			if err != nil {
				return nil, s.badStart("redirects to no address")
			}
			return to, nil
		}
		return nil, nil
	}
	return nil, nil
}

// look makes one request of the start URL and follows nothing.
func (s *Session) look(ctx context.Context, method string) (*http.Response, error) {
	c, err := s.Client()
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, method, s.StartURL, nil)
	if err != nil {
		return nil, s.badStart("is not an https address")
	}
	request.Header.Set("User-Agent", c.UserAgent)
	client := *c.HTTP
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	response, err := client.Do(request)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, &bearer.Unreachable{Host: request.URL.Host, Err: err}
	}
	_ = response.Body.Close() // the headers are all there is to see
	return response, nil
}
