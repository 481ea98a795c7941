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
		Short: "List profiles, their sources, stored keys and sessions",
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
	return printListing(a.host.Out, all, a.screen())
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

// printListing shows a profile a record. The error comes last, where its length
// moves no other column.
func printListing(out io.Writer, all listing, on screen) error {
	t := table{header: []string{"PROFILE", "KIND", "SOURCE", "KEYS", "SESSION UNTIL"}, rows: make([][]cell, len(all.Profiles))}
	kinds := kindCells{}
	for i, p := range all.Profiles {
		t.rows[i] = p.cells(kinds)
	}
	_, err := io.WriteString(out, t.on(on))
	return err
}

// kindShown is how many columns a kind takes on a narrow screen: enough to tell
// them apart.
const kindShown = 8

func (p listedProfile) cells(kinds kindCells) []cell {
	keys, until := cell{text: "-"}, cell{text: "-"}
	if p.KeysStored {
		keys = cell{text: "stored", style: terminal.Green}
	}
	if p.SessionExpires != nil {
		until = cell{text: p.SessionExpires.Local().Format("2006-01-02 15:04"), style: terminal.Green}
	}
	cells := []cell{{text: terminal.Visible(p.Name)}, kinds.of(p.Kind), kinds.of(p.Source), keys, until, {}}
	if p.Error != nil {
		cells[0].style = terminal.Red
		cells[5] = cell{text: "error: " + oneLine(p.Error.Message), style: terminal.Red}
	}
	return cells
}

// kindCells are the fields of the kinds that were shown: ten thousand profiles
// are of a few.
type kindCells map[profile.Kind]cell

func (k kindCells) of(kind profile.Kind) cell {
	if _, ok := k[kind]; !ok {
		k[kind] = kindCell(string(kind))
	}
	return k[kind]
}

func kindCell(kind string) cell {
	kind = firstOf(terminal.Visible(kind), "-")
	return cell{text: kind, short: terminal.Shorten(kind, kindShown)}
}
