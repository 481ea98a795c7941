package login_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"assume-role/internal/awsfake"
	"assume-role/internal/bearer"
	"assume-role/internal/fault"
	"assume-role/internal/login"
	"assume-role/internal/securefile"
)

const alice = "arn:aws:sts::123456789012:assumed-role/Admin/alice"

// world is an AWS where alice signed in, and her session here.
type world struct {
	*testing.T
	aws     *awsfake.Fake
	session *login.Session
	mu      sync.Mutex
	notes   []string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	return newWorldAt(t, awsfake.Options{})
}

func newWorldAt(t *testing.T, o awsfake.Options) *world {
	t.Helper()
	aws, err := awsfake.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(aws.Close)
	w := &world{T: t, aws: aws}
	w.session = &login.Session{
		Profile: "dev", Origin: fault.Origin{Path: "~/.aws/config", Line: 2},
		Identity: alice, Account: "999999999999", Folder: t.TempDir(), Locks: t.TempDir(),
		Endpoint: aws.URL(), SignIn: "assume-role login dev", Now: aws.Now, Note: w.note, Silence: time.Millisecond,
		Client: func() (*bearer.Client, error) {
			return &bearer.Client{HTTP: &http.Client{}, Sleep: func(time.Duration) {}}, nil
		},
	}
	w.signIn()
	return w
}

func (w *world) note(line string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.notes = append(w.notes, line)
}

func (w *world) path() string {
	return filepath.Join(w.session.Folder, login.Key(alice)+".json")
}

// signIn is `aws login` by alice.
func (w *world) signIn() { w.write(w.aws.AddLogin(alice)) }

func (w *world) write(file []byte) {
	w.Helper()
	if err := os.WriteFile(w.path(), file, 0o600); err != nil {
		w.Fatal(err)
	}
}

func (w *world) read() []byte {
	w.Helper()
	file, err := os.ReadFile(w.path())
	if err != nil {
		w.Fatal(err)
	}
	return file
}

// during has something happen while AWS Sign-In works on a request, before its
// answer is on the way.
func (w *world) during(happens func()) {
	upstream := w.session.Endpoint
	proxy := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		// The proof is for the address that the client used.
		request, err := http.NewRequest(r.Method, upstream+r.URL.Path, r.Body)
		if err != nil {
			panic(err)
		}
		request.Header, request.Host = r.Header, r.Host
		answer, err := http.DefaultTransport.RoundTrip(request)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		defer answer.Body.Close()
		happens()
		out.WriteHeader(answer.StatusCode)
		_, _ = io.Copy(out, answer.Body)
	}))
	w.Cleanup(proxy.Close)
	w.session.Endpoint = proxy.URL
}

// gets expects credentials, after so many refreshes in all.
func (w *world) gets(need login.Need, refreshes int) (accessKeyID string) {
	w.Helper()
	c, err := w.session.Credentials(context.Background(), need)
	if err != nil {
		w.Fatal(err)
	}
	if !c.Complete() || !c.Temporary() || !c.Expiration.After(w.aws.Now()) {
		w.Errorf("%+v", c)
	}
	w.refreshed(refreshes)
	return c.AccessKeyID
}

func (w *world) refreshed(times int) {
	w.Helper()
	if got := w.aws.Count("CreateOAuth2Token"); got != times {
		w.Errorf("%d refreshes, want %d", got, times)
	}
}

// fails expects an error that says these words and no secret.
func (w *world) fails(words ...string) error {
	w.Helper()
	c, err := w.session.Credentials(context.Background(), login.Need{})
	if err == nil || c.Complete() {
		w.Fatalf("credentials: %+v, %v", c, err)
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			w.Errorf("%q is not in: %v", word, err)
		}
	}
	for _, secret := range w.aws.Secrets() {
		if strings.Contains(err.Error(), secret) {
			w.Errorf("a secret is in: %v", err)
		}
	}
	return err
}

func TestKeyIsTheCLIs(t *testing.T) {
	t.Parallel()
	const arn, want = "arn:aws:sts::012345678910:assumed-role/Admin/admin", "4b0ba8f99f075c0633e122fd73346ce203a3faf18ea0310eb2d29df1bab2e255"
	for _, text := range []string{arn, " " + arn + "\n"} {
		if got := login.Key(text); got != want {
			t.Errorf("%q: %s", text, got)
		}
	}
}

func TestValidCredentialsCostNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.session.Client = func() (*bearer.Client, error) { panic("a client was made") }
	w.session.Locks = "" // not needed either
	before := w.read()
	w.gets(login.Need{}, 0)
	w.gets(login.Need{TTL: 14 * time.Minute}, 0)
	if !bytes.Equal(before, w.read()) {
		t.Error("the file was written")
	}
}

func TestAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	account := func() string {
		c, err := w.session.Credentials(context.Background(), login.Need{})
		if err != nil {
			t.Fatal(err)
		}
		return c.AccountID
	}
	if got := account(); got != "123456789012" {
		t.Errorf("the file's account: %q", got)
	}
	w.write(bytes.Replace(w.read(), []byte(`"accountId"`), []byte(`"x"`), 1))
	if got := account(); got != "999999999999" {
		t.Errorf("the identity's account: %q", got)
	}
}

func TestRefreshTokensRotate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ids := map[string]bool{w.gets(login.Need{}, 0): true}
	for n := 1; n <= 3; n++ {
		w.aws.Advance(11 * time.Minute)
		ids[w.gets(login.Need{}, n)] = true
		ids[w.gets(login.Need{}, n)] = true
	}
	if len(ids) != 4 {
		t.Errorf("%d access keys of 4", len(ids))
	}
	if calls := w.aws.Calls(); calls[0].AccessKeyID != "" {
		t.Error("the request was signed")
	}
}

func TestOneRefreshForMany(t *testing.T) {
	t.Parallel()
	for name, need := range map[string]login.Need{"ended": {}, "--refresh": {Refresh: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.aws.Advance(14 * time.Minute)
			ids := make([]string, 8)
			// Everyone has read the file before the one that has the lock asks
			// AWS: those who wait say so.
			var waiting, all sync.WaitGroup
			waiting.Add(len(ids) - 1)
			for i := range ids {
				all.Go(func() {
					session := *w.session
					session.Note = func(string) { waiting.Done() }
					session.Client = func() (*bearer.Client, error) { waiting.Wait(); return w.session.Client() }
					c, err := session.Credentials(context.Background(), need)
					if err != nil {
						t.Error(err)
					}
					ids[i] = c.AccessKeyID
				})
			}
			all.Wait()
			w.refreshed(1)
			for _, id := range ids {
				if id != ids[0] || id == "" {
					t.Errorf("not one session: %q", ids)
				}
			}
		})
	}
}

// TestTheCLIWasFaster: the AWS CLI takes no lock. What it puts into the file
// while a refresh is on its way counts, and is not written over.
func TestTheCLIWasFaster(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.aws.Advance(16 * time.Minute)
	var theirs []byte
	w.during(func() { w.signIn(); theirs = w.read() })
	id := w.gets(login.Need{}, 1)
	if !bytes.Equal(theirs, w.read()) || !bytes.Contains(theirs, []byte(id)) {
		t.Error("the new sign-in was not used, or written over")
	}
}

// TestTheCLIUsedTheTokenUp: a refusal is no error when the file has moved on.
func TestTheCLIUsedTheTokenUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.aws.Advance(16 * time.Minute)
	w.aws.EndLogin(alice, "TOKEN_EXPIRED")
	w.during(w.signIn)
	w.gets(login.Need{}, 1)
}

// TestLogoutWins: a session that was signed out during a refresh does not come
// back.
func TestLogoutWins(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.aws.Advance(16 * time.Minute)
	w.during(func() {
		if err := os.Remove(w.path()); err != nil {
			t.Error(err)
		}
	})
	w.fails("nobody is signed in as "+alice, "~/.aws/config:2", "assume-role login dev")
	if all, _ := os.ReadDir(w.session.Folder); len(all) != 0 {
		t.Errorf("left: %v", all)
	}
}

// TestCtrlCLosesNoToken: the answer to a request that is on its way is kept.
func TestCtrlCLosesNoToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.aws.Advance(16 * time.Minute)
	ctx, cancel := context.WithCancel(context.Background())
	w.during(cancel)
	if _, err := w.session.Credentials(ctx, login.Need{}); !errors.Is(err, context.Canceled) {
		t.Fatalf("%v", err)
	}
	w.gets(login.Need{}, 1)
}

