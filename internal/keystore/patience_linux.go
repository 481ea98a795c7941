package keystore

import "time"

// patience is the time limit where a dialog may be open on a desktop.
func patience(o Options) time.Duration {
	if o.Env("DISPLAY") != "" || o.Env("WAYLAND_DISPLAY") != "" {
		return personTime
	}
	return answerTime
}
