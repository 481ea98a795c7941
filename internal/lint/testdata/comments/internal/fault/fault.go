// Package fault has a comment.
package fault
