package cmd

import (
	"context"
	"errors"

	"assume-role/internal/assume"
	"assume-role/internal/cache"
	"assume-role/internal/creds"
	"assume-role/internal/exec"
	"assume-role/internal/fault"
	"assume-role/internal/keystore"
	"assume-role/internal/profile"
	"assume-role/internal/program"
	"assume-role/internal/terminal"
)

// assumer wires what a chain needs to become credentials. Nothing is opened
// yet: the keyring, the terminal and the network wait for their first use.
func (a *app) assumer(ctx context.Context, chain *profile.Chain, f *credentialFlags, settings Settings, policy cache.Policy) (*assume.Assumer, error) {
	options, err := a.shapingOptions(chain, settings)
	if err != nil {
		return nil, err
	}
	if options.MFA, err = a.codes(f, settings, options.Program); err != nil {
		return nil, err
	}
	options.Cache = &cache.Cache{Store: a.unkept, Now: a.host.Now}
	if !f.noCache {
		if options.Cache, err = a.sessionCache(ctx); err != nil {
			return nil, err
		}
	}
	options.Policy, options.Trusted, options.Choose = policy, settings.TrustedEndpoints, a.choose
	options.LoadKey = func(name string) (creds.Credentials, error) { return a.loadKey(ctx, name) }
	options.Locks, _ = a.locks() // without one the sources that need a lock say so
	options.Now, options.Note, options.Debug = a.host.Now, a.note, a.debug
	options.Proxy, options.UserAgent = proxies(a.host), userAgent()
	var assumer *assume.Assumer
	options.SignIn = a.signIn(chain, settings, func() *assume.Assumer { return assumer })
	assumer = assume.New(options)
	return assumer, nil
}

// userAgent is how AWS's logs know this program.
func userAgent() string { return "assume-role/" + version }

// shapingOptions are those that tell the sessions of a chain apart. They are
// enough for its cache keys.
func (a *app) shapingOptions(chain *profile.Chain, settings Settings) (assume.Options, error) {
	name, err := sessionNamer(a.host, settings.SessionName, chain.Profile)
	if err != nil {
		return assume.Options{}, err
	}
	sso, login, err := a.signInFolders()
	if err == nil && (chain.Source.Kind == profile.SSO && sso == "" || chain.Source.Kind == profile.Login && login == "") {
		err = fault.New(fault.NoCredentials, "there is no home folder to look for the AWS CLI's tokens in").
			In(chain.Source.Profile).Fix("set HOME")
	}
	return assume.Options{
		SSOCache: sso, LoginCache: login, SessionName: name, NameShapes: settings.SessionName != "",
		Program: a.program(), Getenv: a.host.Getenv, Machine: a.host.Machine,
	}, err
}

// chainKeys are the cache keys of a chain as it is now.
func (a *app) chainKeys(chain *profile.Chain, settings Settings) ([]string, error) {
	options, err := a.shapingOptions(chain, settings)
	if err != nil {
		return nil, err
	}
	return assume.New(options).Keys(chain)
}

// signInFolders are where the AWS CLI keeps its tokens, empty where there is no
// home; a variable moves the one of `aws login`.
func (a *app) signInFolders() (sso, login string, err error) {
	if sso, err = a.awsFolder("sso", "cache"); err != nil {
		return "", "", err
	}
	files, err := a.files()
	if login = a.host.Getenv("AWS_LOGIN_CACHE_DIRECTORY"); login != "" {
		return sso, files.Expand(login), err
	}
	login, err = a.awsFolder("login", "cache")
	return sso, login, err
}

// program is how helper commands of the user's files run: with the caller's
// environment less this tool's secrets, and with stdin only where that is a
// terminal, since a pipe is the child's.
func (a *app) program() program.Runner {
	r := program.Runner{Stderr: a.progress.to, Environ: exec.Scrub(a.host.Environ), Apart: a.terminalTaken}
	if in := a.host.Stdio[0]; in != nil && terminal.IsTerminal(in.Fd()) {
		r.Stdin = in
	}
	return r
}

func (a *app) terminalTaken() bool { return a.terminal.taken() }

// loadKey reads a long-lived key from the key store.
func (a *app) loadKey(ctx context.Context, name string) (creds.Credentials, error) {
	ring, err := a.keyRing(ctx)
	if err != nil {
		return creds.Credentials{}, err
	}
	key, err := ring.Keys().LoadKey(name)
	if errors.Is(err, keystore.ErrNotFound) {
		err = fault.New(fault.NoCredentials, "its key is not in the %s key store", ring.Backend()).
			In(name).Fix("store it again with: assume-role add %s", name).Because(err)
	}
	return key, err
}
