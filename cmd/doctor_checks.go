package cmd

import (
	"context"
	"fmt"
	"sync"

	"assume-role/internal/assume"
	"assume-role/internal/fault"
	"assume-role/internal/keystore"
)

// check looks at one thing.
type check struct {
	name string
	run  func(*examination, context.Context) []finding
}

// checks lists them in the order of the report.
func checks() []check {
	return []check{
		{"settings", (*examination).settings},
		{"config", (*examination).config},
		{"profiles", (*examination).profiles},
		{"other-programs", (*examination).lints},
		{"file-modes", (*examination).modes},
		{"plain-text-keys", (*examination).plainKeys},
		{"plain-text-tokens", (*examination).plainTokens},
		{"environment", (*examination).environment},
		{"key-store", (*examination).keyStore},
		{"key-rotation", (*examination).rotations},
		{"session-cache", (*examination).sessionIndex},
		{"sts", (*examination).reachesSTS},
		{"clock", (*examination).clock},
	}
}

// examination is what the checks share. They run at the same time.
type examination struct {
	app *app
	// survey looks at the key store, ping asks STS; each once.
	survey func() keystore.Survey
	ping   func() (assume.Pong, error)
}

func newExamination(ctx context.Context, a *app) *examination {
	x := &examination{app: a}
	x.survey = sync.OnceValue(func() keystore.Survey { return x.lookAtStores(ctx) })
	x.ping = sync.OnceValues(func() (assume.Pong, error) { return x.pingSTS(ctx) })
	return x
}

// examine runs the checks at the same time and returns their findings in the
// order of the list. A check that has not ended with the context is one.
func examine(ctx context.Context, x *examination, all []check) ([]finding, error) {
	results := make([]chan []finding, len(all))
	for i, c := range all {
		results[i] = make(chan []finding, 1)
		go func() { results[i] <- c.run(x, ctx) }()
	}
	found := []finding{}
	for i, c := range all {
		these := await(ctx, results[i])
		if ctx.Err() == context.Canceled {
			return nil, fault.ErrInterrupted
		}
		for _, f := range these {
			f.Check = c.name
			found = append(found, f)
		}
	}
	return found, nil
}

// await returns the result, or that there is none in time.
func await(ctx context.Context, result <-chan []finding) []finding {
	select {
	case found := <-result:
		return found
	default:
	}
	select {
	case found := <-result:
		return found
	case <-ctx.Done():
		return []finding{warning("try again, with --debug to see what it waits for", "not looked at to the end: it took too long")}
	}
}

// shownOf is how many findings of one sort are shown.
const shownOf = 20

// bounded cuts a long list of findings of one sort, and says so.
func bounded(found []finding, what string) []finding {
	more := len(found) - shownOf
	if more <= 0 {
		return found
	}
	last := found[shownOf]
	last.Message, last.Fix = fmt.Sprintf("and %s like these", count(more, what)), ""
	return append(found[:shownOf:shownOf], last)
}
