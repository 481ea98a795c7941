package cmd

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"assume-role/internal/creds"
	"assume-role/internal/keystore"
)

// newPassphraseVariable holds the passphrase that `keyring passwd` changes to;
// children never see it.
const newPassphraseVariable = "ASSUME_ROLE_KEYRING_FILE_NEW_PASSPHRASE"

func newKeyringPasswd(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "passwd",
		Short: "Change the passphrase of the file backend",
		Long: `Seal everything in the file backend with a new passphrase. The old one comes
from where it always does (` + passphraseVariable + `,
keyring.file_passphrase_file, keyring.file_passphrase_command, else the
terminal); the new one is asked for twice on the terminal, or is in
` + newPassphraseVariable + `.

A wrong old passphrase is told at once and changes nothing. The change happens
for all items at one moment: whatever interrupts it, one of the two opens them.`,
		Example: "  assume-role keyring passwd",
		Args:    noArguments,
		RunE:    func(c *cobra.Command, _ []string) error { return a.runKeyringPasswd(c.Context()) },
	}
}

func (a *app) runKeyringPasswd(ctx context.Context) error {
	ring, err := a.fileStoreInUse(ctx)
	if err != nil {
		return err
	}
	settings, err := a.settings()
	if err != nil {
		return err
	}
	phrase := passphrase{app: a, ctx: ctx, settings: settings.Keyring}
	done, err := ring.ChangePassphrase(
		func() (creds.Secret, error) { return phrase.inUse(ring.Folder()) },
		func() (creds.Secret, error) { return phrase.next(ring.Folder()) })
	if err != nil {
		return err
	}
	if done.Left != nil {
		a.note(fmt.Sprintf("the old passphrase did not open %s, which stays as it was: %s", count(len(done.Left), "item"), itemTitles(done.Left)))
	}
	if from := phrase.source(); from != "" {
		a.note(from + " still gives the old passphrase: give it the new one")
	}
	_, err = fmt.Fprintf(a.host.Out, "changed the passphrase of the key store in %s (%s)\n", oneLine(ring.Folder()), count(done.Items, "item"))
	return err
}

// inUse is the passphrase that is to be changed.
func (p passphrase) inUse(folder string) (creds.Secret, error) {
	if value, known, err := p.given(); err != nil || known {
		return value, err
	}
	return p.ask(keystore.Question{Folder: folder})
}

// next is the new passphrase.
func (p passphrase) next(folder string) (creds.Secret, error) {
	if value, ok := p.app.host.lookup(newPassphraseVariable); ok {
		return creds.Secret(value), nil
	}
	tty, err := p.app.openTerminal("a new passphrase for the key store in "+folder, "set "+newPassphraseVariable)
	if err != nil {
		return "", err
	}
	defer tty.Close()
	return askTwice(p.ctx, tty, folder)
}

// itemTitles names items for a person.
func itemTitles(names []string) string {
	titles := make([]string, len(names))
	for i, name := range names {
		titles[i] = keystore.Title(name)
	}
	return joinNames(titles)
}
