package revoke

import (
	"testing"
	"time"
)

func TestPlan(t *testing.T) {
	t.Parallel()
	earlier, later := moment.Add(-time.Hour), moment.Add(30*time.Second)
	mary := Sessions{Name: "mary"}
	for name, tc := range map[string]struct {
		which     Sessions
		document  string
		given     bool
		want      Change
		backwards bool
	}{
		"nothing there":                {Sessions{}, "", false, Change{Before: moment}, false},
		"moved forwards":               {Sessions{}, Document(Sessions{}, earlier), false, Change{Before: moment, Was: earlier}, false},
		"never moved backwards":        {Sessions{}, Document(Sessions{}, later), false, Change{Before: later, Was: later, Kept: true}, false},
		"the same moment":              {Sessions{}, Document(Sessions{}, moment), false, Change{Before: moment, Was: moment, Kept: true}, false},
		"moved backwards as was given": {Sessions{}, Document(Sessions{}, later), true, Change{Before: moment, Was: later}, true},
		"given, and the same":          {Sessions{}, Document(Sessions{}, moment), true, Change{Before: moment, Was: moment}, false},
		"narrow":                       {mary, Document(mary, later), false, Change{Before: later, Was: later, Kept: true}, false},
		"that of others":               {mary, Document(Sessions{Name: "Mary"}, later), false, Change{Before: moment}, false},
		"no policy at all":             {Sessions{}, "x", false, Change{Before: moment}, false},
	} {
		tc.want.Of, tc.want.Which = admin, tc.which
		got := Plan(admin, tc.which, Found{Document: tc.document}, moment, tc.given)
		if got != tc.want || got.Backwards() != tc.backwards {
			t.Errorf("%s: %+v, backwards %v", name, got, got.Backwards())
		}
		if got.Document() != Document(tc.which, tc.want.Before) {
			t.Errorf("%s: %s", name, got.Document())
		}
	}
}

func TestForeign(t *testing.T) {
	t.Parallel()
	mary := Sessions{Name: "mary"}
	for _, tc := range []struct {
		found Found
		which Sessions
		want  bool
	}{
		{Found{}, mary, false},
		{Found{Unread: true}, mary, false},
		{Found{Document: Document(mary, moment)}, mary, false},
		{Found{Document: Document(mary, moment)}, Sessions{}, true},
		{Found{Document: Document(Sessions{Name: "Mary"}, moment)}, mary, true}, // should names of policies know no case
		{Found{Document: `{"Version":"2012-10-17","Statement":[]}`}, Sessions{}, true},
	} {
		if got := tc.found.Foreign(tc.which); got != tc.want {
			t.Errorf("%+v for %+v: %v", tc.found, tc.which, got)
		}
	}
}
