package mfa

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

// pin speaks to a pinentry that answers with the text, and returns what it was
// told.
func pin(answers string, lines ...assuanLine) (code, told string, err error) {
	var to strings.Builder
	got, err := assuan{strings.NewReader(answers), &to}.getPIN(lines)
	return got.Reveal(), to.String(), err
}

func TestAssuan(t *testing.T) {
	t.Parallel()
	lines := []assuanLine{{"SETDESC", "50% of\na\rline", false}, {"OPTION", "ttyname=/dev/tty", true}}
	code, told, err := pin("OK Pleased to meet you, process 7\n# idle\nOK\nERR 83886254 Unknown option <Pinentry>\nS PASSWORD_FROM_CACHE\nD 12%33\r\nD 456\nOK\n", lines...)
	if err != nil || code != "123456" {
		t.Errorf("%q, %v", code, err)
	}
	if want := "SETDESC 50%25 of%0Aa%0Dline\nOPTION ttyname=/dev/tty\nGETPIN\nBYE\n"; told != want {
		t.Error(cmp.Diff(want, told))
	}
}

func TestAssuanCancelled(t *testing.T) {
	t.Parallel()
	for _, answer := range []string{"ERR 83886179 Operation cancelled <Pinentry>", "ERR 99", "ERR 83886278 fully", "ERR 67108963 x"} {
		if _, _, err := pin("OK\n" + answer + "\n"); err != fault.ErrInterrupted {
			t.Errorf("%s: %v", answer, err)
		}
	}
}

func TestAssuanFails(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 3*maxAssuan) + "\n"
	for answers, why := range map[string]string{
		"": "ended without an answer", "OK": "ended without an answer", "OK\n": "ended without an answer", "OK\nD 123456\n": "ended without an answer",
		"OK\nERR 83918929 No such file \x1b[31m<Pinentry>\n": `it says: No such file \x1b[31m<Pinentry>`, "OK\nERR 7\n": "error 7", "OK\nERR\n": "error ",
		"usage: pinentry\n": "does not speak", long: "does not speak", "OK\nINQUIRE QUALITY x\n": "does not speak",
		"OK\n" + strings.Repeat("S x\n", maxReplies): "does not speak",
	} {
		if code, _, err := pin(answers); err == nil || !strings.Contains(err.Error(), why) || code != "" {
			t.Errorf("%.40q: %q, %v; want %q", answers, code, err, why)
		}
	}
	if _, _, err := pin("OK\nERR 1 no\n", assuanLine{"SETDESC", "x", false}); !isRefusal(err) {
		t.Errorf("a command that matters was refused: %v", err)
	}
	if _, told, err := pin("OK\n", assuanLine{"SETDESC", long, false}); err == nil || told != "" {
		t.Errorf("%v, told %.40q", err, told)
	}
	_, err := assuan{strings.NewReader("OK\n"), broken{}}.getPIN(nil)
	if !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("a pinentry that does not read: %v", err)
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func FuzzAssuan(f *testing.F) {
	for _, seed := range []string{"OK\n", "D 12%33\nOK\n", "ERR 99 x\n", "S\n#\n\nOK", "D %", "D %zz%4\nOK\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := reply(bufio.NewReaderSize(strings.NewReader(text), 2*maxAssuan))
		if err != nil && (got != "" || strings.ContainsAny(err.Error(), "\x1b\n")) {
			t.Errorf("%q, %q", got.Reveal(), err)
		}
		if plain := unpercent(percent(text)); plain != text {
			t.Errorf("%q became %q", text, plain)
		}
	})
}

// No name of a config file is markup, an escape, or longer than a line.
func FuzzDialogText(f *testing.F) {
	for _, seed := range []string{"dev", "<b>x</b>&amp;", `a\nb\u202e`, "a\nb\x1b[31m", strings.Repeat("é", 1000), "\xff", "-e"} {
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, serial, name string) {
		text := dialogText(profile.Device{Serial: serial, Profile: name}, wasWrong)
		if strings.ContainsAny(text, "<>&\\\n\r\x00\x1b") || !utf8.ValidString(text) || strings.HasPrefix(text, "-") {
			t.Errorf("%q", text)
		}
		if n := utf8.RuneCountInString(text); n > 2*maxShown+100 {
			t.Errorf("%d characters", n)
		}
	})
}

func TestDialogTextSaysWhatIsAsked(t *testing.T) {
	t.Parallel()
	if got := dialogText(device(), ""); got != "MFA code for arn:aws:iam::1:mfa/alice (profile dev)" {
		t.Errorf("%q", got)
	}
	got := dialogText(profile.Device{Serial: "arn:x", Profile: "<i>R&D</i>"}, wasWrong)
	if got != wasWrong+" MFA code for arn:x (profile ‹i›R＆D‹/i›)" {
		t.Errorf("%q", got)
	}
}
