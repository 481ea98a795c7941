package cmd

import (
	"strings"
	"testing"
)

// TestElsewhereIsNotHere: what other tools call something is no name of ours,
// and what it is called here exists.
func TestElsewhereIsNotHere(t *testing.T) {
	t.Parallel()
	root := newApp(Host{}).root(nil)
	known := flagNames(root)
	for _, word := range []string{"clear", "ls", "rm", "env", "run", "open", "unset", "get-caller-identity", "configure", "proxy", "settings"} {
		ours, _, _ := strings.Cut(commandElsewhere(word), " ")
		if ours = strings.TrimSuffix(ours, ","); !isCommand(ours) || isCommand(word) {
			t.Errorf("%s is called %q", word, ours)
		}
	}
	for _, name := range []string{
		"backend", "ec2-server", "lazy", "token-code", "serial-number", "role-session-name", "duration-seconds", "verbose", "output", "account", "force",
	} {
		ours, _ := flagElsewhere(name)
		if flags := strings.Join(known, " "); !strings.Contains(" "+flags+" ", " "+ours+" ") || strings.Contains(" "+flags+" ", " "+name+" ") {
			t.Errorf("--%s is called --%s", name, ours)
		}
	}
	for _, name := range []string{"profile", "j", "un", "e", "c", "pass-dir"} {
		if adviceElsewhere(name) == "" {
			t.Errorf("nothing is said of --%s", name)
		}
	}
	if commandElsewhere("exec") != "" || adviceElsewhere("region") != "" {
		t.Error("our own words are called otherwise")
	}
}

func TestSingleDash(t *testing.T) {
	t.Parallel()
	root := newApp(Host{}).root([]string{"exec"})
	for words, want := range map[string]string{
		"-region eu-west-1 prod":    "did you mean --region?",
		"-region=eu-west-1 prod":    "did you mean --region?",
		"prod -regoin x -- ls":      "did you mean --region?",
		"-no-session prod":          "did you mean --no-session?",
		"-debug prod":               "did you mean --debug?",
		"-keyring-backend file p":   "did you mean --keyring-backend?",
		"-nd 1h prod":               "",
		"-d1h prod":                 "",
		"-d=1h prod":                "",
		"-rus-east-1 prod":          "",
		"-t123456 prod":             "",
		"-d -region prod":           "", // the value of -d, which is refused as one
		"--tag -region=x prod":      "",
		"prod -- -region x":         "",
		"prod -- grep -region":      "",
		"- prod":                    "",
		"-ns prod":                  "",
		"--region eu-west-1 prod":   "",
		"prod -- tool -debug -json": "",
	} {
		_, err := dashedTwice(root, append([]string{"exec"}, strings.Fields(words)...))
		if (err != nil) != (want != "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", words, err, want)
		}
	}
}
