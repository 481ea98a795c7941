package cmd

import (
	"net/url"
	"strings"

	"assume-role/internal/awsfile"
	"assume-role/internal/fault"
	"assume-role/internal/populate"
	"assume-role/internal/profile"
)

// ssoSection is an [sso-session] section that the command line describes.
type ssoSection struct{ name, startURL, region string }

// isStartURL tells a start URL from a profile's or a session's name.
func isStartURL(word string) bool { return strings.Contains(word, "://") }

// newSSOSection checks --name and --sso-region beside a start URL.
func newSSOSection(startURL, region, name string) (ssoSection, error) {
	s := ssoSection{name: name, startURL: strings.TrimRight(startURL, "/#"), region: region}
	switch {
	case region == "" || name == "":
		return s, usage("with a start URL give --sso-region REGION, that of the Identity Center instance, and --name SESSION, a name of your own")
	case !profile.IsRegion(region):
		return s, usage("--sso-region %q is not a region: write one such as eu-west-1", region)
	case populate.Reduce(name) != name:
		return s, usage("--name %q: only letters, digits and _ . @ / + - may be in it", name)
	}
	return s, s.checkURL()
}

// checkURL wants an address that a browser can be sent to.
func (s ssoSection) checkURL() error {
	u, err := url.Parse(s.startURL)
	switch {
	case err != nil || u.Host == "" || strings.ContainsAny(s.startURL, " \t#"):
		return usage("%q is not a start URL: it looks like https://NAME.awsapps.com/start", s.startURL)
	case u.Scheme != "https":
		return usage("the start URL must begin with https://: %q", s.startURL)
	case u.User != nil || u.RawQuery != "":
		return usage("the start URL must not have a user or a query in it")
	}
	return nil
}

// put writes the section into a config file's text. One that is there already
// must say the same.
func (s ssoSection) put(f *awsfile.File) error {
	header := "sso-session " + s.name
	for _, is := range []struct{ key, value string }{{"sso_start_url", s.startURL}, {"sso_region", s.region}} {
		if old, ok := f.Get(header, is.key); ok && strings.TrimRight(old, "/#") != is.value {
			return fault.New(fault.InvalidValue, "[%s] is there already, with another %s: %s", header, is.key, old).
				At(fault.Origin{File: "config", Path: f.Name}).Fix("give another --name, or leave out the URL to use it as it is")
		}
	}
	for _, is := range []struct{ key, value string }{
		{"sso_start_url", s.startURL}, {"sso_region", s.region}, {"sso_registration_scopes", "sso:account:access"},
	} {
		if _, ok := f.Get(header, is.key); ok {
			continue
		}
		if err := f.Set(header, is.key, is.value); err != nil {
			return err
		}
	}
	return nil
}

// addSSOSection puts the section into the config file, unless it is there, and
// shows it before it is written.
func (a *app) addSSOSection(s ssoSection) error {
	shown := false
	return awsfile.UntilSaved(func() error {
		f, err := a.configFile()
		if err != nil {
			return err
		}
		if err := s.put(f); err != nil {
			return err
		}
		if f.Changed() && !shown {
			a.announce(f)
			shown = true
		}
		return a.saveAWSFile(f)
	})
}
