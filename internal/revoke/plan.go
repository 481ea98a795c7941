package revoke

import "time"

// Change is what becomes of one inline policy.
type Change struct {
	Of    Subject
	Which Sessions
	// Before: what was issued before it is denied from then on.
	Before time.Time
	// Was is the moment that the policy said so far; zero where there was none.
	Was time.Time
	// Kept says that the policy stays as it is: it says a later moment already.
	Kept bool
}

// Found is what there was under the policy's name.
type Found struct {
	// Document is the policy's text, empty where there was none.
	Document string
	// Unread says that nothing is known, since the caller may not read it;
	// Denied, that a policy denies it (Denied), as one that ends the caller's
	// session does.
	Unread, Denied bool
}

// Foreign reports whether there is a policy of that name that neither this
// tool nor the IAM console wrote for these sessions.
func (f Found) Foreign(which Sessions) bool {
	_, ours := Before(f.Document, which)
	return f.Document != "" && !ours
}

// Holds reports whether what there is denies a session already that was issued
// at a moment.
func (f Found) Holds(which Sessions, issued time.Time) bool {
	before, ok := Before(f.Document, which)
	return ok && issued.Before(before)
}

// Plan decides about a policy. A policy is not moved backwards, which would
// make sessions valid again that somebody ended, unless the moment was given.
func Plan(of Subject, which Sessions, found Found, moment time.Time, given bool) Change {
	c := Change{Of: of, Which: which, Before: moment}
	c.Was, _ = Before(found.Document, which)
	if !given && !c.Was.Before(moment) {
		c.Before, c.Kept = c.Was, true
	}
	return c
}

// Backwards reports whether sessions that were denied become valid again.
func (c Change) Backwards() bool { return c.Before.Before(c.Was) }

// Document is the policy's text after the change.
func (c Change) Document() string { return Document(c.Which, c.Before) }
