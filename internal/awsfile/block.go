package awsfile

import (
	"slices"
	"strings"

	"assume-role/internal/fault"
)

// The marker lines of a block, before and behind its owner's name. They are
// comments to every program.
const (
	beginMark, beginTail = "# >>> assume-role: ", " >>>"
	endMark, endTail     = "# <<< assume-role: ", " <<<"
)

// Block returns the text between the marker lines of an owner; false where
// there is none, or where the markers are no pair.
func (f *File) Block(owner string) (text []byte, ok bool) {
	begin, end, err := f.block(owner)
	if err != nil || begin < 0 {
		return nil, false
	}
	return []byte(strings.Join(f.lines[begin+1:end], "")), true
}

// SetBlock puts text, whole sections, between the marker lines of an owner,
// which it makes at the file's end if there are none; nil removes them. Line
// breaks become the file's. It refuses what would change settings outside the
// block: markers that are no pair, and settings behind the block that have no
// header of their own.
func (f *File) SetBlock(owner string, text []byte) error {
	begin, end, err := f.block(owner)
	if err != nil {
		return err
	}
	if err := f.fits(owner, text); err != nil {
		return err
	}
	if begin >= 0 {
		if err := f.closed(end); err != nil {
			return err
		}
	}
	inside := f.inside(text)
	switch {
	case text == nil && begin >= 0:
		f.cut(begin, end+1)
	case text == nil:
	case begin >= 0:
		f.lines = slices.Concat(f.lines[:begin+1], inside, f.lines[end:])
		f.found = nil
	default:
		f.appendBlock(owner, inside)
	}
	return nil
}

// appendBlock makes a block at the file's end. The blank line above it is its
// own, whatever stands there, so that it can go with it.
func (f *File) appendBlock(owner string, inside []string) {
	var blank []string
	if len(f.lines) > 0 {
		blank = []string{""}
	}
	f.insert(len(f.lines), append(blank, beginMark+owner+beginTail, endMark+owner+endTail)...)
	f.lines = slices.Insert(f.lines, len(f.lines)-1, inside...)
	f.found = nil
}

// inside are the lines of a block's text with the file's ending.
func (f *File) inside(text []byte) []string {
	lines := slices.Collect(strings.Lines(string(text)))
	if f.ending() == "\n" {
		return lines
	}
	for i, line := range lines {
		lines[i] = content(line) + f.ending()
	}
	return lines
}

// fits refuses a block that would not come back as it went in.
func (f *File) fits(owner string, text []byte) error {
	inner, err := Parse(string(text))
	if err != nil {
		return err
	}
	marked := slices.ContainsFunc(inner.lines, func(line string) bool { return isMarker(content(line)) })
	if owner == "" || unfit(owner) || strings.TrimSpace(owner) != owner || marked || len(text) > 0 && text[len(text)-1] != '\n' {
		return f.refused("%q cannot own a block, or the block is not whole lines without markers", owner)
	}
	return nil
}

// closed refuses settings behind a block that belong to its last section.
func (f *File) closed(end int) error {
	for i := end + 1; i < len(f.lines); i++ {
		switch kindOf(content(f.lines[i])) {
		case headerLine:
			return nil
		case propertyLine, continuationLine:
			return fault.New("", "a setting stands behind the end of a block that assume-role keeps, and belongs to its last profile").
				At(f.origin(i)).Fix("move it up into a profile, or put a header above it")
		}
	}
	return nil
}

// block finds the marker lines of an owner; -1 where there are none. Markers
// that are no pair are an error.
func (f *File) block(owner string) (begin, end int, err error) {
	begin, end = -1, -1
	for i, raw := range f.lines {
		line := strings.TrimRight(content(raw), " \t")
		inside := begin >= 0 && end < 0
		switch {
		case line == beginMark+owner+beginTail && begin < 0:
			begin = i
		case line == endMark+owner+endTail && inside:
			end = i
		case line == beginMark+owner+beginTail, line == endMark+owner+endTail, inside && isMarker(line):
			return -1, -1, f.noPair(owner, i)
		}
	}
	if begin >= 0 && end < 0 {
		return -1, -1, f.noPair(owner, begin)
	}
	return begin, end, nil
}

func (f *File) noPair(owner string, at int) error {
	return fault.New("", "the lines that mark the block of %q are not one pair", owner).At(f.origin(at)).
		Fix("make them one line %q above it and one line %q below it", beginMark+owner+beginTail, endMark+owner+endTail)
}

func isMarker(line string) bool {
	return strings.HasPrefix(line, beginMark) || strings.HasPrefix(line, endMark)
}

// Part is one section of a text.
type Part struct {
	// Name is its header, in the form that Has takes.
	Name string
	// Text is the section with its header, and with the comments and blank
	// lines from there to the next one.
	Text string
}

// Parts takes the file apart: what stands above the first header, and the
// sections in their order. Together they are the file's text.
func (f *File) Parts() (head string, parts []Part) {
	head = f.Text()
	for i, s := range f.sections() {
		if i == 0 {
			head = f.mark + strings.Join(f.lines[:s.header], "")
		}
		parts = append(parts, Part{Name: spelled(s.name), Text: strings.Join(f.lines[s.header:s.end], "")})
	}
	return head, parts
}
