//go:build !unix

package profile

import "io/fs"

func trustOf(fs.FileInfo) trust { return trust{} }
