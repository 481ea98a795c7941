package keystore

import (
	"fmt"

	"github.com/godbus/dbus"
)

// unlocking makes a call, and where something is locked, has it unlocked by the
// service's dialog and makes the call again. What stays locked is ErrLocked.
func (s secrets) unlocking(path dbus.ObjectPath, call func() error) error {
	err := call()
	if err == nil || !isDBus(err, ".IsLocked") {
		return err
	}
	if err := s.unlock(path); err != nil {
		return err
	}
	return stayedLocked(call())
}

// stayedLocked recognises that nobody answered the unlock dialog.
func stayedLocked(err error) error {
	if err != nil && isDBus(err, ".IsLocked") {
		return fmt.Errorf("%w: %w", ErrLocked, err)
	}
	return err
}

func (s secrets) unlock(path dbus.ObjectPath) error {
	var unlocked []dbus.ObjectPath
	var prompt dbus.ObjectPath
	if err := s.service().Call(secretsService+".Unlock", 0, []dbus.ObjectPath{path}).Store(&unlocked, &prompt); err != nil {
		return err
	}
	return s.answered(prompt)
}

// answered shows the dialog of a prompt, if there is one, and waits until a
// person has answered it. One that was dismissed is ErrLocked.
func (s secrets) answered(prompt dbus.ObjectPath) error {
	if prompt == nothingThere || prompt == "" {
		return nil
	}
	completed := make(chan *dbus.Signal, 10)
	s.conn.Signal(completed)
	defer s.conn.RemoveSignal(completed)
	if err := s.conn.AddMatchSignal(dbus.WithMatchObjectPath(prompt), dbus.WithMatchInterface(secretsPrompt)); err != nil {
		return err
	}
	if err := s.conn.Object(secretsBus, prompt).Call(secretsPrompt+".Prompt", 0, "").Err; err != nil {
		return err
	}
	for signal := range completed {
		if signal.Path == prompt && signal.Name == secretsPrompt+".Completed" && len(signal.Body) > 0 {
			if signal.Body[0] == true {
				return fmt.Errorf("%w: its dialog was dismissed", ErrLocked)
			}
			return nil
		}
	}
	return unusable("the D-Bus session bus went away")
}
