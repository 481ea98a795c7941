package cmd

import (
	"context"
	"maps"
	"slices"

	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

// lints: what the AWS CLI and the SDKs read otherwise in the AWS files.
func (x *examination) lints(context.Context) []finding {
	config := x.parsed()
	if config == nil {
		return unread()
	}
	lints := config.Lints()
	if len(lints) == 0 {
		return []finding{fine("the AWS CLI and the SDKs read the AWS files as they are read here")}
	}
	byRule := map[string][]finding{}
	for _, l := range lints {
		byRule[l.Rule] = append(byRule[l.Rule], lintFinding(l))
	}
	var found []finding
	for _, rule := range slices.Sorted(maps.Keys(byRule)) {
		found = append(found, bounded(byRule[rule], "place")...)
	}
	return found
}

func lintFinding(l profile.Lint) finding {
	said := fault.New("", "%s", l.Message).In(l.Profile).At(l.Origin)
	return warning(l.Fix, "%s", said.Error())
}
