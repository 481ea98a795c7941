package cmd

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"assume-role/internal/profile"
	"assume-role/internal/sso"
)

// listAccounts lists what the portal shows, with a bar for a person who waits.
func (a *app) listAccounts(ctx context.Context, source *profile.Source, settings Settings) ([]sso.Account, error) {
	assumer, err := a.portalAssumer(ctx, source, settings)
	if err != nil {
		return nil, err
	}
	bar := &progressBar{}
	defer a.progress.Begin(bar.line)()
	return assumer.SSOAccounts(ctx, source, bar.show)
}

// progressBar is how much of something is done.
type progressBar struct{ done, of atomic.Int64 }

func (b *progressBar) show(done, of int) {
	b.done.Store(int64(done))
	b.of.Store(int64(of))
}

// line shows it once there is something to count.
func (b *progressBar) line(lasted time.Duration) string {
	if b.of.Load() == 0 {
		return fmt.Sprintf("listing accounts … %s", lasted.Truncate(time.Second))
	}
	return barOf(int(b.done.Load()), int(b.of.Load()))
}

const barWidth = 30

func barOf(done, of int) string {
	full := barWidth * done / max(of, 1)
	return fmt.Sprintf("listing roles [%s%s] %d of %d accounts", strings.Repeat("#", full), strings.Repeat(".", barWidth-full), done, of)
}
