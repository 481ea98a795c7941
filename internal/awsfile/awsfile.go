// Package awsfile edits the shared AWS config and credentials files: it adds,
// changes and removes settings and sections, and leaves every byte that is not
// concerned as it is. The form of the files is AWS's
// (https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html).
package awsfile

import "errors"

// File is one of the two files as it was loaded, and the edits made to it
// since, which only Save writes. It is not safe for concurrent use.
type File struct {
	path   string
	loaded string
	text   string
}

var errUnfinished = errors.New("awsfile: not there yet")

// Load reads a file. One that is missing is empty, and Save makes it.
func Load(path string) (*File, error) { return nil, errUnfinished }

// Has reports whether there is a section of this header, which is what stands
// between the brackets: "profile dev", "sso-session corp", "default", in the
// credentials file "dev". AWS's variants of quotes and blanks are one section.
func (f *File) Has(section string) bool { return false }

// Get returns a setting's value.
func (f *File) Get(section, key string) (string, bool) { return "", false }

// Set makes value what a reader of the file gets for the setting.
func (f *File) Set(section, key, value string) error { return errUnfinished }

// Unset removes settings, with the lines that continue them, and reports
// whether there were any.
func (f *File) Unset(section string, keys ...string) bool { return false }

// Cut removes a section whole and reports whether there was one.
func (f *File) Cut(section string) bool { return false }

// Block returns the text between the marker lines of an owner.
func (f *File) Block(owner string) (text []byte, ok bool) { return nil, false }

// SetBlock puts text between the marker lines of an owner; nil removes them.
func (f *File) SetBlock(owner string, text []byte) error { return errUnfinished }

// Changed reports whether the edits made a difference.
func (f *File) Changed() bool { return f.text != f.loaded }

// Diff shows the edits in the unified format.
func (f *File) Diff(colour bool) string { return "" }

// Save writes the edits.
func (f *File) Save() error { return errUnfinished }
