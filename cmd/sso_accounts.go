package cmd

import (
	"context"
	"fmt"
	"strings"
	"time"

	"assume-role/internal/profile"
	"assume-role/internal/sso"
	"assume-role/internal/terminal"
)

// listAccounts lists what the portal shows, with a progress bar for a person
// who waits.
func (a *app) listAccounts(ctx context.Context, source *profile.Source, settings Settings) ([]sso.Account, error) {
	assumer, err := a.portalAssumer(ctx, source, settings)
	if err != nil {
		return nil, err
	}
	bar := &progressBar{began: a.host.Now(), now: a.host.Now}
	if a.host.ErrTerminal && !settings.Quiet {
		if bar.tty, err = terminal.Open(); err == nil {
			defer bar.close()
		}
	}
	return assumer.SSOAccounts(ctx, source, bar.show)
}

// progressBar shows how much of something is done, from the second second on.
type progressBar struct {
	tty         *terminal.Terminal
	began, last time.Time
	now         func() time.Time
	width       int
}

const (
	// barAfter is how long a person waits without a word, barEvery how often
	// the bar moves.
	barAfter, barEvery = time.Second, 100 * time.Millisecond
	barWidth           = 30
)

func (b *progressBar) show(done, of int) {
	now := b.now()
	if b.tty == nil || now.Sub(b.began) < barAfter || now.Sub(b.last) < barEvery {
		return
	}
	b.last = now
	b.width = b.tty.Progress(barOf(done, of), b.width)
}

func barOf(done, of int) string {
	full := barWidth * done / max(of, 1)
	return fmt.Sprintf("listing roles [%s%s] %d of %d accounts", strings.Repeat("#", full), strings.Repeat(".", barWidth-full), done, of)
}

func (b *progressBar) close() {
	if b.width > 0 {
		b.tty.Progress("", b.width)
	}
	_ = b.tty.Close()
}
