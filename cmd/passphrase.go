package cmd

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"time"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/keystore"
	"assume-role/internal/program"
	"assume-role/internal/terminal"
)

// passphraseVariable holds the file backend's passphrase; children never see
// it.
const passphraseVariable = "ASSUME_ROLE_KEYRING_FILE_PASSPHRASE"

// commandLimit bounds a command that prints the passphrase: long enough for a
// person to touch a key.
const commandLimit = time.Minute

// passphraseBytes is far above any passphrase.
const passphraseBytes = 4096

// passphrase finds the file backend's passphrase: a variable, a private file,
// a command, and last a person.
type passphrase struct {
	app      *app
	ctx      context.Context
	settings KeyringSettings
}

// given is the passphrase that needs nobody. A variable that is set to
// nothing counts as given: the key store refuses an empty passphrase.
func (p passphrase) given() (creds.Secret, bool, error) {
	value, ok := p.app.host.lookup(passphraseVariable)
	return creds.Secret(value), ok, nil
}

// source names what gives the passphrase without a person, or is "".
func (p passphrase) source() string {
	if _, ok, _ := p.given(); ok {
		return passphraseVariable
	}
	switch {
	case p.settings.FilePassphraseFile != "":
		return "keyring.file_passphrase_file"
	case p.settings.FilePassphraseCommand != "":
		return "keyring.file_passphrase_command"
	}
	return ""
}

// ask gets the passphrase where nothing gives it without work or a person.
func (p passphrase) ask(q keystore.Question) (creds.Secret, error) {
	switch {
	case p.settings.FilePassphraseFile != "":
		return p.fromFile(p.settings.FilePassphraseFile)
	case p.settings.FilePassphraseCommand != "":
		return p.fromCommand(p.settings.FilePassphraseCommand)
	default:
		return p.fromTerminal(q)
	}
}

func (p passphrase) fromFile(path string) (creds.Secret, error) {
	unusable := fault.New(fault.FileUnreadable, "the passphrase file %s cannot be used", path)
	info, err := os.Stat(path)
	if err != nil {
		return "", unusable.Fix("make it, or unset keyring.file_passphrase_file").Because(err)
	}
	if !private(info) {
		return "", unusable.Fix("others can read it: chmod 600 %s", path)
	}
	data, err := readSome(path)
	if err != nil {
		return "", unusable.Fix("make it readable for you").Because(err)
	}
	return firstLine(data), nil
}

// readSome reads as much of a file as a passphrase may have. The file may be a
// pipe of the shell's, as in <(pass show store).
func readSome(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, passphraseBytes))
}

func (p passphrase) fromCommand(command string) (creds.Secret, error) {
	printed, err := p.app.program().Output(p.ctx, command, program.Limits{Time: commandLimit, Bytes: passphraseBytes})
	if p.ctx.Err() != nil {
		return "", fault.ErrInterrupted
	}
	if err != nil {
		return "", fault.New("", "keyring.file_passphrase_command failed: %s", err).
			Fix("run it by hand: it must print the passphrase and exit with 0 within %s", commandLimit)
	}
	return firstLine([]byte(printed.Reveal())), nil
}

func (p passphrase) fromTerminal(q keystore.Question) (creds.Secret, error) {
	tty, err := p.app.openTerminal("the passphrase of the key store in "+q.Folder, "set "+passphraseVariable+" or keyring.file_passphrase_file, or choose another store with --keyring-backend")
	if err != nil {
		return "", locked(err)
	}
	defer tty.Close()
	if q.New {
		return askTwice(p.ctx, tty, q.Folder)
	}
	return tty.AskSecret(p.ctx, "Passphrase of the key store in "+oneLine(q.Folder)+": ")
}

// askTwice asks for a passphrase that is being chosen.
func askTwice(ctx context.Context, tty *terminal.Terminal, folder string) (creds.Secret, error) {
	first, err := tty.AskSecret(ctx, "New passphrase for the key store in "+oneLine(folder)+": ")
	if err != nil {
		return "", err
	}
	second, err := tty.AskSecret(ctx, "The same again: ")
	if err != nil {
		return "", err
	}
	if first != second {
		return "", fault.New("", "the two passphrases differ").Fix("nothing was changed; try again")
	}
	return first, nil
}

// locked says of the error that nobody was there to unlock the store.
func locked(err error) error {
	var f *fault.Error
	if errors.As(err, &f) {
		return f.Because(errors.Join(keystore.ErrLocked, f.Err))
	}
	return err
}

func firstLine(data []byte) creds.Secret {
	line, _, _ := bytes.Cut(data, []byte("\n"))
	return creds.Secret(bytes.TrimSuffix(line, []byte("\r")))
}
