package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"assume-role/internal/keystore"
	"assume-role/internal/terminal"
)

func newKeyring(a *app) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "keyring",
		Short: "Show where secrets are kept; lock it, move to another",
		Long: `Show which store holds the long-lived keys and which the sessions, why it is
that one, whether it is locked, and how much of ours is in it. Nothing is asked
and nothing is unlocked.`,
		Example: `  assume-role keyring
  assume-role keyring passwd
  assume-role keyring lock
  assume-role keyring migrate --to pass`,
		Args: noSubcommand,
		RunE: func(c *cobra.Command, _ []string) error { return a.runKeyring(c.Context(), asJSON) },
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	c.AddCommand(newKeyringPasswd(a), newKeyringLock(a), newKeyringMigrate(a))
	return c
}

// storeView is one store, in the shape of `keyring --json` (docs/keyring.md).
type storeView struct {
	Holds    []string       `json:"holds"`
	Backend  string         `json:"backend"`
	Why      string         `json:"why"`
	Folder   string         `json:"folder,omitempty"`
	State    string         `json:"state"`
	Problem  string         `json:"problem,omitempty"`
	Items    map[string]int `json:"items,omitempty"`
	named    string         // the setting's value
	settings KeyringSettings
}

// keyringView is the whole of `keyring --json`.
type keyringView struct {
	Stores     []storeView `json:"stores"`
	Unfinished *movement   `json:"unfinished_migration,omitempty"`
}

// movement is a migration that has not ended.
type movement struct {
	From string `json:"from"`
	To   string `json:"to"`
}

func (a *app) runKeyring(ctx context.Context, asJSON bool) error {
	var view keyringView
	stores, err := a.storesInUse(ctx)
	if err != nil {
		return err
	}
	for _, store := range stores {
		view.Stores = append(view.Stores, a.viewStore(ctx, store))
	}
	dirs, err := a.places()
	if err != nil {
		return err
	}
	begun, err := keystore.Unfinished(dirs.state)
	if err != nil {
		return err
	}
	if begun.From != "" {
		view.Unfinished = &movement{begun.From, begun.To}
	}
	if asJSON {
		return a.printJSON(view)
	}
	return view.write(a.host.Out, a.screen())
}

// viewStore looks into a store as far as that asks nobody.
func (a *app) viewStore(ctx context.Context, v storeView) storeView {
	if v.Problem != "" || !keystore.Listed(v.Backend) {
		return v
	}
	options, err := a.ringOptions(ctx, v.named, v.settings)
	if err != nil {
		v.Problem = err.Error()
		return v
	}
	quiet, _ := options.Quiet(v.Backend)
	ring, err := keystore.Open(ctx, quiet)
	if err == nil {
		v.Folder = ring.Folder()
		v.State, err = ring.State()
	}
	if err == nil {
		v.Items, err = countItems(ring)
	}
	if err != nil {
		v.State, v.Problem = stateOf(err), err.Error()
	}
	return v
}

// stateOf is what an error tells of the store's state.
func stateOf(err error) string {
	if errors.Is(err, keystore.ErrLocked) {
		return keystore.Locked
	}
	return keystore.Unknown
}

// countItems counts our items by kind.
func countItems(ring *keystore.Ring) (map[string]int, error) {
	names, err := ring.Names("")
	if err != nil {
		return nil, err
	}
	counts := map[string]int{"keys": 0, "sessions": 0}
	for _, name := range names {
		switch kind, _, _ := strings.Cut(name, "-"); kind {
		case "key", "session":
			counts[kind+"s"]++
		case "nextkey":
			counts["keys_half_rotated"]++
		case "totp":
			counts["totp_secrets"]++
		default:
			counts["others"]++
		}
	}
	return counts, nil
}

// write shows a person a store and below it what is known of it; to a program
// a store is a record.
func (v keyringView) write(out io.Writer, on screen) error {
	return on.write(out, v.forPeople, v.records)
}

func (v keyringView) records(on screen) string {
	var t table
	for _, s := range v.Stores {
		fields := []string{strings.Join(s.Holds, " and "), s.Backend, s.State, s.counts(), s.Folder, s.Why, s.Problem}
		row := make([]cell, len(fields))
		for i, field := range fields {
			row[i].text = oneLine(field)
		}
		t.rows = append(t.rows, row)
	}
	if u := v.Unfinished; u != nil {
		t.rows = append(t.rows, []cell{{text: "unfinished move"}, {text: oneLine(u.To)}, {}, {}, {}, {}, {text: u.text()}})
	}
	return t.on(on)
}

func (v keyringView) forPeople(on screen) string {
	var text strings.Builder
	for _, s := range v.Stores {
		fmt.Fprintf(&text, "%s: %s\n%s", strings.Join(s.Holds, " and "), on.Paint(terminal.Bold, oneLine(s.Backend)), s.table().on(on))
	}
	if u := v.Unfinished; u != nil {
		text.WriteString(on.Paint(terminal.Yellow, u.text()) + "\n")
	}
	return text.String()
}

// table is what is known of a store.
func (s storeView) table() table {
	var t table
	for _, line := range []struct {
		name, text string
		style      terminal.Style
	}{{"why", s.Why, ""}, {"folder", s.Folder, ""}, {"state", s.State, ""}, {"items", s.counts(), ""}, {"problem", s.Problem, terminal.Red}} {
		if line.text != "" {
			t.rows = append(t.rows, []cell{{}, {text: line.name}, {text: oneLine(line.text), style: line.style}})
		}
	}
	return t
}

// text says how the migration is brought to its end.
func (m *movement) text() string {
	return fmt.Sprintf("unfinished: the move from %s to %s; `assume-role keyring migrate --to %s` completes it", oneLine(m.From), oneLine(m.To), oneLine(m.To))
}

func (s storeView) counts() string {
	if s.Items == nil {
		return ""
	}
	text := count(s.Items["keys"], "access key") + ", " + count(s.Items["sessions"], "session")
	if secrets := s.Items["totp_secrets"]; secrets > 0 {
		text += ", " + count(secrets, "TOTP secret")
	}
	if halfway := s.Items["keys_half_rotated"]; halfway > 0 {
		text += ", " + count(halfway, "half-made rotation")
	}
	if others := s.Items["others"]; others > 0 {
		text += ", " + count(others, "other item")
	}
	return text
}
