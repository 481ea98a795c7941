// Package docs holds the tests of the documentation: its marked commands run,
// its links lead somewhere, and the flags that it names exist. It has no code
// of its own.
//
// In a page, `<!-- run -->` above a block of sh says that it runs; and
// `<!-- file: PATH -->` above a block puts it at PATH of the reader's home.
package docs
