package cache

import (
	_ "embed"
	"regexp"

	_ "assume-role/internal/keystore/nodbus"
	_ "image/png" // want "side effect"
)

var early = regexp.MustCompile("x") // want "before main"

var late = func() *regexp.Regexp { return regexp.MustCompile("x") }

func init() {} // want "func init"

type clock struct{}

func (clock) init() {}
