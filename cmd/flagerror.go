package cmd

import (
	"errors"
	"strings"

	"github.com/spf13/pflag"

	"assume-role/internal/fault"
)

// misusedFlag says in the user's words what the parser says in its own, and
// which of the known flags was meant.
func misusedFlag(err error, known []string) error {
	var unknown *pflag.NotExistError
	var bare *pflag.ValueRequiredError
	var bad *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown):
		return unknownFlag(unknown, known)
	case errors.As(err, &bare):
		return usage("%s needs a value", dashed(bare.GetSpecifiedName(), bare.GetSpecifiedShortnames()))
	case errors.As(err, &bad) && bad.GetFlag().Value.Type() == "bool":
		return usage("--%s takes true or false, not %q", bad.GetFlag().Name, bad.GetValue())
	}
	return usageError{err}
}

func unknownFlag(err *pflag.NotExistError, known []string) error {
	name, letters := err.GetSpecifiedName(), err.GetSpecifiedShortnames()
	if hint := meantFlag(name, known); hint != "" {
		return usage("unknown flag %s: %s", dashed(name, letters), hint)
	}
	return usage("unknown flag %s", dashed(name, letters))
}

// dashed writes a flag as it was typed. The parser names a short one by its
// group of letters or by the letter.
func dashed(name, letters string) string {
	if letters != "" {
		return "-" + strings.TrimPrefix(name, "-")
	}
	return "--" + name
}

// refuseEmpty refuses a flag that was given with nothing in it: it asked for
// something, and to leave it out in silence would be worse than to stop.
func refuseEmpty(flags *pflag.FlagSet) error {
	var empty error
	flags.Visit(func(f *pflag.Flag) {
		if empty == nil && f.Value.Type() == "string" && f.Value.String() == "" {
			empty = fault.New(fault.InvalidValue, "--%s is empty", f.Name).Fix("give it a value, or leave it out")
		}
	})
	return empty
}
