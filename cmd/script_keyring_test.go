package cmd_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	osexec "os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"assume-role/internal/creds"
	"assume-role/internal/keystore"
)

// keyringCommands are the scripts' commands for stores and their passphrases.
func keyringCommands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){
		"passwdkilled": passwdKilled, "migratekilled": migrateKilled, "ownring": ownRing, "passwdbeside": passwdBeside,
	}
}

// ownRing: `ownring` gives the script a ring of the kernel's that ends with it.
func ownRing(ts *testscript.TestScript, _ bool, _ []string) {
	name := fmt.Sprintf("assume-role-script-%d-%d", os.Getpid(), rand.Int32())
	ts.Setenv("ASSUME_ROLE_KEYRING_SERVICE_NAME", name)
	ts.Defer(func() {
		if id, err := osexec.Command("keyctl", "search", "@u", "keyring", name).Output(); err == nil {
			_ = osexec.Command("keyctl", "unlink", strings.TrimSpace(string(id)), "@u").Run()
		}
	})
}

// storeEnviron is scriptEnviron with what names stores.
func storeEnviron(ts *testscript.TestScript, more ...string) []string {
	env := scriptEnviron(ts)
	for _, name := range []string{"ASSUME_ROLE_KEYRING_SERVICE_NAME", "PASSWORD_STORE_DIR", "GNUPGHOME"} {
		env = append(env, name+"="+ts.Getenv(name))
	}
	return append(env, more...)
}

// killAtRandom runs a command and kills it at a random moment of the time that
// it usually takes, which the first run shows. It reports whether the kill came
// before the end.
type killAtRandom struct{ usual time.Duration }

func (k *killAtRandom) run(ts *testscript.TestScript, env []string, words ...string) (killed bool) {
	path, err := osexec.LookPath("assume-role")
	ts.Check(err)
	var stderr bytes.Buffer
	c := osexec.Command(path, words...)
	c.Dir, c.Env, c.Stderr = ts.Getenv("WORK"), env, &stderr
	began := time.Now()
	ts.Check(c.Start())
	moment := time.Hour
	if k.usual > 0 {
		moment = rand.N(k.usual)
	}
	timer := time.AfterFunc(moment, func() { _ = c.Process.Kill() })
	err = c.Wait()
	timer.Stop()
	var exit *osexec.ExitError
	if err == nil {
		if k.usual == 0 {
			k.usual = time.Since(began)
		}
		return false
	}
	if errors.As(err, &exit) && exit.ExitCode() == -1 {
		return true
	}
	ts.Fatalf("%q failed by itself: %v: %s", words, err, stderr.String())
	return false
}

// storeOf opens a store of the script's as the tool does.
func storeOf(ts *testscript.TestScript, backend string, passphrase creds.Secret) *keystore.Ring {
	home := ts.Getenv("HOME")
	ring, err := keystore.Open(context.Background(), keystore.Options{
		Backend: backend, FileDir: filepath.Join(home, ".local/share/assume-role/keyring"), PassDir: ts.Getenv("PASSWORD_STORE_DIR"),
		ServiceName: ts.Getenv("ASSUME_ROLE_KEYRING_SERVICE_NAME"), StateDir: filepath.Join(home, ".local/state/assume-role"),
		Given: func() (creds.Secret, bool, error) { return passphrase, true, nil }, Env: ts.Getenv,
	})
	ts.Check(err)
	return ring
}

// keysIn returns how many of the keys of profiles p0 to pN-1 the store gives;
// none that is there may be unreadable.
func keysIn(ts *testscript.TestScript, ring *keystore.Ring, profiles int, tolerate error) (found int) {
	for i := range profiles {
		key, err := ring.Keys().LoadKey("p" + strconv.Itoa(i))
		switch {
		case err == nil && key.AccessKeyID == ts.Getenv("KEY") && key.SecretAccessKey.Reveal() == ts.Getenv("SECRET"):
			found++
		case err == nil || !errors.Is(err, tolerate):
			ts.Fatalf("key %d in %s: %v, %v", i, ring.Backend(), key, err)
		}
	}
	return found
}

