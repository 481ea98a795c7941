package cmd

import (
	"io"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"assume-role/internal/profile"
	"assume-role/internal/terminal"
)

func newList(a *app) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "list",
		Short: "List profiles, what each resolves from, stored keys and sessions",
		Long: `List every profile of the config and credentials files and every name with keys
in the key store. Nothing is called and no keyring is opened. A broken profile
is listed with its error.`,
		Example: "  assume-role list\n  assume-role list --json",
		Args:    noArguments,
		RunE:    func(*cobra.Command, []string) error { return a.runList(asJSON) },
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

// listing is the shape of `list --json` (docs/scripting.md).
type listing struct {
	Profiles        []listedProfile `json:"profiles"`
	SSOSessions     []listedSession `json:"sso_sessions"`
	ConfigFile      string          `json:"config_file"`
	CredentialsFile string          `json:"credentials_file"`
}

type listedProfile struct {
	Name           string         `json:"name"`
	Kind           profile.Kind   `json:"kind"`
	Source         profile.Kind   `json:"source,omitempty"`
	Settings       map[string]any `json:"settings"`
	KeysStored     bool           `json:"keys_stored"`
	SessionExpires *time.Time     `json:"session_expires,omitempty"`
	Error          *jsonError     `json:"error,omitempty"`
}

type listedSession struct {
	Name     string         `json:"name"`
	Settings map[string]any `json:"settings"`
}

func (a *app) runList(asJSON bool) error {
	all, err := a.listing(asJSON)
	if err != nil {
		return err
	}
	if asJSON {
		return a.printJSON(all)
	}
	return printListing(a.host.Out, all)
}

func (a *app) listing(settings bool) (listing, error) {
	config, err := a.config()
	if err != nil {
		return listing{}, err
	}
	files, err := a.files()
	if err != nil {
		return listing{}, err
	}
	all := listing{SSOSessions: []listedSession{}, ConfigFile: files.Config.Path, CredentialsFile: files.Credentials.Path}
	lister, err := a.newLister(config)
	if err != nil {
		return listing{}, err
	}
	lister.settings = settings
	all.Profiles = lister.profiles(a.profileNames(config))
	for _, name := range config.SSOSessions() {
		if section, ok := config.SSOSession(name); ok {
			all.SSOSessions = append(all.SSOSessions, listedSession{Name: name, Settings: section.Settings()})
		}
	}
	return all, nil
}

// profileNames are the names in the files and those with stored keys, sorted.
func (a *app) profileNames(config *profile.Config) []string {
	names := config.Names()
	for _, key := range a.stored() {
		names = append(names, key.Profile)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func printListing(out io.Writer, all listing) error {
	rows := [][]string{{"PROFILE", "KIND", "SOURCE", "KEYS", "SESSION UNTIL"}}
	for _, p := range all.Profiles {
		rows = append(rows, p.cells())
	}
	_, err := out.Write(table(rows))
	return err
}

// cells are one line of the table. An error comes last, where its length moves
// no other column.
func (p listedProfile) cells() []string {
	keys, until := "-", "-"
	if p.KeysStored {
		keys = "stored"
	}
	if p.SessionExpires != nil {
		until = p.SessionExpires.Local().Format("2006-01-02 15:04")
	}
	cells := []string{terminal.Visible(p.Name), string(p.Kind), firstOf(string(p.Source), "-"), keys, until}
	if p.Error != nil {
		cells = append(cells, "error: "+oneLine(p.Error.Message))
	}
	return cells
}
