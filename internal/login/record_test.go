package login

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// sample is a file as the AWS CLI leaves it, and as other programs and later
// releases may: with members in spellings of their own.
const sample = `{"accessToken": {"accessKeyId": "ASIAOLD", "secretAccessKey": "old/secret+", "sessionToken": "oldtoken",
  "accountId": "123456789012", "expiresAt": "2026-01-02T03:19:05Z", "Scope": ["a", 1.50]},
 "tokenType": "aws_sigv4", "clientId": "arn:aws:signin:::devtools/same-device", "refreshToken": "oldrefresh",
 "idToken": "a.b<&>.c", "identityToken": "x", "dpopKey": "pem\nlines\n", "Future": {"N": 12345678901234567890, "u": "\u00e9"}}`

func decodeSample(t *testing.T, text string) *record {
	t.Helper()
	r, err := decode([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRecord(t *testing.T) {
	t.Parallel()
	r := decodeSample(t, sample)
	got := r.credentials()
	if got.AccessKeyID != "ASIAOLD" || got.SecretAccessKey.Reveal() != "old/secret+" || got.SessionToken.Reveal() != "oldtoken" ||
		got.AccountID != "123456789012" || !got.Expiration.Equal(time.Date(2026, 1, 2, 3, 19, 5, 0, time.UTC)) {
		t.Errorf("%+v", got)
	}
	if left := r.left(time.Date(2026, 1, 2, 3, 9, 5, 0, time.UTC)); left != 10*time.Minute {
		t.Errorf("left %v", left)
	}
}

// TestRefreshKeepsTheRest: every member but the five that AWS answers anew is
// as it was, in its spelling and to the digit.
func TestRefreshKeepsTheRest(t *testing.T) {
	t.Parallel()
	var a answer
	const text = `{"accessToken":{"accessKeyId":"ASIANEW","secretAccessKey":"new<&>","sessionToken":"newtoken"},"tokenType":"other","expiresIn":900,"refreshToken":"newrefresh","idToken":"other"}`
	if err := json.Unmarshal([]byte(text), &a); err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 1, 2, 4, 0, 0, 999_999_999, time.FixedZone("", 3600))
	next, err := decodeSample(t, sample).with(a, now)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.NewReplacer("ASIAOLD", "ASIANEW", "old/secret+", "new<&>", "oldtoken", "newtoken", "oldrefresh", "newrefresh",
		"2026-01-02T03:19:05Z", "2026-01-02T03:15:00Z").Replace(sample)
	if d := cmp.Diff(members(t, []byte(want)), members(t, next.file)); d != "" {
		t.Error(d)
	}
	if !strings.Contains(string(next.file), `"a.b<&>.c"`) {
		t.Errorf("rewritten: %s", next.file)
	}
	again := decodeSample(t, string(next.file))
	if d := cmp.Diff(next.credentials().Expiration, again.credentials().Expiration); d != "" || !again.same(next) {
		t.Error(d)
	}
}

// TestRefreshWithoutANewToken keeps the one that there is.
func TestRefreshWithoutANewToken(t *testing.T) {
	t.Parallel()
	a := answer{ExpiresIn: 60}
	next, err := decodeSample(t, sample).with(a, time.Unix(0, 0))
	if err != nil || next.whole.text(refreshToken) != "oldrefresh" {
		t.Errorf("%v: %s", err, next.file)
	}
}

// members are all members of an object, to the last digit.
func members(t *testing.T, text []byte) map[string]string {
	t.Helper()
	found := map[string]string{}
	var into func(prefix string, text []byte)
	into = func(prefix string, text []byte) {
		var o map[string]json.RawMessage
		if json.Unmarshal(text, &o) != nil {
			var s string
			if json.Unmarshal(text, &s) == nil {
				text = []byte("text " + s)
			}
			found[prefix] = strings.ReplaceAll(string(text), " ", "")
			return
		}
		for name, value := range o {
			into(prefix+"."+name, value)
		}
	}
	into("", text)
	return found
}

func TestWhatIsNoSignIn(t *testing.T) {
	t.Parallel()
	without := func(names ...string) string {
		var o object
		if err := json.Unmarshal([]byte(sample), &o); err != nil {
			t.Fatal(err)
		}
		o = maps.Clone(o)
		for _, name := range names {
			delete(o, name)
		}
		text, err := encode(o)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	for name, tc := range map[string]struct{ file, want string }{
		"empty":           {"", "it is not a JSON object"},
		"torn":            {sample[:len(sample)/2], "it is not a JSON object"},
		"trailing":        {sample + "x", "it is not a JSON object"},
		"two":             {sample + sample, "it is not a JSON object"},
		"list":            {"[" + sample + "]", "it is not a JSON object"},
		"null":            {"null", "it holds no refreshToken and no clientId and no dpopKey and no accessToken"},
		"no refreshToken": {without("refreshToken"), "it holds no refreshToken"},
		"no clientId":     {without("clientId"), "it holds no clientId"},
		"no dpopKey":      {without("dpopKey"), "it holds no dpopKey"},
		"no accessToken":  {without("accessToken"), "it holds no accessToken"},
		"several":         {without("accessToken", "dpopKey"), "it holds no dpopKey and no accessToken"},
		"another type":    {strings.Replace(sample, `"oldrefresh"`, "5", 1), "it holds no refreshToken"},
		"another case":    {strings.Replace(sample, "refreshToken", "RefreshToken", 1), "it holds no refreshToken"},
		"no secret":       {strings.Replace(sample, "old/secret+", "", 1), "it holds no accessToken"},
		"token as text":   {strings.Replace(sample, `{"accessKeyId"`, `"x", "y": {"accessKeyId"`, 1), "it holds no accessToken"},
	} {
		r, err := decode([]byte(tc.file))
		if r != nil || err == nil || err.Error() != tc.want {
			t.Errorf("%s: %v, want %s", name, err, tc.want)
		}
	}
}

func TestExpiry(t *testing.T) {
	t.Parallel()
	end := time.Date(2026, 1, 2, 3, 19, 5, 0, time.UTC)
	for text, want := range map[string]time.Time{
		"2026-01-02T03:19:05Z":      end,
		"2026-01-02T04:19:05+01:00": end,
		"2026-01-02T03:19:05UTC":    end,
		"":                          {},
		"soon":                      {},
		"2026-01-02":                {},
	} {
		r := decodeSample(t, strings.Replace(sample, "2026-01-02T03:19:05Z", text, 1))
		if got := r.expires(); !got.Equal(want) {
			t.Errorf("%q: %v", text, got)
		}
	}
	if r := (*record)(nil); r.left(end) != 0 {
		t.Error("nothing lasts")
	}
}

func TestLasts(t *testing.T) {
	t.Parallel()
	r := decodeSample(t, sample)
	end := r.expires()
	for _, tc := range []struct {
		left time.Duration
		ttl  time.Duration
		want bool
	}{
		{5*time.Minute + time.Second, 0, true},
		{5 * time.Minute, 0, false},
		{-time.Minute, 0, false},
		{time.Minute, time.Minute, true},
		{time.Minute - 1, time.Minute, false},
		{14 * time.Minute, 14*time.Minute + 1, false},
	} {
		if got := r.lasts(Need{TTL: tc.ttl}, end.Add(-tc.left)); got != tc.want {
			t.Errorf("%v left of %v: %v", tc.left, tc.ttl, got)
		}
	}
}

// FuzzDecode: no file makes it panic; no error repeats any of it; what is
// taken for a session can sign, and is still one after a refresh.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{sample, "", "null", "{}", "[]", `{"accessToken":null}`, strings.ToUpper(sample), sample[:100], `{"accessToken":{"accessToken":{}}}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := decode([]byte(text))
		if err != nil {
			checkRefusal(t, err)
			return
		}
		if c := r.credentials(); !c.Complete() || !c.Temporary() {
			t.Fatal("not a session's credentials")
		}
		var a answer
		a.AccessToken.AccessKeyID, a.AccessToken.SecretAccessKey, a.AccessToken.SessionToken = "ASIANEW", "s", "t"
		next, err := r.with(a, time.Unix(1_900_000_000, 0))
		if err != nil {
			t.Fatal(err)
		}
		again, err := decode(next.file)
		if err != nil || again.credentials().AccessKeyID != "ASIANEW" || len(again.whole) != len(r.whole) {
			t.Fatalf("the refreshed file: %v, %d members of %d", err, len(again.whole), len(r.whole))
		}
	})
}

// checkRefusal holds an error to the words that it can have.
func checkRefusal(t *testing.T, err error) {
	t.Helper()
	var missing missingError
	if errors.Is(err, errTorn) {
		return
	}
	known := []string{refreshToken, clientID, dpopKey, accessToken}
	if !errors.As(err, &missing) || slices.ContainsFunc(missing, func(name string) bool { return !slices.Contains(known, name) }) {
		t.Fatalf("%v", err)
	}
}
