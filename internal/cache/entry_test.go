package cache

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"assume-role/internal/creds"

	"github.com/google/go-cmp/cmp"
)

// full has every field set, to values that JSON has to escape where it can.
func full() Entry {
	return Entry{
		Profile: "päth \"quoted\" <&>", Kind: "assume-role",
		RoleARN: "arn:aws-cn:iam::123456789012:role/a/b", SourceKey: "AKIASOURCE",
		Via: []string{"arn:aws-cn:iam::123456789012:role/first", "arn:aws-cn:iam::210987654321:role/\"<&>\u2028"},
		Credentials: creds.Credentials{
			AccessKeyID: "ASIAEXAMPLE", SecretAccessKey: "abc/+=\u2028", SessionToken: "token==",
			Expiration: start.Add(time.Hour), AccountID: "123456789012",
			ARN: "arn:aws-cn:sts::123456789012:assumed-role/b/me",
		},
		Minted: start.Add(1234567 * time.Nanosecond), Skew: -90 * time.Second,
	}
}

func encode(t testing.TB, key string, e Entry) []byte {
	t.Helper()
	data, err := Encode(key, e)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestEntryRoundTrip(t *testing.T) {
	t.Parallel()
	want := full()
	got, err := Decode("k", encode(t, "k", want))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	good := string(encode(t, "k", full()))
	edit := func(old, new string) string {
		t.Helper()
		if !strings.Contains(good, old) {
			t.Fatalf("%s is not in %s", old, good)
		}
		return strings.Replace(good, old, new, 1)
	}
	for name, data := range map[string]string{
		"nothing":                       "",
		"null":                          "null",
		"a list":                        "[]",
		"another key":                   edit(`"key":"k"`, `"key":"j"`),
		"a newer version":               edit(`"version":1`, `"version":2`),
		"no version":                    edit(`"version":1,`, ``),
		"an unknown field":              edit(`"kind"`, `"extra":1,"kind"`),
		"a field twice":                 edit(`"kind"`, `"kind":"x","kind"`),
		"another case":                  edit(`"kind"`, `"Kind"`),
		"white space":                   edit(`,`, `, `),
		"a line end":                    good + "\n",
		"something behind":              good + good,
		"no secret":                     edit(`"abc/+=\u2028"`, `""`),
		"no session token":              edit(`"token=="`, `""`),
		"no access key id":              edit(`"ASIAEXAMPLE"`, `""`),
		"local time":                    edit(`2026-11-01T02:30:00Z`, `2026-11-01T03:30:00+01:00`),
		"no expiry":                     edit(`2026-11-01T02:30:00Z`, `0001-01-01T00:00:00Z`),
		"no time of minting":            edit(`2026-11-01T01:30:00.001234567Z`, `0001-01-01T00:00:00Z`),
		"text for a number":             edit(`"skew":-90000000000`, `"skew":"1"`),
		"no role that it came through":  edit(`"via":["arn:aws-cn:iam::123456789012:role/first","arn:aws-cn:iam::210987654321:role/\"\u003c\u0026\u003e\u2028"]`, `"via":[]`),
		"text for what it came through": edit(`"via":["arn:aws-cn:iam::123456789012:role/first",`, `"via":[7,`),
		"a number's other form":         edit(`"skew":-90000000000`, `"skew":-9e10`),
	} {
		if e, err := Decode("k", []byte(data)); err == nil {
			t.Errorf("%s was accepted as %+v", name, e)
		}
	}
}

// Every prefix, and every single changed bit outside a value, is noticed; a
// changed bit inside a value may only change that value.
func TestDecodeTornAndFlipped(t *testing.T) {
	t.Parallel()
	good := encode(t, "k", full())
	for n := range good {
		if _, err := Decode("k", good[:n]); err == nil {
			t.Errorf("the first %d bytes were accepted", n)
		}
	}
	for i := range good {
		flipped := bytes.Clone(good)
		flipped[i] ^= 1
		if e, err := Decode("k", flipped); err == nil && !bytes.Equal(encode(t, "k", e), flipped) {
			t.Errorf("byte %d changed: read as something else", i)
		}
	}
}

// ofAnEarlierVersion is a session as it was stored before there was "via".
const ofAnEarlierVersion = `{"version":1,"key":"k","profile":"a","kind":"assume-role","role_arn":"arn:aws:iam::123456789012:role/b",` +
	`"source_key":"AKIASOURCE","access_key_id":"ASIAEXAMPLE","secret_access_key":"s","session_token":"t",` +
	`"expiration":"2026-11-01T02:30:00Z","minted":"2026-11-01T01:30:00Z"}`

func TestDecodeTakesASessionOfAnEarlierVersion(t *testing.T) {
	t.Parallel()
	e, err := Decode("k", []byte(ofAnEarlierVersion))
	if err != nil || e.Via != nil || e.SourceKey != "AKIASOURCE" || e.Left(start) != time.Hour {
		t.Errorf("%+v, %v", e, err)
	}
	if again := string(encode(t, "k", e)); again != ofAnEarlierVersion {
		t.Errorf("written as %s", again)
	}
}

func TestDecodeErrorsQuoteNothing(t *testing.T) {
	t.Parallel()
	for _, data := range []string{`{"version":"canary"}`, `canary`, `{"version":1,"key":"canary"}`} {
		if _, err := Decode("k", []byte(data)); err == nil || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %v", data, err)
		}
	}
}

func TestTimeThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	e := full()
	e.Credentials.Expiration = time.Date(12026, 1, 1, 0, 0, 0, 0, time.UTC)
	if data, err := Encode("k", e); err == nil {
		t.Errorf("written as %s", data)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add("k", encode(f, "k", full()))
	f.Add("k", []byte(ofAnEarlierVersion))
	f.Add("k", []byte(strings.Replace(ofAnEarlierVersion, `"source_key"`, `"via":["arn:aws:iam::123456789012:role/a"],"source_key"`, 1)))
	f.Add("k", []byte(strings.Replace(ofAnEarlierVersion, `"source_key"`, `"via":[],"source_key"`, 1)))
	f.Add("k", []byte(`{"version":1,"key":"k"}`))
	f.Add("", []byte(`null`))
	f.Add("k", []byte{})
	f.Fuzz(func(t *testing.T, key string, data []byte) {
		e, err := Decode(key, data)
		if err != nil {
			if !cmp.Equal(e, Entry{}) {
				t.Errorf("an error with %+v", e)
			}
			return
		}
		if !e.cacheable() {
			t.Errorf("accepted %+v", e)
		}
		var form struct{ Key string }
		if json.Unmarshal(data, &form) != nil || form.Key != key {
			t.Errorf("accepted for %q what belongs to %q", key, form.Key)
		}
		if again, err := Encode(key, e); err != nil || !bytes.Equal(again, data) {
			t.Errorf("accepted\n%s which is written\n%s", data, again)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	data := encode(b, "k", full())
	for b.Loop() {
		if _, err := Decode("k", data); err != nil {
			b.Fatal(err)
		}
	}
}
