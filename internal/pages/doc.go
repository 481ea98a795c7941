// Package pages describes the command line from its own tree: the pages of
// docs/commands, in Markdown, and the manual, in mdoc
// (https://man.openbsd.org/mdoc.7). No released program contains it.
package pages
