package cmd

import (
	"context"

	"github.com/spf13/cobra"

	"assume-role/internal/awsfile"
	"assume-role/internal/fault"
	"assume-role/internal/populate"
	"assume-role/internal/profile"
	"assume-role/internal/sso"
)

// populateOptions are the flags of sso populate.
type populateOptions struct {
	ssoLoginOptions
	template, region   string
	prune, dryRun, yes bool
}

func newSSOPopulate(a *app) *cobra.Command {
	opts := &populateOptions{}
	c := &cobra.Command{
		Use:   "populate [SESSION or START-URL]",
		Short: "Write a profile for every account and role into the config",
		Long: `Write a profile for every account and role that IAM Identity Center shows you
into the AWS config file. They stand in one block between two comments, which
later runs of this command update; nothing outside of it is touched. Run it
again as often as you like: what is right stays as it is.

A name keeps letters, digits and _ . @ / + - only. Where two profiles would get
the same one, or you have one of that name, the account's id is put behind it.
Profiles of roles that are gone stay until you give --prune.

With a start URL the [sso-session] section is written first, and shown before.`,
		Example: `  assume-role sso populate corp --dry-run
  assume-role sso populate corp --region eu-west-1 --template '{role_name}.{account_name}'
  assume-role sso populate https://my-sso.awsapps.com/start --sso-region eu-west-1 --name corp`,
		Args:              atMostOneProfile,
		ValidArgsFunction: a.completeSession,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				opts.of = args[0]
			}
			return a.runSSOPopulate(c.Context(), opts)
		},
	}
	flags := c.Flags()
	flags.StringVar(&opts.template, "template", "", "`TEMPLATE` of the names, of {account_name}, {account_id}, {role_name} and {session} (default: that of the last run, else "+populate.DefaultTemplate+")")
	flags.StringVarP(&opts.region, "region", "r", "", "region of the profiles (default: that of the last run, else the sso-session's)")
	flags.BoolVar(&opts.prune, "prune", false, "remove profiles of roles that you have no more")
	flags.BoolVar(&opts.dryRun, "dry-run", false, "print what would change as a diff, and write nothing")
	flags.BoolVarP(&opts.yes, "yes", "y", false, "do not ask, also where --prune removes what you changed by hand")
	flags.StringVar(&opts.ssoRegion, "sso-region", "", "`REGION` of the Identity Center instance, beside a start URL")
	flags.StringVar(&opts.name, "name", "", "`NAME` of the sso-session to write, beside a start URL")
	return c
}

func (a *app) runSSOPopulate(ctx context.Context, opts *populateOptions) error {
	if err := opts.check(); err != nil {
		return err
	}
	settings, err := a.settings()
	if err != nil {
		return err
	}
	section, source, err := a.portalToList(ctx, opts, settings)
	if err != nil {
		return err
	}
	accounts, err := a.listAccounts(ctx, source, settings)
	if err != nil {
		return err
	}
	report, err := a.populate(ctx, opts, func() (*awsfile.File, *populate.Report, error) {
		return a.populated(opts, section, source, accounts)
	})
	if err == nil && len(report.Refused) > 0 {
		err = fault.New("", "%s refused, and no profile made of it", count(len(report.Refused), "name")).
			Fix("have whoever manages Identity Center correct them")
	}
	return err
}

// populate makes the edit and writes it, or shows it. Where another program was
// faster, it is made again, and the person asked again.
func (a *app) populate(ctx context.Context, opts *populateOptions, edit func() (*awsfile.File, *populate.Report, error)) (report *populate.Report, err error) {
	var f *awsfile.File
	err = awsfile.UntilSaved(func() error {
		if f, report, err = edit(); err != nil || opts.dryRun {
			return err
		}
		if err := a.confirmLoss(ctx, report, opts.yes); err != nil {
			return err
		}
		return a.saveAWSFile(f)
	})
	if err != nil {
		return nil, err
	}
	a.notePopulated(report)
	switch {
	case !opts.dryRun:
		return report, a.sayPopulated(f, report)
	case !f.Changed():
		a.note("nothing would change in " + f.Name)
	}
	return report, a.showDiff(f)
}

