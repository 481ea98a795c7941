package profile

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// STS's limits on session tags.
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html.
const (
	maxTags     = 50
	maxTagKey   = 128
	maxTagValue = 256
)

// parseTags reads aws-vault's form, K=V,K2=V2, or a block of sub-properties,
// one tag a line, whose values may hold commas. A value may hold = and a key
// may not. Blanks around a pair are dropped.
func parseTags(g given) ([]Tag, error) {
	pairs := splitList(g.Text)
	if block, ok := strings.CutPrefix(g.Text, "\n"); ok {
		pairs = strings.Split(block, "\n")
	}
	var tags []Tag
	for _, pair := range pairs {
		key, value, ok := strings.Cut(pair, "=")
		if !ok {
			return nil, g.invalid("has %q, which has no = sign", pair).
				Fix("write KEY=VALUE,KEY=VALUE, or below an empty session_tags = one tag a line, indented")
		}
		tags = append(tags, Tag{Key: strings.TrimSpace(key), Value: strings.TrimSpace(value)})
	}
	return tags, checkTags(g, tags)
}

// splitList splits at commas, trims each part and drops empty ones.
func splitList(text string) []string {
	var parts []string
	for _, part := range strings.Split(text, ",") {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

func checkTags(g given, tags []Tag) error {
	if len(tags) > maxTags {
		return g.invalid("has %d tags", len(tags)).Fix("AWS takes %d at most", maxTags)
	}
	seen := map[string]string{}
	for _, tag := range tags {
		if err := checkTag(g, tag); err != nil {
			return err
		}
		folded := strings.ToLower(tag.Key)
		if before, twice := seen[folded]; twice {
			return g.invalid("has the tags %q and %q", before, tag.Key).Fix("AWS takes each key once, whatever its case")
		}
		seen[folded] = tag.Key
	}
	return nil
}

func checkTag(g given, tag Tag) error {
	if err := checkTagKey(g, tag.Key); err != nil {
		return err
	}
	if n := utf8.RuneCountInString(tag.Value); n > maxTagValue {
		return g.invalid("has a value of %d characters for the tag %q", n, tag.Key).Fix("AWS takes %d at most", maxTagValue)
	}
	return checkTagText(g, strings.ReplaceAll(tag.Value, ",", ""))
}

func checkTagKey(g given, key string) error {
	switch n := utf8.RuneCountInString(key); {
	case n == 0:
		return g.invalid("has a tag with an empty key").Fix("write KEY=VALUE")
	case n > maxTagKey:
		return g.invalid("has a tag key of %d characters", n).Fix("AWS takes %d at most", maxTagKey)
	case strings.HasPrefix(strings.ToLower(key), "aws:"):
		return g.invalid("has the tag %q", key).Fix("AWS keeps names that begin with aws: for itself")
	}
	return checkTagText(g, key)
}

// checkTagText holds keys and values to [\p{L}\p{Z}\p{N}_.:/=+\-@]*. A comma
// in a value is left to AWS, which does not document it: it may stand in a
// flag or a block, where nobody splits at it.
func checkTagText(g given, text string) error {
	for _, r := range text {
		if !unicode.In(r, unicode.L, unicode.Z, unicode.N) && !strings.ContainsRune("_.:/=+-@", r) {
			return g.invalid("has %q in a tag", r).Fix("AWS takes letters, digits, spaces and _.:/=+-@")
		}
	}
	return nil
}

// checkTransitive wants every transitive key to be the key of a tag that is
// sent along: STS refuses others.
func checkTransitive(g given, keys []string, tags []Tag) error {
	for _, key := range keys {
		if !hasTag(tags, key) {
			return g.invalid("has %q, which is not among the session tags", key).Fix("add the tag to session_tags or --tag, or leave the key out")
		}
	}
	return nil
}

func hasTag(tags []Tag, key string) bool {
	for _, tag := range tags {
		if strings.EqualFold(tag.Key, key) {
			return true
		}
	}
	return false
}
