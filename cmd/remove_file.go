package cmd

import "fmt"

// lookInFiles takes the profile's keys out of the files' texts. None is written
// yet.
func (r *removal) lookInFiles() error {
	files, err := r.plainFiles()
	if err != nil {
		return err
	}
	r.files = files
	for _, at := range files.places(r.profile) {
		for _, id := range at.values(settingID) {
			r.gone(id.Text)
		}
		at.file.Unset(at.section, append(sessionSettings(), settingID, settingSecret)...)
	}
	return nil
}

// inFiles reports whether the files have something to remove.
func (r *removal) inFiles() bool {
	return r.files != nil && (r.files.credentials.Changed() || r.files.config.Changed())
}

// announceAll shows on stderr what is about to be written.
func (r *removal) announceAll() {
	for _, f := range r.files.both() {
		if f.Changed() {
			r.announce(f)
		}
	}
}

// show is what would be done.
func (r *removal) show() error {
	if r.inFiles() {
		if err := r.showDiffs(r.files); err != nil {
			return err
		}
	}
	if !r.stored {
		return nil
	}
	_, err := fmt.Fprintf(r.host.Out, "would remove the stored keys of profile %q from the %s key store\n", r.profile, r.ring.Backend())
	return err
}

func (r *removal) saveFiles() error {
	for _, f := range r.files.both() {
		changed := f.Changed()
		if err := r.saveAWSFile(f); err != nil {
			return err
		}
		if !changed {
			continue
		}
		if _, err := fmt.Fprintf(r.host.Out, "removed the keys of profile %q from %s\n", r.profile, oneLine(f.Name)); err != nil {
			return err
		}
	}
	return nil
}
