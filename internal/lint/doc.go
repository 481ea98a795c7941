// Package lint holds the tests that keep the code's structure: which package
// may import which, where the process's streams and clock may be read, how
// long a function may be, what must have a comment. It has no code of its own.
//
// Each rule is a function in a file rule_NAME_test.go, listed in
// rules_test.go, with a bad sample in testdata/NAME: there a comment
// `want "text"` marks each line on which the rule must find something.
package lint
