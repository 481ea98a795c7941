package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"assume-role/internal/awsfake"
)

// TestMain lets the test program stand in for an assume-role that forgets to
// list the profiles.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == "list" {
		fmt.Println("PROFILE")
		return
	}
	os.Exit(m.Run())
}

// TestDemo is `make demo`, with a tool that it builds itself.
func TestDemo(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the tool")
	}
	temp := privateTemp(t)
	demo := filepath.Join(t.TempDir(), "demo")
	if out, err := goBuild(t, demo, "."); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	out, err := exec.CommandContext(t.Context(), demo).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, want := range []string{
		"STS calls: 2 (GetSessionToken, AssumeRole; 1 MFA code)\n", "STS calls: 0\n",
		"All 11 steps did what they announced.\n",
	} {
		if !strings.Contains(string(out), want) {
			t.Errorf("the demo does not say %q:\n%s", want, out)
		}
	}
	if strings.Contains(string(out), temp) || strings.Contains(string(out), filepath.Dir(demo)) {
		t.Errorf("the demo names folders of this machine:\n%s", out)
	}
	empty(t, temp)
}

// TestDemoStopsAtTheFirstLie: a tool that does something else fails the demo,
// and nothing stays behind.
func TestDemoStopsAtTheFirstLie(t *testing.T) {
	temp := privateTemp(t)
	liar, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	err = perform(t.Context(), &out, []string{liar})
	if err == nil || !strings.Contains(err.Error(), `"What is there" did not go as announced: the output lacks "admin"`) {
		t.Errorf("error = %v", err)
	}
	if strings.Contains(out.String(), "== 2 of") {
		t.Errorf("the demo went on:\n%s", out.String())
	}
	empty(t, temp)
}

func TestDemoInterrupted(t *testing.T) {
	temp := privateTemp(t)
	liar, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := perform(ctx, &bytes.Buffer{}, []string{liar}); err == nil {
		t.Error("an interrupted demo went well")
	}
	empty(t, temp)
}

func goBuild(t *testing.T, program, pkg string) ([]byte, error) {
	return exec.CommandContext(t.Context(), "go", "build", "-o", program, pkg).CombinedOutput()
}

// privateTemp gives the test a temp folder of its own, to see what stays.
func privateTemp(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	t.Setenv("TMP", folder)
	t.Setenv("TEMP", folder)
	return folder
}

func empty(t *testing.T, folder string) {
	t.Helper()
	left, err := filepath.Glob(filepath.Join(folder, "assume-role-demo-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

func TestCompare(t *testing.T) {
	t.Parallel()
	sc := scene{status: 1, calls: []string{"A", "B"}, codes: 1, shows: []string{"x"}}
	right := result{output: "xyz", status: 1, calls: []string{"A", "B"}, codes: 1}
	if err := sc.compare(right); err != nil {
		t.Error(err)
	}
	for want, wrong := range map[string]result{
		"exit status 0 instead of 1":         {output: "x", calls: right.calls, codes: 1},
		"STS calls [A] instead of [A B]":     {output: "x", status: 1, calls: []string{"A"}, codes: 1},
		"STS calls [B A] instead of [A B]":   {output: "x", status: 1, calls: []string{"B", "A"}, codes: 1},
		"2 MFA codes used instead of 1":      {output: "x", status: 1, calls: right.calls, codes: 2},
		`the output lacks "x"`:               {status: 1, calls: right.calls, codes: 1},
		"STS calls [A B C] instead of [A B]": {output: "x", status: 1, calls: []string{"A", "B", "C"}, codes: 1},
	} {
		if err := sc.compare(wrong); err == nil || err.Error() != want {
			t.Errorf("error = %v, want %s", err, want)
		}
	}
}

func TestSecretsOnStage(t *testing.T) {
	t.Parallel()
	aws, err := awsfake.Start(awsfake.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(aws.Close)
	_, secret := aws.AddKey("alice")
	s := &stage{aws: aws, folder: "/x", self: "/y/demo"}
	leak := result{output: "key " + secret.Reveal()}
	if err := s.leaks(scene{}, leak); err == nil || strings.Contains(err.Error(), secret.Reveal()) {
		t.Errorf("a leak: %v", err)
	}
	if err := s.leaks(scene{}, result{output: passphrase}); err == nil {
		t.Error("the passphrase may leak")
	}
	if err := s.leaks(scene{hands: true}, leak); err != nil {
		t.Error(err)
	}
	shown := s.presentable(leak.output + " " + s.home(".aws") + " /y/demo")
	if want := "key " + secret.Reveal()[:4] + "… " + filepath.Join("~", ".aws") + " demo\n"; shown != want {
		t.Errorf("shown as %q, want %q", shown, want)
	}
}

// TestStoryIsWhole keeps the story to the commands of the main job.
func TestStoryIsWhole(t *testing.T) {
	t.Parallel()
	played := map[string]bool{}
	for _, sc := range story() {
		played[sc.args[0]] = true
	}
	for _, command := range []string{"exec", "export", "explain", "list", "whoami", "credential-process", "clear-cache"} {
		if !played[command] {
			t.Errorf("no scene with %s", command)
		}
	}
}

func TestChildren(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	env := map[string]string{"AWS_REGION": "eu-west-1"}
	if err := runShowCredentials(&out, func(name string) string { return env[name] }); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "AWS_REGION=eu-west-1\n") || !strings.Contains(out.String(), "AWS_PROFILE=(not set)\n") {
		t.Errorf("got %s", out.String())
	}
	path := filepath.Join(t.TempDir(), "code")
	if err := os.WriteFile(path, []byte("123456\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out.Reset()
	if err := runPrintCode(&out, path); err != nil || out.String() != "123456\n" {
		t.Errorf("got %q %v", out.String(), err)
	}
	if err := runPrintCode(&out, path+"2"); err == nil {
		t.Error("a code from nowhere")
	}
}
