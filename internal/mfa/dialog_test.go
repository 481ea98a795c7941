//go:build unix

package mfa

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

// standIn is a bench with a driver chosen, and a script in the place of its
// program. The script finds its arguments, each on a line, in $ASKED.
func standIn(t *testing.T, driver, script string) (b *bench, asked func() []string) {
	t.Helper()
	b = newBench(t)
	dir := t.TempDir()
	log := filepath.Join(dir, "asked")
	text := "ASKED=" + log + "\nfor a; do printf '%s\\n' \"$a\"; done >> $ASKED\necho run >> " + dir + "/runs\n" + script + "\n"
	program, err := filepath.Abs("testdata/stand-in")
	err = errors.Join(err, os.WriteFile(filepath.Join(dir, "script.sh"), []byte(text), 0o600), os.Symlink(program, filepath.Join(dir, driver)))
	if err != nil {
		t.Fatal(err)
	}
	b.options.Driver = driver
	b.options.Terminal = func() (Asker, error) { return nil, errors.New("a child owns the terminal") }
	b.options.Program.Environ = append(b.options.Program.Environ, "MARK=helpers")
	b.options.LookPath = func(name string) (string, error) {
		path := filepath.Join(dir, name)
		_, err := os.Stat(path)
		return path, err
	}
	b.options.Getenv = func(name string) string { return map[string]string{"DISPLAY": ":0"}[name] }
	return b, func() []string {
		data, _ := os.ReadFile(log)
		return strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
	}
}

// pinentryScript answers as a pinentry does; answer is a shell command for
// GETPIN.
func pinentryScript(answer string) string {
	return `echo "OK Pleased to meet you"
while read -r word rest; do
  printf '%s %s\n' "$word" "$rest" >> $ASKED
  case $word in GETPIN) ` + answer + ` ;; BYE) echo OK; exit 0 ;; *) echo OK ;; esac
done`
}

// answering are stand-ins of each dialog that run a shell command to answer.
func answering() map[string]func(answer string) string {
	plain := func(answer string) string { return answer }
	return map[string]func(string) string{
		"pinentry": func(answer string) string { return pinentryScript(answer) },
		"zenity":   plain, "kdialog": plain, "osascript": plain,
	}
}

// printing is how a stand-in prints a code.
func printing(driver, code string) string {
	if driver == "pinentry" {
		return "echo 'D " + code + "'; echo OK"
	}
	return "echo '" + code + "'"
}

func TestDialogsAreTested(t *testing.T) {
	t.Parallel()
	for _, d := range drivers() {
		if _, tested := answering()[d.name]; d.chosen != tested {
			t.Errorf("%s: chosen by name only %v, tested as a dialog %v", d.name, d.chosen, tested)
		}
	}
}

func TestDialogGivesTheCode(t *testing.T) {
	t.Parallel()
	for driver, script := range answering() {
		b, asked := standIn(t, driver, script(printing(driver, " 123456 ")))
		if err := b.with(device(), &aws{takes: "123456"}); err != nil || len(b.notes) != 0 {
			t.Errorf("%s: %v, notes %q", driver, err, b.notes)
		}
		if !strings.Contains(strings.Join(asked(), "\n"), "MFA code for arn:aws:iam::1:mfa/alice (profile dev)") {
			t.Errorf("%s was asked %q", driver, asked())
		}
	}
}

func TestDialogAsksAgain(t *testing.T) {
	t.Parallel()
	for driver, script := range answering() {
		count := `n=$(($(cat $ASKED.n 2>/dev/null || echo 0) + 1)); echo $n > $ASKED.n; `
		b, asked := standIn(t, driver, script(count+`case $n in 1) `+printing(driver, "12")+`;; 2) `+printing(driver, "111111")+`;; *) `+printing(driver, "222222")+`;; esac`))
		a := &aws{takes: "222222"}
		if err := b.with(device(), a); err != nil || !cmp.Equal(a.sent, []string{"111111", "222222"}) {
			t.Errorf("%s: %v, sent %q", driver, err, a.sent)
		}
		for _, why := range []string{notDigits, wasWrong} {
			if !strings.Contains(strings.Join(asked(), "\n"), why) {
				t.Errorf("%s does not say %q: %q", driver, why, asked())
			}
		}
	}
}

func TestDialogCancelled(t *testing.T) {
	t.Parallel()
	for driver, answer := range map[string]string{
		"pinentry": "echo 'ERR 83886179 Operation cancelled <Pinentry>'", "zenity": "echo 'Gtk-Message: x' >&2; exit 1", "kdialog": "exit 1",
		"osascript": `echo "57:90: execution error: User canceled. (-128)" >&2; exit 1`,
	} {
		b, _ := standIn(t, driver, answering()[driver](answer))
		if err := b.with(device(), &aws{}); err != fault.ErrInterrupted {
			t.Errorf("%s: %v", driver, err)
		}
	}
}

