// Package waiting lets whatever takes long say what it waits for, without
// knowing whether and where somebody sees it. Who shows it travels in the
// context, as a trace does: what waits is far below what has the terminal.
package waiting

import (
	"context"
	"fmt"
	"time"
)

// Shower shows a person what is waited for.
type Shower interface {
	// Begin begins a wait, of which line tells, after it has lasted for so
	// long; it is asked for anew as time passes, by another goroutine. What is
	// over within a second is never shown. The function returned ends the wait.
	Begin(line func(lasted time.Duration) string) (end func())
	// Seen reports whether somebody sees it now.
	Seen() bool
}

type key struct{}

// With returns a context whose waits are shown by s.
func With(ctx context.Context, s Shower) context.Context { return context.WithValue(ctx, key{}, s) }

func shower(ctx context.Context) Shower {
	s, _ := ctx.Value(key{}).(Shower)
	return s
}

// For says what is waited for, such as "calling STS in eu-west-1", until end is
// called.
func For(ctx context.Context, what string) (end func()) {
	return Telling(ctx, func(lasted time.Duration) string {
		return fmt.Sprintf("%s … %s", what, lasted.Truncate(time.Second))
	})
}

// Telling is For with a line that changes as it goes on.
func Telling(ctx context.Context, line func(lasted time.Duration) string) (end func()) {
	if s := shower(ctx); s != nil {
		return s.Begin(line)
	}
	return func() {}
}

// soon is how long a wait that others are to be told of goes on before it is
// taken for one, where it is then shown.
const soon = 100 * time.Millisecond

// Silence is how long to wait before Or is told: not long where a line passes
// that nobody sees but who waits, else as long as given.
func Silence(ctx context.Context, otherwise time.Duration) time.Duration {
	if s := shower(ctx); s != nil && s.Seen() {
		return min(soon, otherwise)
	}
	return otherwise
}

// Or is For where somebody sees it, and else tells note, once.
func Or(ctx context.Context, what string, note func(string)) (end func()) {
	if s := shower(ctx); s != nil && s.Seen() {
		return For(ctx, what)
	}
	note(what)
	return func() {}
}
