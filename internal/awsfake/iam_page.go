package awsfake

import (
	"encoding/base64"
	"strconv"
)

// listPage is what a list call wants: how much, and from where.
type listPage struct {
	action    string
	size      int
	marker    string
	hasMarker bool
}

// pageEnd closes every list.
type pageEnd struct {
	IsTruncated bool
	Marker      string `xml:",omitempty"`
}

// members is a list as the query protocol writes it, an empty one too.
type members[T any] struct {
	Member []T `xml:"member"`
}

// page reads Marker and MaxItems.
func (c *iamCall) page() listPage {
	const name = "MaxItems"
	p := listPage{action: c.action, size: c.iam.pageSize, hasMarker: c.has("Marker")}
	p.marker = c.text("Marker", limit{min: 1, max: 320, pattern: `[\x{0020}-\x{00FF}]+`})
	if !c.has(name) {
		return p
	}
	n, err := strconv.Atoi(c.get(name))
	switch quoted := "'" + c.get(name) + "'"; {
	case err != nil:
		c.breaks(quoted, name, "Member must be a number")
	case n < 1:
		c.breaks(quoted, name, "Member must have value greater than or equal to 1")
	case n > 1000:
		c.breaks(quoted, name, "Member must have value less than or equal to 1000")
	}
	p.size = min(p.size, n)
	return p
}

// cutPage takes one page out of a list. A marker is good for the call that it came
// from.
func cutPage[T any](p listPage, all []T) (members[T], pageEnd, error) {
	from := 0
	if p.hasMarker {
		for from = 1; p.markerAt(from) != p.marker; from++ {
			if from >= len(all) {
				return members[T]{}, pageEnd{}, validationError("Invalid Marker.")
			}
		}
	}
	if len(all)-from <= p.size {
		return members[T]{all[from:]}, pageEnd{}, nil
	}
	return members[T]{all[from : from+p.size]}, pageEnd{true, p.markerAt(from + p.size)}, nil
}

func (p listPage) markerAt(from int) string {
	return base64.StdEncoding.EncodeToString([]byte(p.action + " " + strconv.Itoa(from)))
}
