package exec

import (
	"runtime"
	"slices"
	"strings"

	"assume-role/internal/creds"
)

// Environ returns the environment of a child: the caller's, less what is
// unset and this tool's own secrets, plus what is set, at the end. All other
// entries keep their bytes and their order, odd ones and duplicates included.
func (c Changes) Environ(caller []string) []string {
	env := newEnvironment(caller)
	gone := append(slices.Clone(c.Unset), ownSecrets()...)
	for _, v := range c.Set {
		gone = append(gone, v.Name)
	}
	child := env.remove(gone)
	for _, v := range c.Set {
		child = append(child, v.Name+"="+v.Value.Reveal())
	}
	return child
}

// Scrub returns the environment less this tool's own secrets, for the programs
// that it asks for something (credential_process, mfa_process, a passphrase
// command). They read the user's own AWS files.
func Scrub(caller []string) []string {
	return newEnvironment(caller).uncovered().remove(ownSecrets())
}

// environment is a process's environment, as os.Environ returns it.
type environment struct {
	entries []string
	// fold makes names case-insensitive, as Windows has them.
	fold bool
}

func newEnvironment(entries []string) environment {
	return environment{entries: entries, fold: runtime.GOOS == "windows"}
}

// value returns the value that getenv(3) finds, the first one, or "".
func (e environment) value(name string) string {
	for _, entry := range e.entries {
		if len(entry) > len(name) && entry[len(name)] == '=' && e.same(entry[:len(name)], name) {
			return entry[len(name)+1:]
		}
	}
	return ""
}

func (e environment) same(a, b string) bool {
	return a == b || e.fold && strings.EqualFold(a, b)
}

// own reports whether the caller itself set the variable to something, rather
// than an outer session.
func (e environment) own(name string) bool {
	return e.value(name) != "" && !slices.Contains(e.borrowed(), e.key(name))
}

// borrowed returns the names in ASSUME_ROLE_SET, sorted. The variable is the
// environment's, so it is not trusted: only names that this tool may have set
// count, and none of them can be more than a name in a shell's eyes.
func (e environment) borrowed() []string {
	var list []string
	for name := range strings.SplitSeq(e.value(setMarker), ",") {
		if settable(name) {
			list = append(list, name)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// settable reports whether this tool could have set a variable of that name.
func settable(name string) bool {
	return (strings.HasPrefix(name, "AWS_") || name == profileMarker || strings.HasPrefix(name, ownPrefix+"AWS_")) &&
		strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == ""
}

// changed joins the names of the variables whose value is not the caller's
// own.
func (e environment) changed(set []creds.Variable) string {
	return names(slices.DeleteFunc(slices.Clone(set), func(v creds.Variable) bool {
		return e.own(v.Name) && e.value(v.Name) == v.Value.Reveal()
	}))
}

// without returns the names of all lists that are not set, sorted, once each.
func (e environment) without(set []creds.Variable, lists ...[]string) []string {
	all := slices.Concat(lists...)
	slices.Sort(all)
	return slices.DeleteFunc(slices.Compact(all), func(name string) bool {
		return slices.ContainsFunc(set, func(v creds.Variable) bool { return v.Name == name })
	})
}

// remove returns the entries less those of the names.
func (e environment) remove(names []string) []string {
	gone := make(map[string]bool, len(names))
	for _, name := range names {
		gone[e.key(name)] = true
	}
	left := make([]string, 0, len(e.entries)+len(names))
	for _, entry := range e.entries {
		if !gone[e.key(nameOf(entry))] {
			left = append(left, entry)
		}
	}
	return left
}

func (e environment) key(name string) string {
	if e.fold {
		return strings.ToUpper(name)
	}
	return name
}

// nameOf returns an entry's name: what is before the first =. Windows has
// entries like "=C:=C:\dir", whose name starts with one.
func nameOf(entry string) string {
	if entry == "" {
		return ""
	}
	if i := strings.IndexByte(entry[1:], '='); i >= 0 {
		return entry[:i+1]
	}
	return entry
}
