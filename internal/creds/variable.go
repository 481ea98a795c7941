package creds

// Variable is one environment variable. Its value counts as a secret, because
// some are: it redacts itself like every Secret.
type Variable struct {
	Name  string
	Value Secret
}
