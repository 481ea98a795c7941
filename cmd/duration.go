package cmd

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

// parseDuration reads `1h`, `90m`, `1h30m` or a number of seconds, as AWS's
// own settings write them.
func parseDuration(text string) (time.Duration, error) {
	if seconds, err := strconv.ParseInt(text, 10, 32); err == nil && seconds >= 0 {
		return time.Duration(seconds) * time.Second, nil
	}
	d, err := time.ParseDuration(text)
	switch {
	case err != nil:
		return 0, errors.New("must be a duration such as 1h, 90m or 3600 (seconds)")
	case d < 0:
		return 0, errors.New("must not be negative")
	case d%time.Second != 0:
		return 0, errors.New("must be whole seconds")
	}
	return d, nil
}

// shortDuration writes 8h where Go writes 8h0m0s.
func shortDuration(d time.Duration) string {
	text := d.String()
	if short, ok := strings.CutSuffix(text, "m0s"); ok {
		text = short + "m"
	}
	if short, ok := strings.CutSuffix(text, "h0m"); ok {
		text = short + "h"
	}
	return text
}
