package cmd

import (
	"strings"
	"time"

	"assume-role/internal/picker"
	"assume-role/internal/profile"
)

// row is what the list shows beside a profile's name: account, role or source,
// region, and how long its session lasts.
func (l *lister) row(name string, now time.Time) picker.Row {
	request := l.request
	request.Profile = name
	chain, err := profile.Resolve(l.config, request)
	if err != nil {
		return picker.Row{Mark: "! " + listedError(err).Message}
	}
	account, role := endOfChain(chain)
	left := ""
	if at, ok := l.expiry[name]; ok {
		left = shortDuration(at.Sub(now).Truncate(time.Minute)) + " left"
	}
	return picker.Row{Cells: []string{account, role, chain.Region, left}}
}

// endOfChain is the account that a chain ends in, where the files tell, and the
// role, or else the kind of source.
func endOfChain(chain *profile.Chain) (account, role string) {
	for i := len(chain.Calls) - 1; i >= 0; i-- {
		if call := chain.Calls[i]; call.RoleARN != "" {
			return ofRole(call.RoleARN)
		}
	}
	source := chain.Source
	switch {
	case source.Role != nil:
		return ofRole(source.Role.RoleARN)
	case source.Kind == profile.SSO:
		return source.Settings["sso_account_id"].Text, source.Settings["sso_role_name"].Text
	}
	return source.Keys.AccountID, string(source.Kind)
}

// ofRole splits a role's ARN into its account and its name.
func ofRole(arn string) (account, name string) {
	fields := strings.SplitN(arn, ":", 6)
	if len(fields) < 6 {
		return "", arn
	}
	return fields[4], fields[5][strings.LastIndexByte(fields[5], '/')+1:]
}
