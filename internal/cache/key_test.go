package cache

import (
	"maps"
	"regexp"
	"testing"
)

func TestKeyChangesWithEveryInput(t *testing.T) {
	t.Parallel()
	base := map[string]any{
		"kind": "assume-role", "source": "AKIA1", "device": "arn:aws:iam::1:mfa/me",
		"role": "arn:aws:iam::1:role/a", "external_id": "x", "name": "me", "identity": "",
		"duration": 3600, "partition": "aws", "endpoint": "", "policy": `{"a":1}`,
		"policy_arns": []string{"p1", "p2"}, "transitive": []string{"k"},
		"tags": []map[string]string{{"key": "k", "value": "v"}},
	}
	first := Key(base)
	if !regexp.MustCompile(`^[0-9a-f]{64}$`).MatchString(first) {
		t.Errorf("%q is no SHA-256", first)
	}
	seen := map[string]string{first: "the base"}
	note := func(what string, inputs map[string]any) {
		k := Key(inputs)
		if before, ok := seen[k]; ok {
			t.Errorf("%s has the key of %s", what, before)
		}
		seen[k] = what
	}
	for name := range base {
		changed := maps.Clone(base)
		changed[name] = "changed"
		note("another "+name, changed)
		delete(changed, name)
		note("no "+name, changed)
	}
	for what, value := range map[string]any{
		"policies in another order": []string{"p2", "p1"}, "policies joined": []string{"p1p2"},
		"one policy": []string{"p1"}, "no policy": []string{},
	} {
		changed := maps.Clone(base)
		changed["policy_arns"] = value
		note(what, changed)
	}
	if Key(maps.Clone(base)) != first {
		t.Error("the same inputs have two keys")
	}
}

// The key is the store's name of a session: a release that changed it would
// make every stored session a miss.
func TestKeyIsStable(t *testing.T) {
	t.Parallel()
	const want = "9bfce180"
	if got := Key(map[string]any{"b": 1, "a": []string{"x"}})[:8]; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestKeyPanicsOnWhatIsNotJSON(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("a function was accepted as an input")
		}
	}()
	Key(map[string]any{"f": func() {}})
}
