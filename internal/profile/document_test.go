package profile

import (
	"testing"

	"assume-role/internal/fault"
)

// TestFindWithAndWithoutIndex: the index finds what a walk finds, in the file's
// order.
func TestFindWithAndWithoutIndex(t *testing.T) {
	t.Parallel()
	const text = "[default]\n[profile a]\n[sso-session a]\n[profile b]\n[profile a]\n[services a]\n[profile default]\n[profile a]\nx=1\n"
	walked, err := newDocument(text, fault.Origin{}, configSection)
	if err != nil {
		t.Fatal(err)
	}
	indexed, err := newDocument(text, fault.Origin{}, configSection)
	if err != nil {
		t.Fatal(err)
	}
	diff(t, "names", []string{"default", "a", "b", "a", "default", "a"}, indexed.profiles())
	lines := func(found []section) []int {
		var all []int
		for _, s := range found {
			all = append(all, s.line)
		}
		return all
	}
	diff(t, "lines of a", []int{2, 5, 8}, lines(indexed.profile("a")))
	for _, kind := range []sectionKind{profileSection, bareDefault, ssoSection, servicesSection} {
		for _, name := range []string{"a", "b", "default", "none", ""} {
			diff(t, name, lines(walked.find(kind, name)), lines(indexed.find(kind, name)))
		}
	}
}

// TestFoundSectionsAreNotTheList: what is found can be added to, and the list
// stays what it is.
func TestFoundSectionsAreNotTheList(t *testing.T) {
	t.Parallel()
	d, err := newDocument("[profile a]\n[profile b]\n", fault.Origin{}, configSection)
	if err != nil {
		t.Fatal(err)
	}
	_ = append(d.find(profileSection, "a"), section{name: "c"})
	if d.sections[1].name != "b" {
		t.Errorf("the list has %q where b was", d.sections[1].name)
	}
}
