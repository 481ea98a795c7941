package cmd

import (
	"context"
	"fmt"
	"sync"

	"assume-role/internal/awsfile"
	"assume-role/internal/fault"
	"assume-role/internal/login"
	"assume-role/internal/profile"
)

// loginEdit is what a sign-in changes in the AWS files.
type loginEdit struct {
	file *awsfile.File
	// before is the profile's identity so far, or empty.
	before string
}

// adopt gives a profile the session of who signed in. The config may have been
// changed since the sign-in began, so it is read anew.
func (a *app) adopt(ctx context.Context, opts *loginOptions, settings Settings, grant *login.Grant) error {
	a.config = sync.OnceValues(a.loadConfig)
	plan, err := a.planLogin(ctx, opts, settings)
	if err != nil {
		return err
	}
	edit, err := a.loginChange(plan, grant.Identity, opts)
	if err != nil {
		return err
	}
	if edit.before != "" && edit.before != grant.Identity {
		question := fmt.Sprintf("Profile %s is of %s. Make it one of %s?", oneLine(opts.profile), oneLine(edit.before), oneLine(grant.Identity))
		if err := a.confirm(ctx, opts.yes, question); err != nil {
			return err
		}
	}
	plan.Source.Settings["login_session"] = profile.Value{Text: grant.Identity, Origin: plan.Source.Settings["login_session"].Origin}
	if err := a.keepLogin(ctx, plan, settings, grant); err != nil {
		return err
	}
	if edit.file.Changed() {
		a.announce(edit.file)
	}
	if err := a.saveAWSFile(edit.file); err != nil {
		a.note(fmt.Sprintf("the session of %s is kept, and profile %q does not use it yet", grant.Identity, opts.profile))
		return err
	}
	_, err = fmt.Fprintf(a.host.Out, "signed in as %s, for up to 12 hours: profile %q uses it\n", oneLine(grant.Identity), opts.profile)
	return err
}

// loginChange prepares the settings that a profile gets. What the file cannot
// carry is refused here.
func (a *app) loginChange(plan *profile.SignIn, identity string, opts *loginOptions) (*loginEdit, error) {
	session := plan.Source.Settings["login_session"]
	file, section, err := a.fileOfLogin(plan.Source.Profile, session.Origin)
	if err != nil {
		return nil, err
	}
	edit := &loginEdit{file: file, before: session.Text}
	if opts.dryRun && edit.before != "" {
		identity = edit.before
	}
	if err := file.Set(section, "login_session", identity); err != nil {
		return nil, err
	}
	if plan.Regionless {
		err = file.Set(section, "region", plan.Region)
	}
	return edit, err
}

// fileOfLogin is the file that has the profile's login_session, else the config
// file, and the profile's section in it.
func (a *app) fileOfLogin(name string, at fault.Origin) (*awsfile.File, string, error) {
	files, err := a.files()
	if err != nil {
		return nil, "", err
	}
	if at.File == "credentials" {
		f, err := loadAWSFile(files.Credentials, files.Home, "credentials")
		return f, name, err
	}
	f, err := a.configFile()
	if err != nil {
		return nil, "", err
	}
	return f, f.Profile(name), nil
}

func (a *app) keepLogin(ctx context.Context, plan *profile.SignIn, settings Settings, grant *login.Grant) error {
	assumer, err := a.portalAssumer(ctx, &plan.Source, settings)
	if err != nil {
		return err
	}
	return assumer.LoginSession(&plan.Source).Keep(ctx, grant)
}
