package profile

import (
	"maps"

	"assume-role/internal/fault"
)

// The settings that make up one credential. They are taken together from one
// file: a token of one beside keys of another signs nothing.
const (
	keyAccessKeyID     = "aws_access_key_id"
	keySecretAccessKey = "aws_secret_access_key"
	keySessionToken    = "aws_session_token"
	// keySecurityToken is boto's old name of the session token; it counts
	// where there is no aws_session_token.
	keySecurityToken = "aws_security_token"
	keyAccountID     = "aws_account_id"
)

var credentialKeys = [...]string{keyAccessKeyID, keySecretAccessKey, keySessionToken, keySecurityToken, keyAccountID}

// Profile returns a profile, merged of both files: on a conflict the
// credentials file's value counts. An unknown one is a
// fault.ProfileNotFound that suggests the nearest names. Where only its
// include_profile cannot be followed, the profile comes back beside the
// error, as it is without.
func (c *Config) Profile(name string) (*Profile, error) {
	if p, ok := c.merged.Load(name); ok {
		return p.(*Profile), nil
	}
	p, err := c.own(name)
	if err != nil {
		return nil, err
	}
	if err := c.include(p); err != nil {
		return p, err
	}
	c.merged.Store(name, p)
	return p, nil
}

// own returns a profile without what it includes.
func (c *Config) own(name string) (*Profile, error) {
	inConfig, inCredentials := c.config.profile(name), c.credentials.profile(name)
	p := &Profile{Name: name}
	if len(inCredentials) > 0 {
		p.Origin = c.credentials.at(inCredentials[0].line)
	}
	if len(inConfig) > 0 {
		p.Origin = c.config.at(inConfig[0].line)
	}
	if p.Origin == (fault.Origin{}) {
		return nil, c.notFound(name)
	}
	return p, p.fill(c, inConfig, inCredentials)
}

func (p *Profile) fill(c *Config, inConfig, inCredentials []section) error {
	config, err := c.config.parse(inConfig)
	if err != nil {
		return err
	}
	credentials, err := c.credentials.parse(inCredentials)
	if err != nil {
		return err
	}
	p.settings = merge(config, credentials)
	return nil
}

// merge joins a profile's settings of both files; the credentials file's
// count, and all of a credential comes from one file.
func merge(config, credentials settings) settings {
	switch {
	case credentials.haveKeys():
		config.dropCredential()
	case config.haveKeys():
		credentials.dropCredential()
	}
	if len(config) == 0 {
		return credentials
	}
	maps.Copy(config, credentials)
	return config
}

func (s settings) haveKeys() bool {
	return s[keyAccessKeyID].Text != "" || s[keySecretAccessKey].Text != ""
}

func (s settings) dropCredential() {
	for _, key := range credentialKeys {
		delete(s, key)
	}
}

func (c *Config) notFound(name string) error {
	return fault.New(fault.ProfileNotFound, "there is no such profile in %s or %s", c.config.origin.Path, c.credentials.origin.Path).
		In(name).Fix("%s", c.suggest(name, "list them with: assume-role list"))
}

// SSOSession returns an [sso-session] section of the config file.
func (c *Config) SSOSession(name string) (*Profile, bool) { return c.named(ssoSection, name) }

// Services returns a [services] section of the config file.
func (c *Config) Services(name string) (*Profile, bool) { return c.named(servicesSection, name) }

func (c *Config) named(kind sectionKind, name string) (*Profile, bool) {
	found := c.config.find(kind, name)
	if len(found) == 0 {
		return nil, false
	}
	if s, ok := c.sections.Load(found[0].line); ok {
		return s.(*Profile), true
	}
	values, err := c.config.parse(found)
	if err != nil {
		return nil, false
	}
	s := &Profile{Name: name, Origin: c.config.at(found[0].line), settings: values}
	c.sections.Store(found[0].line, s)
	return s, true
}
