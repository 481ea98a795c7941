package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// prompt is what stands before a command line.
const prompt = "\x1b[2m$\x1b[m "

// aMoment passes between what nobody sees and the picture, so that an hour's
// session has 59 minutes left in every recording.
const aMoment = 2 * time.Second

// player records one scene.
type player struct {
	*stage
	moving bool
	// shown is all that the terminal was sent.
	shown  string
	frames []*screen
}

// play performs a scene in a home of its own.
func play(ctx context.Context, tool string, sc scene) (p picture, err error) {
	s, err := newStage(tool)
	if err != nil {
		return p, err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	store := step{line: "assume-role add base --stdin --no-verify < key"}
	unseen := &player{stage: s}
	for _, st := range append([]step{store}, sc.before...) {
		if err := unseen.perform(ctx, st); err != nil {
			return p, fmt.Errorf("before: %w", err)
		}
	}
	if len(sc.before) > 0 {
		time.Sleep(aMoment)
	}
	seen := &player{stage: s, moving: sc.moving}
	for _, st := range sc.steps {
		if err := seen.perform(ctx, st); err != nil {
			return p, err
		}
	}
	err = seen.finish()
	return picture{sc.title, seen.frames}, err
}

// finish is the last frame: the prompt is back.
func (p *player) finish() error {
	p.shown += prompt
	p.moving = true
	return p.frame()
}

// perform types one command line and lives through it.
func (p *player) perform(ctx context.Context, st step) error {
	p.shown += prompt + st.line
	if err := p.frame(); err != nil {
		return err
	}
	p.shown += "\r\n"
	seat, err := sitDown(p.command(ctx, st), width, height)
	if err != nil {
		return err
	}
	err = p.attend(seat, st.answers)
	if status := seat.standUp(); err == nil && status != nil {
		err = fmt.Errorf("%s: %w", st.line, status)
	}
	text := p.text()
	for _, want := range st.shows {
		if err == nil && !strings.Contains(text, want) {
			err = fmt.Errorf("%s: the screen lacks %q", st.line, want)
		}
	}
	if err != nil {
		return fmt.Errorf("%w; it shows:\n%s", err, text)
	}
	return p.leaks(text)
}

// attend reads what the command shows and answers it, until it ends.
func (p *player) attend(s *seat, answers []answer) error {
	for from := len(p.shown); ; {
		text, done, err := s.read()
		p.shown += text
		switch {
		case err != nil:
			return err
		case done && len(answers) > 0:
			return fmt.Errorf("it ended before it showed %q", answers[0].after)
		case done:
			return nil
		case len(answers) > 0 && came(p.shown[from:], answers[0].after):
			if err := p.answer(s, answers[0]); err != nil {
				return err
			}
			from, answers = len(p.shown), answers[1:]
		}
	}
}

// came reports whether all the texts have, and the last one at the end.
func came(text string, wanted []string) bool {
	for _, want := range wanted {
		if !strings.Contains(text, want) {
			return false
		}
	}
	return strings.HasSuffix(text, wanted[len(wanted)-1])
}

func (p *player) answer(s *seat, a answer) error {
	if err := p.frame(); err != nil {
		return err
	}
	return s.press(strings.ReplaceAll(a.keys, code, p.device.Code()))
}

// frame keeps what is on the screen now, if it is to be seen.
func (p *player) frame() error {
	if !p.moving {
		return nil
	}
	now, err := p.screen()
	p.frames = append(p.frames, now)
	return err
}

func (p *player) screen() (*screen, error) {
	s := &screen{columns: width}
	return s, s.show(p.settle(p.shown))
}

// text is what is on the screen, as far as it can be shown.
func (p *player) text() string {
	s, _ := p.screen()
	return s.text()
}