func TestNoRefreshWithoutALock(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.aws.Advance(16 * time.Minute)
	w.session.Locks = ""
	w.fails("the session is not touched", "no other process")
	w.session.Locks = filepath.Join(t.TempDir(), "missing")
	w.fails("the session is not touched", "no other process")
	w.refreshed(0)
}

func TestAHeldLockIsNamed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.aws.Advance(11 * time.Minute)
	lock, err := securefile.Acquire(t.Context(), filepath.Join(w.session.Locks, "login-"+login.Key(w.path())+".lock"))
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Release()
	ctx, cancel := context.WithCancel(context.Background())
	w.session.Note = func(line string) { w.note(line); cancel() }
	if _, err := w.session.Credentials(ctx, login.Need{}); !errors.Is(err, context.Canceled) {
		t.Fatalf("%v", err)
	}
	if len(w.notes) != 1 || !strings.Contains(w.notes[0], "waiting for process") || !strings.Contains(w.notes[0], `"dev"`) {
		t.Errorf("%q", w.notes)
	}
	w.refreshed(0)
}

// TestNothingIsSentThatCouldNotBeKept: a folder that takes no new file is found
// out before the refresh token is used up.
func TestNothingIsSentThatCouldNotBeKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.aws.Advance(16 * time.Minute)
	if err := os.MkdirAll(filepath.Join(w.path()+".new", "x"), 0o700); err != nil {
		t.Fatal(err)
	}
	w.fails("its successor could not be kept", w.session.Folder, "make the folder writable")
	w.refreshed(0)
}

func TestUnfitFiles(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		make func(*world) error
		want string
	}{
		"a folder":  {func(w *world) error { return errors.Join(os.Remove(w.path()), os.Mkdir(w.path(), 0o700)) }, "cannot be read: not a regular file"},
		"too large": {func(w *world) error { return os.WriteFile(w.path(), make([]byte, 1<<18+1), 0o600) }, "cannot be read: not a regular file within the limit"},
		"torn":      {func(w *world) error { return os.Truncate(w.path(), 99) }, "is damaged: it is not a JSON object"},
		"no key": {func(w *world) error {
			w.aws.Advance(16 * time.Minute)
			return os.WriteFile(w.path(), bytes.Replace(w.read(), []byte("BEGIN EC"), []byte("BEGIN XC"), 1), 0o600)
		}, "is damaged: its dpopKey is not a P-256 key"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			if err := tc.make(w); err != nil {
				t.Fatal(err)
			}
			w.fails(tc.want, "~/.aws/config:2", "assume-role login dev")
			w.refreshed(0)
		})
	}
}

// answering has AWS Sign-In answer with a text of the test's.
func (w *world) answering(status int, text string) {
	server := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, _ *http.Request) {
		out.WriteHeader(status)
		_, _ = io.WriteString(out, text)
	}))
	w.Cleanup(server.Close)
	w.session.Endpoint = server.URL + "/"
}