func (opts *populateOptions) check() error {
	if opts.region != "" && !profile.IsRegion(opts.region) {
		return usage("--region %q is not a region: write one such as eu-west-1", opts.region)
	}
	if opts.template == "" {
		return nil
	}
	if err := populate.CheckTemplate(opts.template); err != nil {
		return usageError{err}
	}
	return nil
}

// portalToList is the sign-in whose accounts are to be listed, and the section
// that a start URL makes of it, which is written unless it is a dry run.
func (a *app) portalToList(ctx context.Context, opts *populateOptions, settings Settings) (*ssoSection, *profile.Source, error) {
	if opts.dryRun && isStartURL(opts.of) {
		return a.portalToTry(opts, settings)
	}
	word, err := a.signInWord(ctx, &opts.ssoLoginOptions)
	if err != nil {
		return nil, nil, err
	}
	config, err := a.config()
	if err != nil {
		return nil, nil, err
	}
	source, err := profile.PlanSSOSignIn(config, a.request(settings), word)
	if err != nil {
		return nil, nil, err
	}
	if source.Settings["sso_session"].Text == "" {
		return nil, nil, fault.New(fault.InvalidValue, "its sign-in has no sso-session, which the new profiles would name").In(source.Profile).At(source.Origin).
			Fix("give the start URL: assume-role sso populate %s --sso-region %s --name NAME", source.Settings["sso_start_url"].Text, source.Settings["sso_region"].Text)
	}
	return nil, source, nil
}

// portalToTry is the sign-in that a start URL describes, with nothing written.
func (a *app) portalToTry(opts *populateOptions, settings Settings) (*ssoSection, *profile.Source, error) {
	section, err := newSSOSection(opts.of, opts.ssoRegion, opts.name)
	if err != nil {
		return nil, nil, err
	}
	config, err := a.config()
	if err != nil {
		return nil, nil, err
	}
	source, err := profile.PlanSSOPortal(config, a.request(settings), section.startURL, section.region)
	if err != nil {
		return nil, nil, err
	}
	source.Settings["sso_session"] = profile.Value{Text: section.name}
	return &section, source, nil
}

// populated edits the config file as it is now; nothing is written yet.
func (a *app) populated(opts *populateOptions, section *ssoSection, source *profile.Source, accounts []sso.Account) (*awsfile.File, *populate.Report, error) {
	f, err := a.configFile()
	if err != nil {
		return nil, nil, err
	}
	if section != nil {
		if err := section.put(f); err != nil {
			return nil, nil, err
		}
	}
	taken, err := a.namesElsewhere()
	if err != nil {
		return nil, nil, err
	}
	session := source.Settings["sso_session"].Text
	region, ok := f.Get("sso-session "+session, "region")
	if !ok {
		region = source.Settings["sso_region"].Text
	}
	report, err := populate.Apply(f, populate.Request{
		Session: session, Accounts: accounts, Template: opts.template, Region: opts.region, DefaultRegion: region,
		Taken: taken, Prune: opts.prune,
	})
	return f, report, err
}

// namesElsewhere are the names of profiles of the credentials file and of the
// key store: a profile of the config of the same name would be one with them.
func (a *app) namesElsewhere() ([]string, error) {
	files, err := a.files()
	if err != nil {
		return nil, err
	}
	credentials, err := loadAWSFile(files.Credentials, files.Home, "credentials")
	if err != nil {
		return nil, err
	}
	var names []string
	_, parts := credentials.Parts()
	for _, part := range parts {
		names = append(names, part.Name)
	}
	for _, key := range a.stored() {
		names = append(names, key.Profile)
	}
	return names, nil
}