func TestDialogFails(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ driver, answer, word string }{
		{"pinentry", "echo 'ERR 83918929 No such device <Pinentry>'", "No such device"},
		{"pinentry", "echo 'no display' >&2; exit 2", "no display"},
		{"zenity", "echo 'Gtk: cannot open display: :77' >&2; exit 1", "cannot open display"},
		{"zenity", "exit 255", "exit status 255"},
		{"kdialog", "echo 'qt: \x1b[31mno' >&2; kill -9 $$", "signal: killed"},
		{"osascript", "echo 'syntax error' >&2; exit 1", "syntax error"},
	} {
		b, _ := standIn(t, c.driver, answering()[c.driver](c.answer))
		err := b.with(device(), &aws{})
		b.says(err, c.driver, c.word, `profile "dev"`, "config:3", "--mfa-prompt")
		if strings.Contains(err.Error(), "\x1b") {
			t.Errorf("%q", err)
		}
	}
}

// No name is markup or code, or becomes an argument of its own.
func TestDialogObeysNoName(t *testing.T) {
	t.Parallel()
	d := profile.Device{Serial: `arn:x:mfa/a_b" & (do shell script "touch PWNED") & "`, Profile: "<b>x</b>\n--text=`touch PWNED`$(touch PWNED)"}
	want := map[string][]string{
		"zenity":  {"--entry", "--hide-text", "--title=assume-role", "--text=" + strings.ReplaceAll(dialogText(d, ""), "_", "__")},
		"kdialog": {"--title", "assume-role", "--password", dialogText(d, "")},
	}
	for driver, script := range answering() {
		b, asked := standIn(t, driver, script(printing(driver, "123456")))
		if err := b.with(d, &aws{takes: "123456"}); err != nil {
			t.Errorf("%s: %v", driver, err)
		}
		if lines, fixed := want[driver]; fixed && !cmp.Equal(asked(), lines) {
			t.Errorf("%s: %s", driver, cmp.Diff(lines, asked()))
		}
	}
	b, asked := standIn(t, "osascript", "echo 123456")
	_ = b.with(d, &aws{takes: "123456"})
	lines := asked()
	for i, line := range lines[:len(lines)-1] {
		if strings.Contains(line, "PWNED") {
			t.Errorf("the name is in line %d of the script: %q", i, line)
		}
	}
	if last := lines[len(lines)-1]; last != dialogText(d, "") {
		t.Errorf("the last argument is %q", last)
	}
}

func TestDialogSeesTheHelpersEnvironment(t *testing.T) {
	t.Parallel()
	for driver, script := range answering() {
		b, asked := standIn(t, driver, `echo "env $MARK $(env | wc -l)" >> $ASKED; exec </dev/stdin;`+script(printing(driver, "123456")))
		if err := b.with(device(), &aws{takes: "123456"}); err != nil || !slices.ContainsFunc(asked(), func(line string) bool { return strings.HasPrefix(line, "env helpers") }) {
			t.Errorf("%s: %v, %q", driver, err, asked())
		}
	}
}

func TestDialogThatCannotBeShown(t *testing.T) {
	t.Parallel()
	for _, driver := range []string{"pinentry", "zenity", "kdialog", "osascript"} {
		b, _ := standIn(t, driver, "exit 1")
		none := b.options.LookPath
		b.options.LookPath = func(string) (string, error) { return "", os.ErrNotExist }
		b.says(b.with(device(), &aws{}), driver+" is not", `profile "dev"`, "config:3", "--mfa-token")
		b.options.LookPath, b.options.NoPrompt = none, true
		b.says(b.with(device(), &aws{}), "prompts are turned off")
		b.options.LookPath, b.options.NoPrompt = nil, false
		b.says(b.with(device(), &aws{}), "no program can be looked up")
	}
	for _, driver := range []string{"zenity", "kdialog"} {
		b, asked := standIn(t, driver, "echo 123456")
		b.options.Getenv = nil
		err := b.with(device(), &aws{takes: "123456"})
		if runtime.GOOS == "darwin" {
			continue // windows need no display there
		}
		if b.says(err, driver+" has no display", "WAYLAND_DISPLAY"); len(asked()) != 1 {
			t.Errorf("%s was run: %q", driver, asked())
		}
		b.options.Getenv = func(name string) string { return map[string]string{"WAYLAND_DISPLAY": "wayland-0"}[name] }
		if err := b.with(device(), &aws{takes: "123456"}); err != nil {
			t.Error(err)
		}
	}
}

// A dialog comes up where it was chosen, and nowhere else.
func TestNoDialogUnasked(t *testing.T) {
	t.Parallel()
	for driver := range answering() {
		b, asked := standIn(t, driver, "echo 123456")
		b.options.Driver = ""
		b.says(b.with(device(), &aws{}), "no terminal")
		if got := asked(); got[0] != "" {
			t.Errorf("%s was asked %q", driver, got)
		}
	}
}

