package cmd

import (
	"fmt"
	"io"
	"strings"
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

// print shows a person the shell's session as a line and those in the cache as
// a table; to a program each is a record.
func (s statusNow) print(out io.Writer, on screen) error {
	return on.write(out, s.forPeople, s.records)
}

func (s statusNow) forPeople(on screen) string {
	var text strings.Builder
	switch {
	case s.shell != nil:
		fmt.Fprintf(&text, "this shell: %s\n", s.shell.line(s.now, on.Palette))
	case len(s.sessions) == 0:
		text.WriteString("no session in this shell, none in the cache\n")
	}
	if len(s.sessions) > 0 {
		if s.shell != nil {
			text.WriteByte('\n')
		}
		text.WriteString(s.table().on(on))
	}
	return text.String()
}

// records have the shell's session first, which its kind tells.
func (s statusNow) records(on screen) string {
	t := s.table()
	if s.shell != nil {
		t.rows = append([][]cell{s.shell.cells(s.now)}, t.rows...)
	}
	return t.on(on)
}

func (s statusNow) table() table {
	t := table{header: []string{"PROFILE", "KIND", "ROLE", "LEFT", "UNTIL"}}
	for _, k := range s.sessions {
		t.rows = append(t.rows, s.cells(k))
	}
	return t
}

func (s statusNow) cells(k cache.Session) []cell {
	left := k.Left(s.now)
	return []cell{
		{text: terminal.Visible(k.Profile)}, kindCell(k.Kind), roleCell(k.RoleARN),
		{text: shortLeft(left), style: leftStyle(left)}, {text: onTheClock(k.Expires.Add(-k.Skew), s.now)},
	}
}

// roleCell is a role whose account and name stay on a narrow screen.
func roleCell(arn string) cell {
	arn = firstOf(terminal.Visible(arn), "-")
	if parts := strings.SplitN(arn, ":", 5); len(parts) == 5 {
		return cell{text: arn, short: "…" + parts[4]}
	}
	return cell{text: arn}
}

// soon is when a session's end is near.
const soon = 15 * time.Minute

// leftStyle is the colour of a time that is left.
func leftStyle(left time.Duration) terminal.Style {
	switch {
	case left <= 0:
		return terminal.Red
	case left < soon:
		return terminal.Yellow
	}
	return terminal.Green
}

// cells are the shell's session as a record, with the account in place of a
// role, which the variables do not tell.
func (s *shellSession) cells(now time.Time) []cell {
	left, until := s.left(now)
	return []cell{{text: terminal.Visible(s.Profile)}, {text: "this shell"}, {text: terminal.Visible(s.AccountID)}, {text: left}, {text: until}}
}

// line says which session a shell is in and how long it lasts.
func (s *shellSession) line(now time.Time, palette terminal.Palette) string {
	text := terminal.Visible(s.Profile)
	if s.AccountID != "" {
		text += ", account " + terminal.Visible(s.AccountID)
	}
	if s.AccessKeyID != "" {
		text += ", access key " + terminal.Visible(s.AccessKeyID)
	}
	left, until := s.left(now)
	if until != "" {
		left, until = left+" left", ", until "+until
	}
	return text + ": " + palette.Paint(s.style(now), left) + until
}

// style is plain where the time that is left is not known.
func (s *shellSession) style(now time.Time) terminal.Style {
	ends := s.ends()
	if s.AccessKeyID == "" || ends.IsZero() {
		return terminal.Plain
	}
	return leftStyle(ends.Sub(now))
}

// left says how long the session lasts and until when; empty where it does not
// end, or has ended.
func (s *shellSession) left(now time.Time) (left, until string) {
	ends := s.ends()
	switch {
	case s.AccessKeyID == "":
		return "its credentials are not in the environment", ""
	case ends.IsZero() && s.Temporary:
		return "no expiry is known", ""
	case ends.IsZero():
		return "long-lived keys, which do not expire", ""
	case !ends.After(now):
		return "expired " + shortLeft(now.Sub(ends)) + " ago", ""
	}
	return shortLeft(ends.Sub(now)), onTheClock(ends, now)
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
