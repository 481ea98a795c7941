// Package bench measures what a run of the tool costs and holds the budgets of
// CONTRIBUTING.md. It has no code of its own; `make bench` runs it.
//
// All times are of whole processes, from fork to exit, measured in turns in
// one run (A B C, A B C, …) and compared with a Go program that does nothing,
// measured in the same turns: what a slow or busy machine adds, it adds to all.
package bench
