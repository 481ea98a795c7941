package cmd

import "testing"

// The line has to mean the same to sh, cmd.exe and the SDKs that split it
// themselves; a name that could be a flag is none.
func TestOwnProcess(t *testing.T) {
	t.Parallel()
	const line = "assume-role credential-process "
	for name, want := range map[string]string{
		"base": line + "base", "a b": line + `"a b"`, "a/b@c.d:e+f=g,h_i-j": line + "a/b@c.d:e+f=g,h_i-j",
		"": "", "-x": "", "--all": "", "a$b": "", "a`b": "", `a"b`: "", "a'b": "", `a\b`: "", "a%b": "", "a;b": "", "a&b": "", "a\tb": "", "ä": "",
	} {
		if got, err := ownProcess(name); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", name, got, err)
		}
	}
}

// What calls the tool for the profile is told from what only looks like it.
func TestCallsTool(t *testing.T) {
	t.Parallel()
	for command, want := range map[string]bool{
		"granted credential-process --profile base":              true,
		`"/usr/local/bin/granted" credential-process base`:       true,
		`C:\tools\granted.exe credential-process --profile=base`: true,
		"granted credential-process --profile other":             false,
		"aws-vault export base":                                  false,
		"echo granted base":                                      false,
		"granted":                                                false,
		"":                                                       false,
	} {
		if got := callsTool(command, "granted", "base"); got != want {
			t.Errorf("%q: %v", command, got)
		}
	}
}
