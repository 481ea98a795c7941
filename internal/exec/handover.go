// Package exec runs a program with credentials: it says which environment
// variables change hands, finds the program, and becomes it.
//
// The variables are those of the AWS SDKs
// (https://docs.aws.amazon.com/sdkref/latest/guide/environment-variables.html).
// A child gets exactly one source of credentials, because SDKs disagree on
// which of two wins.
package exec

import (
	"fmt"
	"slices"
	"strings"

	"assume-role/internal/creds"
)

// Grant is what a child is given.
type Grant struct {
	// Credentials sign the child's calls.
	Credentials creds.Credentials
	// Profile is the profile asked for, or the role's ARN.
	Profile string
	// Region is the child's region; empty when none is known.
	Region string
	// Child are further settings of the profile (endpoints, CA bundle,
	// retries …). One that the caller's environment sets itself is left alone.
	Child []creds.Variable
	// AccountVariable and VaultVariable say whether AWS_ACCOUNT_ID and
	// AWS_VAULT are set.
	AccountVariable, VaultVariable bool
	// Endpoint is where the child fetches its credentials; nil gives it keys.
	Endpoint *Endpoint
	// Files are the copies of AWS files that the child reads in place of the
	// user's own: AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE or both.
	Files []creds.Variable
}

// Endpoint is a local credential server, as SDKs are told of one
// (https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html).
type Endpoint struct {
	// URL is that of the credentials.
	URL string
	// Token is what goes with each request.
	Token creds.Secret
	// Metadata is the address of the instance metadata service, or empty.
	Metadata string
}

// Changes is the difference between a caller's environment and a child's.
type Changes struct {
	// Set are the variables to set, in a stable order. None is empty.
	Set []creds.Variable
	// Unset are the names to remove, sorted, whether the caller has them or
	// not; none of them is in Set.
	Unset []string
	// Notes are one-line remarks for stderr.
	Notes []string
}

// Handover returns what changes in the caller's environment for a child or a
// shell that gets the grant. What an outer session of this tool set is taken
// away first. The last variable set is ASSUME_ROLE_SET: the comma-separated
// names of all the others, less those that the caller already had with the
// very same value, which stay the caller's own.
func Handover(caller []string, g Grant) Changes {
	env := newEnvironment(caller)
	set := g.session()
	for _, v := range g.Child {
		if v.Value != "" && !env.own(v.Name) {
			set = append(set, v)
		}
	}
	notes := g.accountNotes(env)
	set = append(set, g.copies(env)...)
	removed := g.contradicting()
	if g.keepsAccount(env) {
		removed = slices.DeleteFunc(removed, func(name string) bool { return name == accountID })
	}
	marker := creds.Variable{Name: setMarker, Value: creds.Secret(env.changed(set))}
	set = append(append(set, env.returned(set)...), marker)
	return Changes{Set: set, Unset: env.without(set, removed, env.borrowed()), Notes: notes}
}

// Leave returns what changes when the caller leaves its session of this tool:
// everything that the session set goes, and what it had covered of the user's
// own files comes back.
func Leave(caller []string) Changes {
	env := newEnvironment(caller)
	back := env.returned(nil)
	return Changes{Set: back, Unset: env.without(back, ours(), env.borrowed())}
}

// session returns the variables of the session itself.
func (g Grant) session() []creds.Variable {
	c := g.Credentials
	all := append(g.source(), []creds.Variable{
		{Name: region, Value: creds.Secret(g.Region)},
		{Name: defaultRegion, Value: creds.Secret(g.Region)},
		{Name: accountID, Value: creds.Secret(only(g.AccountVariable, c.AccountID))},
		{Name: profileMarker, Value: creds.Secret(g.Profile)},
		{Name: vaultMarker, Value: creds.Secret(only(g.VaultVariable, g.Profile))},
	}...)
	return slices.DeleteFunc(all, func(v creds.Variable) bool { return v.Value == "" })
}

// source returns the one source of credentials.
func (g Grant) source() []creds.Variable {
	if at := g.Endpoint; at != nil {
		return []creds.Variable{
			{Name: containerURL, Value: creds.Secret(at.URL)},
			{Name: containerToken, Value: at.Token},
			{Name: metadataURL, Value: creds.Secret(at.Metadata)},
		}
	}
	c := g.Credentials
	return []creds.Variable{
		{Name: accessKeyID, Value: creds.Secret(c.AccessKeyID)},
		{Name: secretAccessKey, Value: c.SecretAccessKey},
		{Name: sessionToken, Value: c.SessionToken},
		{Name: expiration, Value: creds.Secret(c.ExpirationText())},
	}
}

// keepsAccount reports whether the caller's own AWS_ACCOUNT_ID may stay: it is
// not set by us, and it is right.
func (g Grant) keepsAccount(env environment) bool {
	return !g.AccountVariable && g.Credentials.AccountID != "" &&
		env.value(accountID) == g.Credentials.AccountID
}

// accountNotes says so when the caller's own AWS_ACCOUNT_ID is another one:
// SDKs build account-based endpoints from it.
func (g Grant) accountNotes(env environment) []string {
	had, now := env.value(accountID), g.Credentials.AccountID
	switch {
	case !env.own(accountID) || had == now:
		return nil
	case g.AccountVariable && now != "":
		return []string{fmt.Sprintf("AWS_ACCOUNT_ID was %q and is replaced with %s, the account of these credentials", had, now)}
	default:
		return []string{fmt.Sprintf("AWS_ACCOUNT_ID was %q and is removed: it is not known to be the account of these credentials", had)}
	}
}

func only(wanted bool, text string) string {
	if wanted {
		return text
	}
	return ""
}

// names joins variables' names as ASSUME_ROLE_SET holds them.
func names(set []creds.Variable) string {
	list := make([]string, len(set))
	for i, v := range set {
		list[i] = v.Name
	}
	return strings.Join(list, ",")
}
