// Package awsfile edits the shared AWS config and credentials files: it adds,
// changes and removes settings and sections, and leaves every byte that is not
// concerned as it is. The form of the files is AWS's
// (https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html), as
// package profile reads it; of settings that occur more than once the last one
// counts.
package awsfile

import (
	"slices"
	"strings"
)

// File is one of the two files as it was loaded, and the edits made to it
// since, which only Save writes. It is not safe for concurrent use.
type File struct {
	// Name is what messages and the diff call the file: its path, unless
	// somebody knows better.
	Name string
	// target is where the file lies, behind all links.
	path, target string
	// before is the text that was loaded, missing that there was no file.
	before  string
	missing bool
	// mark is a byte-order mark, lines the rest, each with its ending.
	mark  string
	lines []string
	// found are the sections, once somebody looked for them.
	found []section
}

// byteOrderMark is U+FEFF, which Windows editors put first.
const byteOrderMark = "\ufeff"

// Parse takes a text for the content of a file that is nowhere: it can be
// edited and read, not saved. A text that breaks the grammar is a
// fault.ParseError.
func Parse(text string) (*File, error) {
	f := &File{}
	return f, f.parse(text)
}

func (f *File) parse(text string) error {
	rest, marked := strings.CutPrefix(text, byteOrderMark)
	if marked {
		f.mark = byteOrderMark
	}
	f.before, f.lines = text, slices.Collect(strings.Lines(rest))
	return f.check()
}

// Text returns the content with the edits.
func (f *File) Text() string { return f.mark + strings.Join(f.lines, "") }

// Changed reports whether the edits make a difference.
func (f *File) Changed() bool { return f.Text() != f.before }

// Has reports whether there is a section of this header, which is what stands
// between the brackets: "profile dev", "sso-session corp", "default", in the
// credentials file "dev". AWS's variants of quotes and blanks are one section.
func (f *File) Has(section string) bool { return len(f.named(section)) > 0 }

// Profile returns the header of a profile in the config file: "profile NAME",
// and for the default one "default", unless the file has a [profile default],
// which replaces it; a name with quotes of its own is quoted. In the credentials
// file a profile's header is its name.
func (f *File) Profile(name string) string {
	if name == "default" && !f.Has("profile default") {
		return name
	}
	return spelled("profile " + name)
}

// Get returns a setting's value as a reader of the file gets it: with the lines
// that continue it, each after a line break.
func (f *File) Get(section, key string) (string, bool) {
	s, ok := f.setting(section, key)
	if !ok {
		return "", false
	}
	return f.text(s), true
}

// Set makes value what a reader of the file gets for the setting: in the line
// that gave it until now, else in a new one at the section's end, else in a new
// section at the file's end. What the file could not carry is a
// fault.InvalidValue, and then nothing is changed.
func (f *File) Set(section, key, value string) error {
	if err := f.carries(section, key, value); err != nil {
		return err
	}
	if s, ok := f.setting(section, key); ok {
		f.change(s, value)
		return nil
	}
	f.add(section, key+" = "+value)
	return nil
}

// Unset removes settings wherever the section has them, with the lines that
// continue them, and reports whether there were any.
func (f *File) Unset(section string, keys ...string) bool {
	var gone []int
	for _, part := range f.named(section) {
		for _, s := range f.settings(part) {
			if slices.ContainsFunc(keys, func(key string) bool { return strings.EqualFold(key, s.name) }) {
				gone = append(append(gone, s.at), s.more...)
			}
		}
	}
	f.remove(gone)
	return len(gone) > 0
}

// Cut removes a section whole, from its header to its last setting, and reports
// whether there was one. Comments below that stay: they may be the next one's.
func (f *File) Cut(section string) bool {
	parts := f.named(section)
	for _, part := range slices.Backward(parts) {
		f.cut(part.header, part.last+1)
	}
	return len(parts) > 0
}

// change puts a value into a setting's line, whose comment stays.
func (f *File) change(s setting, value string) {
	if s.value != value || s.more != nil {
		f.lines[s.at] = withValue(f.lines[s.at], value)
		f.remove(s.more)
	}
}

// add puts a line at the end of the section, the last of those that have its
// name, or makes it.
func (f *File) add(section, line string) {
	if parts := f.named(section); len(parts) > 0 {
		f.insert(parts[len(parts)-1].last+1, line)
		return
	}
	f.appendPart(header(canonical(section)), line)
}

// appendPart puts lines at the file's end, behind a blank one.
func (f *File) appendPart(lines ...string) {
	if n := len(f.lines); n > 0 && kindOf(content(f.lines[n-1])) != blankLine {
		lines = append([]string{""}, lines...)
	}
	f.insert(len(f.lines), lines...)
}

// insert puts lines, which come without endings, in front of the line at.
func (f *File) insert(at int, lines ...string) {
	ending := f.ending()
	if at > 0 && !strings.HasSuffix(f.lines[at-1], "\n") {
		f.lines[at-1] += ending
	}
	whole := make([]string, len(lines))
	for i, line := range lines {
		whole[i] = line + ending
	}
	f.lines = slices.Insert(f.lines, at, whole...)
	f.found = nil
}

// ending is how most lines of the file end.
func (f *File) ending() string {
	with, without := 0, 0
	for _, line := range f.lines {
		switch {
		case strings.HasSuffix(line, "\r\n"):
			with++
		case strings.HasSuffix(line, "\n"):
			without++
		}
	}
	if with > without {
		return "\r\n"
	}
	return "\n"
}

// remove takes lines out.
func (f *File) remove(gone []int) {
	if len(gone) == 0 {
		return
	}
	drop := make(map[int]bool, len(gone))
	for _, at := range gone {
		drop[at] = true
	}
	kept := f.lines[:0:0]
	for i, line := range f.lines {
		if !drop[i] {
			kept = append(kept, line)
		}
	}
	f.lines, f.found = kept, nil
}

// cut takes lines out, and of the blank ones around them those that the rest
// does not need.
func (f *File) cut(from, to int) {
	for to < len(f.lines) && f.empty(to) {
		to++
	}
	if to == len(f.lines) && from > 0 && f.empty(from-1) {
		from--
	}
	f.lines = slices.Delete(f.lines, from, to)
	f.found = nil
}

// empty reports whether there is nothing in a line.
func (f *File) empty(at int) bool { return trim(content(f.lines[at])) == "" }
