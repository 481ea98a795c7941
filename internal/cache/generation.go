package cache

import (
	"bytes"
	"fmt"
	"strconv"
	"time"

	"assume-role/internal/securefile"
)

// Generation tells whoever holds sessions in memory when to drop them: it is
// another number as soon as sessions were cleared or revoked. It goes up with
// every Clear that had something to remove, and never comes back to a number
// that it was before, even where the index was lost in between and begun anew.
// It is 0 where there is no index or one that cannot be read. It costs the
// reading of one block, however long the index is.
func (x *Index) Generation() int64 {
	head, err := securefile.Head(x.Path, generationWithin)
	if err != nil {
		return 0
	}
	rest, ok := bytes.CutPrefix(head, fmt.Appendf(nil, `{"version":%d,"generation":`, version))
	digits, _, ended := bytes.Cut(rest, []byte(","))
	if !ended {
		digits, _, ended = bytes.Cut(rest, []byte("}"))
	}
	if !ok || !ended {
		return 0
	}
	generation, err := strconv.ParseInt(string(digits), 10, 64)
	if err != nil {
		return 0
	}
	return generation
}

// generationWithin is enough for the beginning of an index up to the end of the
// longest number.
const generationWithin = 64

// Raise makes the generation another one.
func (x *Index) Raise() error {
	return x.update(func(c *Contents) { c.raise(x.Now()) })
}

// raise goes by the clock as well as by the number so far, which may be lost
// with the file. That the clock may be set back costs nothing: the number
// still goes up.
func (c *Contents) raise(now time.Time) {
	c.Generation = max(c.Generation+1, now.UnixNano())
}