func TestOddAnswers(t *testing.T) {
	t.Parallel()
	const keys = `"accessToken":{"accessKeyId":"a","secretAccessKey":"b","sessionToken":"c"}`
	for text, want := range map[string]string{
		`{}`:                                             "holds no credentials",
		`{"expiresIn":900,"refreshToken":"r"}`:           "holds no credentials",
		`{` + keys + `,"refreshToken":"r"}`:              "holds no credentials",
		`{` + keys + `,"expiresIn":-1}`:                  "holds no credentials",
		`{` + keys + `,"expiresIn":9000000000000000000}`: "holds no credentials",
		`{"accessToken":{"accessKeyId":"a\nb","secretAccessKey":"b","sessionToken":"c"},"expiresIn":900,"refreshToken":"r"}`:    "holds no credentials",
		`{"accessToken":{"accessKeyId":"a","secretAccessKey":"b","sessionToken":"c\u0000"},"expiresIn":900,"refreshToken":"r"}`: "holds no credentials",
		`<html>`: "not the service's",
	} {
		w := newWorld(t)
		w.aws.Advance(16 * time.Minute)
		before := w.read()
		w.answering(200, text)
		w.fails(want)
		if !bytes.Equal(before, w.read()) {
			t.Errorf("%s was kept", text)
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		status     int
		text, want string
	}{
		{401, `{"error":"TOKEN_EXPIRED","message":"m"}`, "has ended (~/.aws/config:2): sign in again with: assume-role login dev"},
		{401, `{"error":"AUTHCODE_EXPIRED","message":"m"}`, "has ended (~/.aws/config:2): sign in again with: assume-role login dev"},
		{403, `{"error":"USER_CREDENTIALS_CHANGED","message":"m"}`, "because its password was changed (~/.aws/config:2): sign in again"},
		{403, `{"error":"INSUFFICIENT_PERMISSIONS","message":"m"}`, "have the policy SignInLocalDevelopmentAccess attached"},
		{429, `{"error":"INVALID_REQUEST","message":"m"}`, "limits how often it may be asked (~/.aws/config:2): try again in a minute"},
		{400, `{"error":"INVALID_REQUEST","message":"what is\nwrong"}`, "refused it: status 400: INVALID_REQUEST: INVALID_REQUEST: what is wrong (~/.aws/config:2): sign in again"},
	} {
		w := newWorld(t)
		w.aws.Advance(16 * time.Minute)
		w.answering(tc.status, tc.text)
		err := w.fails(tc.want)
		var refusal *bearer.Refusal
		if !errors.As(err, &refusal) || login.Spent(err) {
			t.Errorf("%s: %#v", tc.text, err)
		}
	}
}

// TestSomebodyElsesRefusal: a proxy's no does not end the sign-in.
func TestSomebodyElsesRefusal(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"<html>Forbidden</html>", "", "{}"} {
		w := newWorld(t)
		w.aws.Advance(16 * time.Minute)
		w.answering(403, text)
		err := w.fails("not the service's")
		var out *bearer.Unreachable
		if !errors.As(err, &out) || out.Status != 403 || login.Spent(err) {
			t.Errorf("%q: %#v", text, err)
		}
	}
}

// TestWhatIsLeft: credentials that have not ended come beside the error.
func TestWhatIsLeft(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.aws.Advance(12 * time.Minute)
	w.aws.EndLogin(alice, "TOKEN_EXPIRED")
	c, err := w.session.Credentials(context.Background(), login.Need{})
	if err == nil || !c.Complete() {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestTooLong(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for ttl, refreshes := range map[time.Duration]int{15 * time.Minute: 0, 2 * time.Hour: 0} {
		_, err := w.session.Credentials(context.Background(), login.Need{TTL: ttl})
		if err == nil || !strings.Contains(err.Error(), "cannot be had") {
			t.Errorf("%v: %v", ttl, err)
		}
		w.refreshed(refreshes)
	}
	w.answering(200, `{"accessToken":{"accessKeyId":"a","secretAccessKey":"b","sessionToken":"c"},"expiresIn":60,"refreshToken":"r"}`)
	w.aws.Advance(5 * time.Minute)
	if _, err := w.session.Credentials(context.Background(), login.Need{TTL: 12 * time.Minute}); err == nil || !strings.Contains(err.Error(), "cannot be had") {
		t.Errorf("a session of a minute: %v", err)
	}
}

// TestSpent: what may have used the refresh token up is told, and never sent a
// second time.
func TestSpent(t *testing.T) {
	t.Parallel()
	for mode, want := range map[awsfake.Mode]bool{
		awsfake.Lost: true, awsfake.Truncate: true, awsfake.Reset: true,
		awsfake.Unavailable: false, awsfake.InternalError: false,
	} {
		w := newWorld(t)
		w.aws.Advance(16 * time.Minute)
		w.aws.Inject(awsfake.Fault{Mode: mode})
		if _, err := w.session.Credentials(context.Background(), login.Need{}); err == nil || login.Spent(err) != want {
			t.Errorf("%s: spent %v, %v", mode, login.Spent(err), err)
		}
		w.refreshed(1)
	}
	w := newWorld(t)
	w.aws.Advance(16 * time.Minute)
	w.session.Endpoint = "http://127.0.0.1:1"
	if _, err := w.session.Credentials(context.Background(), login.Need{}); err == nil || login.Spent(err) {
		t.Errorf("what was never sent is spent: %v", err)
	}
}
