package awsfake

import (
	"slices"
	"strings"
)

const maxTags = 50

// tag is a session tag.
type tag struct{ key, value string }

func (t tag) is(key string) bool { return strings.EqualFold(t.key, key) }

func hasTag(tags []tag, key string) bool {
	return slices.ContainsFunc(tags, func(t tag) bool { return t.is(key) })
}

// tags reads Tags by the limits of the IAM User Guide's "Pass session tags".
func (c *stsCall) tags() []tag {
	const allowed = `[\p{L}\p{Z}\p{N}_.:/=+\-@]`
	keys, values := c.list("Tags", "Key"), c.list("Tags", "Value")
	c.atMost(maxTags, "Tags", keys)
	var tags []tag
	for i, key := range keys {
		t := tag{key: key}
		if i < len(values) {
			t.value = values[i]
		}
		c.check(t.key, "tags.member.key", limit{min: 1, max: 128, pattern: allowed + "+"})
		c.check(t.value, "tags.member.value", limit{max: 256, pattern: allowed + "*"})
		tags = append(tags, t)
	}
	return tags
}

// checkTags refuses what no single tag shows: keys that repeat or are AWS's own.
func checkTags(tags []tag) error {
	for i, t := range tags {
		if hasTag(tags[:i], t.key) {
			return invalidParameter("Duplicate tag keys found. Please note that Tag keys are case insensitive.")
		}
		if strings.HasPrefix(strings.ToLower(t.key), "aws:") {
			return invalidParameter("aws: prefixed tag key names are not allowed for external use.")
		}
	}
	return nil
}

// transitiveTags returns the tags that the new session passes on: what the
// caller's session passed to it, and what TransitiveTagKeys names. A tag that
// was inherited cannot be set again.
func (c *stsCall) transitiveTags(tags []tag, keys []string) ([]tag, error) {
	for _, t := range tags {
		if hasTag(c.caller.transitive, t.key) {
			return nil, invalidParameter("One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.")
		}
	}
	on := slices.Clone(c.caller.transitive)
	for _, key := range keys {
		i := slices.IndexFunc(tags, func(t tag) bool { return t.is(key) })
		if i < 0 {
			return nil, invalidParameter("The specified transitive tag key must be included in the requested tags.")
		}
		on = append(on, tags[i])
	}
	return on, nil
}
