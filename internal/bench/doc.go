// Package bench measures what a run of the tool costs and compares it with
// budgets.txt. It has no code of its own; `make bench` runs it.
//
// All times are of whole processes, from fork to exit, measured in turns in
// one run (A B C, A B C, …). The fastest run of each counts, and is compared
// with that of true(1) in the same turns: what a slow machine adds, it adds to
// all, and what a busy one adds, it does not add to every run.
package bench