// passwdKilled: `passwdkilled ROUNDS KEYS` changes the passphrase and kills that,
// again and again: one of the two passphrases gives every key.
func passwdKilled(ts *testscript.TestScript, _ bool, args []string) {
	rounds, keys := number(ts, args[0]), number(ts, args[1])
	phrases := []creds.Secret{passphrase, "the other one"}
	killed, changed := 0, 0
	var runs killAtRandom
	for range rounds {
		env := storeEnviron(ts, "ASSUME_ROLE_KEYRING_FILE_PASSPHRASE="+phrases[0].Reveal(),
			"ASSUME_ROLE_KEYRING_FILE_NEW_PASSPHRASE="+phrases[1].Reveal())
		if runs.run(ts, env, "keyring", "passwd") {
			killed++
		}
		if n := keysIn(ts, storeOf(ts, "file", phrases[1]), keys, keystore.ErrWrongPassphrase); n != 0 {
			phrases[0], phrases[1] = phrases[1], phrases[0]
			changed++
		}
		if n := keysIn(ts, storeOf(ts, "file", phrases[0]), keys, keystore.ErrWrongPassphrase); n != keys {
			ts.Fatalf("one passphrase gives %d of %d keys", n, keys)
		}
	}
	ts.Logf("passwd: %d of %d runs were killed, %d changed the passphrase, no key lost", killed, rounds, changed)
}

// passwdBeside: `passwdbeside ROUNDS COMMAND ARG…` changes the passphrase that
// often while the command runs again and again, with nothing but the key that
// waits in the kernel; every run succeeds.
func passwdBeside(ts *testscript.TestScript, _ bool, args []string) {
	rounds, old, next := number(ts, args[0]), passphrase, "the other one"
	stop, runs := make(chan struct{}), 0
	var others sync.WaitGroup
	others.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				many(ts, false, append([]string{"2"}, args[1:]...))
				runs += 2
			}
		}
	})
	for range rounds {
		c := osexec.Command("assume-role", "keyring", "passwd")
		c.Env = storeEnviron(ts, "ASSUME_ROLE_KEYRING_FILE_PASSPHRASE="+old, "ASSUME_ROLE_KEYRING_FILE_NEW_PASSPHRASE="+next)
		if out, err := c.CombinedOutput(); err != nil {
			ts.Fatalf("%v: %s", err, out)
		}
		old, next = next, old
	}
	close(stop)
	others.Wait()
	ts.Logf("%d runs of %q beside %d changes of the passphrase", runs, args[1:], rounds)
}

// migrateKilled: `migratekilled ROUNDS KEYS A B` moves the keys between two stores
// and kills that, again and again: the store in use gives every key, and running
// it again completes it.
func migrateKilled(ts *testscript.TestScript, _ bool, args []string) {
	rounds, keys := number(ts, args[0]), number(ts, args[1])
	from, to := args[2], args[3]
	killed, halfway := 0, 0
	var runs killAtRandom
	for range rounds {
		env := storeEnviron(ts, "ASSUME_ROLE_KEYRING_BACKEND=auto")
		if runs.run(ts, env, "keyring", "migrate", "--to", to) {
			killed++
		}
		inUse, err := os.ReadFile(filepath.Join(ts.Getenv("HOME"), ".local/state/assume-role/backend"))
		ts.Check(err)
		name := strings.TrimSpace(string(inUse))
		if n := keysIn(ts, storeOf(ts, name, passphrase), keys, keystore.ErrNotFound); n != keys {
			ts.Fatalf("%s, which is in use, gives %d of %d keys", name, n, keys)
		}
		begun, err := keystore.Unfinished(filepath.Join(ts.Getenv("HOME"), ".local/state/assume-role"))
		ts.Check(err)
		if begun.From != "" {
			halfway++
		}
		if begun.From != "" || name == from {
			ts.Check(ts.Exec("assume-role", "keyring", "migrate", "--to", to))
		}
		if n := keysIn(ts, storeOf(ts, to, passphrase), keys, keystore.ErrNotFound); n != keys {
			ts.Fatalf("the completed move left %d of %d keys in %s", n, keys, to)
		}
		if n := keysIn(ts, storeOf(ts, from, passphrase), keys, keystore.ErrNotFound); n != 0 {
			ts.Fatalf("the completed move left %d keys behind in %s", n, from)
		}
		from, to = to, from
	}
	ts.Logf("migrate: %d of %d runs were killed, %d of them half-way, no key lost", killed, rounds, halfway)
}

func number(ts *testscript.TestScript, text string) int {
	n, err := strconv.Atoi(text)
	ts.Check(err)
	return n
}