func TestInterruptEndsTheDialog(t *testing.T) {
	t.Parallel()
	for driver, script := range answering() {
		b, asked := standIn(t, driver, script(`echo $$ > $ASKED.pid; sleep 20 & echo $! >> $ASKED.pid; echo here >> $ASKED; wait`))
		ctx, cancel := context.WithCancel(context.Background())
		go func() {
			for !slices.Contains(asked(), "here") {
				time.Sleep(time.Millisecond)
			}
			cancel()
		}()
		if err := b.codes().WithCode(ctx, atAWS, device(), (&aws{}).try); err != fault.ErrInterrupted {
			t.Errorf("%s: %v", driver, err)
		}
	}
}

func TestPinentryIsToldOfAFreeTerminalOnly(t *testing.T) {
	t.Parallel()
	b, asked := standIn(t, "pinentry", pinentryScript("echo 'D 123456'; echo OK"))
	if err := b.with(device(), &aws{takes: "123456"}); err != nil || strings.Contains(strings.Join(asked(), "\n"), "ttyname") {
		t.Errorf("%v, told %q", err, asked())
	}
	want := []string{"SETTITLE assume-role", "SETDESC MFA code for arn:aws:iam::1:mfa/alice (profile dev)", "SETPROMPT MFA code:", "SETTIMEOUT 300", "GETPIN ", "BYE "}
	if got := asked(); !cmp.Equal(got, want) {
		t.Error(cmp.Diff(want, got))
	}
	b, asked = standIn(t, "pinentry", pinentryScript("echo 'D 123456'; echo OK"))
	b.options.Terminal = func() (Asker, error) { return b.person, nil }
	b.options.Getenv = func(name string) string { return map[string]string{"TERM": "vt100"}[name] }
	if err := b.with(device(), &aws{takes: "123456"}); err != nil || !slices.Contains(asked(), "OPTION ttyname=/dev/tty") || !slices.Contains(asked(), "OPTION ttytype=vt100") {
		t.Errorf("%v, told %q", err, asked())
	}
}

func TestPinentryOfTheAgent(t *testing.T) {
	t.Parallel()
	for conf, want := range map[string]string{
		"# x\ndefault-cache-ttl 60\n  pinentry-program  /opt/my pinentry \n": "/opt/my pinentry", "pinentry-program \"/opt/p\"\n": "/opt/p",
		"no-pinentry-program /x\n": "", "pinentry-programs /x\n": "", "": "",
	} {
		home := t.TempDir()
		if err := os.Mkdir(filepath.Join(home, ".gnupg"), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(home, ".gnupg", "gpg-agent.conf"), []byte(conf), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, variables := range []map[string]string{{"HOME": home}, {"HOME": "/none", "GNUPGHOME": filepath.Join(home, ".gnupg")}} {
			c := &Codes{Options: Options{
				Getenv:   func(name string) string { return variables[name] },
				LookPath: func(name string) (string, error) { return name, nil },
			}}
			if got, err := c.pinentryProgram(); err != nil || got != firstOf(want, "pinentry") {
				t.Errorf("%q: %q, %v", conf, got, err)
			}
		}
	}
	mac := &Codes{Options: Options{LookPath: func(name string) (string, error) {
		if name == "pinentry-mac" {
			return "/opt/homebrew/bin/pinentry-mac", nil
		}
		return "", os.ErrNotExist
	}}}
	if got, err := mac.pinentryProgram(); err != nil || got != "/opt/homebrew/bin/pinentry-mac" {
		t.Errorf("%q, %v", got, err)
	}
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// A pinentry that stays after its answer is ended.
func TestPinentryThatStaysIsEnded(t *testing.T) {
	t.Parallel()
	b, _ := standIn(t, "pinentry", "trap '' TERM; "+pinentryScript("echo 'D 123456'; echo OK; exec sleep 600"))
	if err := b.with(device(), &aws{takes: "123456"}); err != nil {
		t.Error(err)
	}
}

func TestDialogThatNobodyAnswers(t *testing.T) {
	t.Parallel()
	for driver, script := range answering() {
		b, _ := standIn(t, driver, script("exec sleep 600"))
		codes := b.codes()
		codes.patience = 300 * time.Millisecond
		err := codes.WithCode(context.Background(), atAWS, device(), (&aws{}).try)
		b.says(err, driver, "nobody answered within 300ms", "config:3")
	}
}

// What a dialog prints beyond any code is not kept.
func TestDialogThatTalksOn(t *testing.T) {
	t.Parallel()
	b, _ := standIn(t, "zenity", "yes 1234567 | head -c 1000000")
	b.says(b.with(device(), &aws{}), "no usable code")
}
