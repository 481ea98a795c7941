package cmd

import (
	"bytes"
	"fmt"
	"io"
	"time"

	"assume-role/internal/cache"
	"assume-role/internal/terminal"
)

// statusJSON is the shape of `status --json` (docs/scripting.md).
type statusJSON struct {
	Current  *currentJSON  `json:"current"`
	Sessions []sessionJSON `json:"sessions"`
}

type currentJSON struct {
	Profile     string `json:"profile"`
	AccountID   string `json:"account_id,omitempty"`
	AccessKeyID string `json:"access_key_id,omitempty"`
	Expires     string `json:"expires,omitempty"`
	SecondsLeft *int64 `json:"seconds_left,omitempty"`
}

type sessionJSON struct {
	Profile     string `json:"profile"`
	Kind        string `json:"kind"`
	RoleARN     string `json:"role_arn,omitempty"`
	Expires     string `json:"expires"`
	SecondsLeft int64  `json:"seconds_left"`
}

func (s statusNow) json() statusJSON {
	all := statusJSON{Sessions: []sessionJSON{}}
	if s.shell != nil {
		all.Current = s.shell.json(s.now)
	}
	for _, k := range s.sessions {
		all.Sessions = append(all.Sessions, sessionJSON{
			Profile: k.Profile, Kind: k.Kind, RoleARN: k.RoleARN,
			Expires: k.Expires.UTC().Format(time.RFC3339), SecondsLeft: int64(k.Left(s.now) / time.Second),
		})
	}
	return all
}

func (s *shellSession) json(now time.Time) *currentJSON {
	current := &currentJSON{Profile: s.Profile, AccountID: s.AccountID, AccessKeyID: s.AccessKeyID}
	if ends := s.ends(); !ends.IsZero() {
		left := int64(max(0, ends.Sub(now)) / time.Second)
		current.Expires, current.SecondsLeft = s.Expires.Format(time.RFC3339), &left
	}
	return current
}

// print writes the shell's session as a line and those in the cache as a
// table.
func (s statusNow) print(out io.Writer) error {
	var text bytes.Buffer
	switch {
	case s.shell != nil:
		fmt.Fprintf(&text, "this shell: %s\n", s.shell.line(s.now))
	case len(s.sessions) == 0:
		text.WriteString("no session in this shell, none in the cache\n")
	}
	if len(s.sessions) > 0 {
		if s.shell != nil {
			text.WriteByte('\n')
		}
		text.Write(s.table())
	}
	_, err := out.Write(text.Bytes())
	return err
}

func (s statusNow) table() []byte {
	rows := [][]string{{"PROFILE", "KIND", "ROLE", "LEFT", "UNTIL"}}
	for _, k := range s.sessions {
		rows = append(rows, s.cells(k))
	}
	return table(rows)
}

func (s statusNow) cells(k cache.Session) []string {
	return []string{
		terminal.Visible(k.Profile), terminal.Visible(k.Kind), firstOf(terminal.Visible(k.RoleARN), "-"),
		shortLeft(k.Left(s.now)), onTheClock(k.Expires.Add(-k.Skew), s.now),
	}
}

// line says which session a shell is in and how long it lasts.
func (s *shellSession) line(now time.Time) string {
	text := terminal.Visible(s.Profile)
	if s.AccountID != "" {
		text += ", account " + terminal.Visible(s.AccountID)
	}
	if s.AccessKeyID != "" {
		text += ", access key " + terminal.Visible(s.AccessKeyID)
	}
	return text + ": " + s.lasts(now)
}

func (s *shellSession) lasts(now time.Time) string {
	ends := s.ends()
	switch {
	case s.AccessKeyID == "":
		return "its credentials are not in the environment"
	case ends.IsZero() && s.Temporary:
		return "no expiry is known"
	case ends.IsZero():
		return "long-lived keys, which do not expire"
	case !ends.After(now):
		return "expired " + shortLeft(now.Sub(ends)) + " ago"
	}
	return shortLeft(ends.Sub(now)) + " left, until " + onTheClock(ends, now)
}

// onTheClock is a moment as the clock on the wall shows it, with its date
// where that is another day.
func onTheClock(at, now time.Time) string {
	at, now = at.Local(), now.Local()
	if at.Format(time.DateOnly) == now.Format(time.DateOnly) {
		return at.Format("15:04")
	}
	return at.Format("2006-01-02 15:04")
}
