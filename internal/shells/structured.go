package shells

import (
	"bytes"
	"encoding/json"
)

// structured is an answer as a JSON object, for shells that read data better
// than they evaluate text.
type structured struct {
	// Keep are the variables to keep, those that the environment has.
	Keep []string `json:"keep"`
	// Unset are the variables to remove, and Set those to set afterwards.
	Unset []string          `json:"unset"`
	Set   map[string]string `json:"set"`
	// Restore says to put back, at last, all that was kept.
	Restore bool   `json:"restore"`
	State   string `json:"state"`
	// Run are the words of a call of this program, in place of all others.
	Run []string `json:"run"`
}

func answerJSON(text *bytes.Buffer, a Answer) error {
	if err := checked("nushell", a.payload); err != nil { // which is JSON, too
		return err
	}
	o := structured{
		Keep: []string{}, Unset: a.payload.Unset, Set: map[string]string{},
		Restore: len(a.restore) > 0, State: a.state, Run: append([]string{}, a.run...),
	}
	for _, k := range a.keep {
		if k.Exported {
			o.Keep = append(o.Keep, k.Name)
		}
	}
	for _, k := range a.restore {
		o.Unset = append(o.Unset, k.Name)
	}
	o.Unset = append([]string{}, o.Unset...)
	for _, v := range a.payload.Set {
		o.Set[v.Name] = v.Value.Reveal()
	}
	return json.NewEncoder(text).Encode(o)
}
