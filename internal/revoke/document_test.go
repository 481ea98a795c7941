package revoke

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

var moment = time.Date(2026, 11, 22, 10, 0, 1, 0, time.UTC)

// The console's text, to the letter.
func TestDocument(t *testing.T) {
	t.Parallel()
	for want, s := range map[string]Sessions{
		`{"DateLessThan":{"aws:TokenIssueTime":"2026-11-22T10:00:01Z"}}`:                                                 {},
		`{"DateLessThan":{"aws:TokenIssueTime":"2026-11-22T10:00:01Z"},"StringLike":{"aws:userid":"*:mary"}}`:            {Name: "mary"},
		`{"DateLessThan":{"aws:TokenIssueTime":"2026-11-22T10:00:01Z"},"StringEquals":{"aws:SourceIdentity":"carol@x"}}`: {SourceIdentity: "carol@x"},
	} {
		want = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":["*"],"Resource":["*"],"Condition":` + want + `}]}`
		if got := Document(s, moment.In(time.FixedZone("", 3600))); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

func TestBeforeReadsWhatDocumentWrites(t *testing.T) {
	t.Parallel()
	kinds := []Sessions{{}, {Name: "mary"}, {SourceIdentity: "mary"}, {Name: "Mary"}}
	for _, s := range kinds {
		for _, other := range kinds {
			got, ok := Before(Document(s, moment), other)
			if ok != (s == other) || ok && !got.Equal(moment) {
				t.Errorf("that of %+v, read for %+v: %s, %v", s, other, got, ok)
			}
		}
	}
}

// What the console and people's copies of AWS's page look like.
func TestBeforeReadsOtherSpellings(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"DateLessThan":{"aws:TokenIssueTime":"2026-11-22T10:00:01Z"}}}}`,
		`{"Version":"2012-10-17","Statement":[{"Sid":"x","Effect":"Deny","Action":["*"],"Resource":["*"],"Condition":{"DateLessThan":{"AWS:tokenissuetime":["2026-11-22T10:00:01.000Z"]}}}]}`,
		` {"Version":"2012-10-17", "Id":"y", "Statement":[ {"Effect":"Deny","Action": "*","Resource":[ "*" ],
		"Condition":{"DateLessThan":{"aws:TokenIssueTime": "2026-11-22T11:00:01+01:00"}}} ] } `,
	} {
		if got, ok := Before(text, Sessions{}); !ok || !got.Equal(moment) {
			t.Errorf("%s: %s, %v", text, got, ok)
		}
	}
}

func TestBeforeRefusesWhatIsForeign(t *testing.T) {
	t.Parallel()
	own := Document(Sessions{}, moment)
	changed := func(old, new string) string {
		text := strings.Replace(own, old, new, 1)
		if text == own {
			t.Fatalf("%s is not in %s", old, own)
		}
		return text
	}
	for _, text := range []string{
		"", "x", "null", "[]", own + own, own + "x", own[:len(own)-1],
		changed(`Deny`, `Allow`), changed(`"Action":["*"]`, `"Action":["s3:*"]`), changed(`"Action":["*"]`, `"Action":["*","s3:*"]`),
		changed(`"Action"`, `"NotAction"`), changed(`"Resource":["*"]`, `"Resource":["arn:aws:s3:::b"]`), changed(`2012-10-17`, `2008-10-17`),
		changed(`DateLessThan`, `DateGreaterThan`), changed(`2026-11-22T10:00:01Z`, `yesterday`), changed(`"2026-11-22T10:00:01Z"`, `[]`),
		changed(`"Condition":{`, `"Condition":{"Bool":{"aws:MultiFactorAuthPresent":"false"},`),
		changed(`"2026-11-22T10:00:01Z"`, `["2026-11-22T10:00:01Z","2027-11-22T10:00:01Z"]`),
		changed(`}]}`, `},{"Effect":"Allow","Action":"*","Resource":"*"}]}`), changed(`{"Effect"`, `{"Principal":"*","Effect"`),
	} {
		if got, ok := Before(text, Sessions{}); ok {
			t.Errorf("%s is taken for ours: %s", text, got)
		}
	}
}

func FuzzBefore(f *testing.F) {
	for _, s := range []Sessions{{}, {Name: "mary"}, {SourceIdentity: "carol"}} {
		f.Add(Document(s, moment))
	}
	f.Add(`{"Statement":[[]]}`)
	f.Fuzz(func(t *testing.T, text string) {
		if at, ok := Before(text, Sessions{}); ok && (!json.Valid([]byte(text)) || at.Location() != time.UTC) {
			t.Errorf("%q: %s", text, at)
		}
	})
}
