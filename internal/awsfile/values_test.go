package awsfile_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"assume-role/internal/awsfile"
	"assume-role/internal/fault"
)

func TestValues(t *testing.T) {
	t.Parallel()
	f, err := awsfile.Parse("[dev]\nkey = one\n Key = more\nkey=two # said\n[other]\nkey = no\n[ dev ]\r\nKEY = three\r\n")
	if err != nil {
		t.Fatal(err)
	}
	f.Name = "~/.aws/credentials"
	at := func(line int) fault.Origin { return fault.Origin{Path: f.Name, Line: line} }
	want := []awsfile.Value{{"one\nKey = more", at(2)}, {"two", at(4)}, {"three", at(8)}}
	if diff := cmp.Diff(want, f.Values("dev", "key")); diff != "" {
		t.Error(diff)
	}
	last, _ := f.Get("dev", "key")
	if last != "three" {
		t.Errorf("Get returns %q, not the last of them", last)
	}
	if got := f.Values("dev", "none"); got != nil {
		t.Errorf("there is none: %v", got)
	}
	if got := f.Values("nobody", "key"); got != nil {
		t.Errorf("there is no such section: %v", got)
	}
}

// After an edit the lines are those of the file as it would be saved.
func TestValuesAfterAnEdit(t *testing.T) {
	t.Parallel()
	f, err := awsfile.Parse("[dev]\na = 1\nb = 2\n")
	if err != nil {
		t.Fatal(err)
	}
	f.Unset("dev", "a")
	if got := f.Values("dev", "a"); got != nil {
		t.Errorf("what was removed is still there: %v", got)
	}
	want := []awsfile.Value{{"2", fault.Origin{Line: 2}}}
	if diff := cmp.Diff(want, f.Values("dev", "b")); diff != "" {
		t.Error(diff)
	}
}
