package picker

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"assume-role/internal/securefile"
)

// History is a file that says what was chosen last, without a secret. It is a
// hint: it may be missing, and what is corrupt counts as empty. Two programs
// that write it at once may lose one choice.
type History struct {
	// Path is the file, in practice assume-role/picked.json in the user's state
	// folder. It and its folder are made when first written. Empty where there
	// is no such folder: nothing is remembered then.
	Path string
}

// The bounds of the file: how many choices it keeps, and how much is read.
const (
	longestHistory = 200
	historyLimit   = 1 << 20
)

var errNowhere = errors.New("there is no folder to remember it in")

// historyVersion is that of the file. Another one counts as empty.
const historyVersion = 1

type historyFile struct {
	Version int          `json:"version"`
	Choices []pastChoice `json:"choices"`
}

// pastChoice is a name and when it was last chosen, by the local clock.
type pastChoice struct {
	Name string    `json:"name"`
	At   time.Time `json:"at"`
}

// Read says when each name was last chosen. The error says why a file that is
// there counts as empty, for --debug.
func (h History) Read() (map[string]time.Time, error) {
	choices, err := h.load()
	chosen := make(map[string]time.Time, len(choices))
	for _, c := range choices {
		chosen[c.Name] = c.At
	}
	return chosen, err
}

func (h History) load() ([]pastChoice, error) {
	data, err := securefile.Read(h.Path, historyLimit)
	if securefile.Missing(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var file historyFile
	if err := json.Unmarshal(data, &file); err != nil {
		return nil, fmt.Errorf("the list of what was chosen is corrupt and counts as empty: %w", err)
	}
	if file.Version != historyVersion {
		return nil, fmt.Errorf("the list of what was chosen has version %d and counts as empty", file.Version)
	}
	return file.Choices, nil
}

// Add records a choice made now, and forgets the oldest of too many.
func (h History) Add(name string, now time.Time) error {
	if h.Path == "" {
		return errNowhere
	}
	choices, _ := h.load() // what is corrupt is replaced
	choices = slices.DeleteFunc(choices, func(c pastChoice) bool { return c.Name == name })
	choices = slices.Insert(choices, 0, pastChoice{name, now.UTC()})
	choices = choices[:min(len(choices), longestHistory)]
	data, err := json.Marshal(historyFile{historyVersion, choices})
	if err != nil {
		return err
	}
	if err := securefile.MkdirPrivate(filepath.Dir(h.Path)); err != nil {
		return err
	}
	return securefile.Write(h.Path, append(data, '\n'))
}
