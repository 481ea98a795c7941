package cmd

import (
	"context"

	"assume-role/internal/exec"
	"assume-role/internal/server"
)

// offersFrom are the profiles of the server behind a socket: those named, or
// all.
func (a *app) offersFrom(ctx context.Context, opts *serveOptions) ([]offer, error) {
	remote := server.NewRemote(opts.server.from)
	profiles, err := remote.Profiles(ctx)
	if err != nil {
		return nil, interruptedOr(ctx, err)
	}
	wanted := profiles
	if len(opts.profiles) > 0 {
		wanted = nil
	}
	for _, name := range opts.profiles {
		p, err := namedProfile(profiles, name)
		if err != nil {
			return nil, err
		}
		wanted = append(wanted, p)
	}
	if len(wanted) == 0 {
		_, err := namedProfile(nil, "")
		return nil, err
	}
	generation := a.remoteGeneration(ctx, remote)
	var offers []offer
	for _, p := range wanted {
		o, err := a.offerOf(ctx, p, &opts.credentials)
		if err != nil {
			return nil, err
		}
		o.generation = generation
		offers = append(offers, o)
	}
	return offers, nil
}

// offerOf fetches a remote profile's first session, and gives the profile a
// token of this side's.
func (a *app) offerOf(ctx context.Context, p server.Profile, f *credentialFlags) (offer, error) {
	settings, err := a.settingsFrom()
	if err != nil {
		return offer{}, err
	}
	first, err := fetchFirst(ctx, p)
	if err != nil {
		return offer{}, interruptedOr(ctx, err)
	}
	p.Region = firstOf(f.region, a.host.Getenv("AWS_REGION"), a.host.Getenv("AWS_DEFAULT_REGION"), p.Region)
	p.Token = newToken()
	return offer{profile: p, grant: exec.Grant{
		Credentials: first, Profile: p.Name, Region: p.Region,
		AccountVariable: settings.EnvAccountID, VaultVariable: settings.EnvAWSVault,
	}}, nil
}

// settingsFrom are the settings of the side that keeps nothing: where it has no
// home folder, which containers and services may lack, there is no config.yaml.
func (a *app) settingsFrom() (Settings, error) {
	if _, err := a.places(); err != nil {
		return a.settingsAt("")
	}
	return a.settings()
}
