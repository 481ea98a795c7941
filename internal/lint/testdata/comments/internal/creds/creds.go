// This is no package comment.
package creds // want "package creds has no comment"
