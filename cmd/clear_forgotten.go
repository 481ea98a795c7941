package cmd

import (
	"fmt"
	"slices"
	"time"
)

// forgotten is what was removed of one cache, as it is told.
type forgotten struct {
	now time.Time
	n   int
	// names are the profiles whose sessions went.
	names []string
	// until is when AWS stops accepting the last of them.
	until time.Time
	// untold counts those whose end nothing tells, and longest is how long
	// they can last at most, where that is known.
	untold  int
	longest string
}

// add counts what ends at a time of AWS's, zero where that is not known. skew
// is AWS's clock minus the local one.
func (f *forgotten) add(ends time.Time, skew time.Duration) {
	f.n++
	switch {
	case ends.IsZero():
		f.untold++
	case ends.After(f.now.Add(skew)) && ends.After(f.until):
		f.until = ends
	}
}

func (f *forgotten) name(profile string) {
	if profile != "" {
		f.names = append(f.names, profile)
	}
}

// mostNames is how many names a line holds.
const mostNames = 8

// whose is the names, in brackets.
func (f *forgotten) whose() string {
	slices.Sort(f.names)
	names := slices.Compact(f.names)
	if len(names) > mostNames {
		return fmt.Sprintf(" (%s and %d more)", joinNames(names[:mostNames]), len(names)-mostNames)
	}
	return inBrackets(joinNames(names))
}

// longestSession is what STS gives at most (GetSessionToken,
// GetFederationToken): https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html.
const longestSession = "36 hours"

// valid says until when AWS accepts what was removed.
func (f *forgotten) valid() string {
	text := ""
	if !f.until.IsZero() {
		text = "; at AWS they stay valid until " + f.until.UTC().Format("2006-01-02 15:04:05Z")
	}
	if f.untold > 0 {
		text += fmt.Sprintf("; of %d it is not known until when they stay valid at AWS", f.untold)
		if f.longest != "" {
			text += ", but no longer than " + f.longest
		}
	}
	return text
}

// report tells what was removed of one cache.
func (c *clearing) report(f *forgotten, noun, where string) {
	valid := f.valid()
	c.alive = c.alive || valid != ""
	c.say(count(f.n, noun) + " " + where + " removed" + f.whose() + valid)
}
