package cmd

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
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
	all, err := a.listing()
	if err != nil {
		return err
	}
	if asJSON {
		return a.printJSON(all)
	}
	return printListing(a.host.Out, all)
}

func (a *app) listing() (listing, error) {
	config, err := a.config()
	if err != nil {
		return listing{}, err
	}
	files, err := a.files()
	if err != nil {
		return listing{}, err
	}
	all := listing{
		Profiles: []listedProfile{}, SSOSessions: []listedSession{},
		ConfigFile: files.Config.Path, CredentialsFile: files.Credentials.Path,
	}
	lister, err := a.newLister(config)
	if err != nil {
		return listing{}, err
	}
	for _, name := range a.profileNames(config) {
		all.Profiles = append(all.Profiles, lister.profile(name))
	}
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

// lister answers for one profile after another from what was read once.
type lister struct {
	config  *profile.Config
	request profile.Request
	expiry  map[string]time.Time
}

func (a *app) newLister(config *profile.Config) (*lister, error) {
	settings, err := a.settings()
	if err != nil {
		return nil, err
	}
	l := &lister{config: config, request: a.request(settings), expiry: map[string]time.Time{}}
	for _, s := range a.known().Sessions {
		if s.Left(a.host.Now()) > 0 && s.Expires.After(l.expiry[s.Profile]) {
			l.expiry[s.Profile] = s.Expires
		}
	}
	return l, nil
}

func (l *lister) profile(name string) listedProfile {
	listed := listedProfile{Name: name, Kind: "none", Settings: map[string]any{}}
	_, listed.KeysStored = l.request.StoredKey(name)
	if at, ok := l.expiry[name]; ok {
		at = at.UTC()
		listed.SessionExpires = &at
	}
	if l.config.Has(name) {
		section, err := l.config.Profile(name)
		if err != nil {
			listed.Error = listedError(err)
			return listed
		}
		listed.Settings = section.Settings()
		if kind := section.Attempted(); kind != "" {
			listed.Kind = kind
		}
	}
	request := l.request
	request.Profile = name
	chain, err := profile.Resolve(l.config, request)
	if err != nil {
		listed.Error = listedError(err)
		return listed
	}
	listed.Kind, listed.Source = chainKind(chain), chain.Source.Kind
	return listed
}

// chainKind is what the profile itself is: a role, or its source.
func chainKind(chain *profile.Chain) profile.Kind {
	for _, call := range chain.Calls {
		if call.Kind == profile.AssumeRole {
			return profile.AssumeRole
		}
	}
	return chain.Source.Kind
}

func listedError(err error) *jsonError {
	shape := errorJSON(err)
	return &shape
}

func printListing(out io.Writer, all listing) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "PROFILE\tKIND\tSOURCE\tKEYS\tSESSION UNTIL")
	for _, p := range all.Profiles {
		fmt.Fprintln(table, strings.Join(p.cells(), "\t"))
	}
	return table.Flush()
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

// plainError is an operating system's error without the wrapping: "no space
// left on device" rather than "write /dev/stdout: no space left on device".
func plainError(err error) string {
	for next := err; next != nil; next = errors.Unwrap(next) {
		err = next
	}
	return err.Error()
}
