package pages

import "assume-role/cmd"

// related are the topic pages of docs that a command's page leads to, by the
// command's name, and the commands beside it.
type related struct{ topics, commands []string }

func relatedTo(command string) related { return relations()[command] }

func relations() map[string]related {
	return map[string]related{
		"add":                {[]string{"keys", "keyring"}, []string{"import", "rotate", "remove"}},
		"clear-cache":        {[]string{"caching", "revoking"}, []string{"revoke", "status", "sso"}},
		"completion":         {[]string{"shells", "installing"}, []string{"init"}},
		"config":             {[]string{"settings"}, []string{"doctor", "keyring"}},
		"console":            {[]string{"console"}, []string{"exec", "login"}},
		"credential-process": {[]string{"server", "scripting"}, []string{"serve", "export"}},
		"doctor":             {[]string{"troubleshooting", "aws-rules"}, []string{"explain", "keyring"}},
		"eks-token":          {[]string{"kubernetes"}, []string{"credential-process", "exec"}},
		"exec":               {[]string{"concepts", "server", "caching", "scripting"}, []string{"export", "serve", "explain"}},
		"explain":            {[]string{"concepts", "aws-rules", "sources"}, []string{"list", "doctor"}},
		"export":             {[]string{"shells", "scripting", "containers"}, []string{"exec", "credential-process"}},
		"import":             {[]string{"keys", "migration"}, []string{"add", "remove"}},
		"init":               {[]string{"shells"}, []string{"export", "status", "console"}},
		"keyring":            {[]string{"keyring", "security"}, []string{"doctor", "clear-cache"}},
		"list":               {[]string{"concepts", "scripting"}, []string{"explain", "status"}},
		"login":              {[]string{"signing-in"}, []string{"logout", "sso", "console"}},
		"logout":             {[]string{"signing-in"}, []string{"login", "clear-cache"}},
		"mfa":                {[]string{"mfa"}, []string{"warm", "keyring"}},
		"remove":             {[]string{"keys"}, []string{"add", "import", "rotate"}},
		"request":            {[]string{"request"}, []string{"exec", "whoami"}},
		"revoke":             {[]string{"revoking", "threat-model"}, []string{"clear-cache", "rotate"}},
		"rotate":             {[]string{"keys"}, []string{"add", "revoke"}},
		"serve":              {[]string{"server", "containers"}, []string{"exec", "credential-process"}},
		"sso":                {[]string{"signing-in"}, []string{"login", "clear-cache"}},
		"status":             {[]string{"caching", "scripting"}, []string{"list", "clear-cache"}},
		"version":            {nil, []string{"doctor"}},
		"warm":               {[]string{"mfa", "caching", "performance"}, []string{"exec", "mfa"}},
		"whoami":             {[]string{"concepts", "scripting"}, []string{"status", "explain"}},
	}
}

// exitStatuses are those of a command (docs/scripting.md).
func exitStatuses(command string) []cmd.Described {
	if command == "exec" {
		return []cmd.Described{
			{Name: "125", Meaning: "no credentials could be had, or wrong usage"},
			{Name: "126", Meaning: "CMD cannot be run"},
			{Name: "127", Meaning: "CMD was not found"},
			{Name: "130", Meaning: "interrupted before CMD ran"},
			{Name: "other", Meaning: "CMD's own; 128 and the signal's number where a signal ended it"},
		}
	}
	failed := "failed: the line on stderr says what, and what to do"
	if more, ok := failures()[command]; ok {
		failed += "; " + more
	}
	return []cmd.Described{
		{Name: "0", Meaning: "done"}, {Name: "1", Meaning: failed}, {Name: "2", Meaning: "wrong usage"}, {Name: "130", Meaning: "interrupted"},
	}
}

// failures are the other reasons for status 1.
func failures() map[string]string {
	return map[string]string{
		"clear-cache": "or not everything could be removed",
		"doctor":      "or a check found an error",
		"request":     "or the answer's status is 400 or above",
		"revoke":      "or not all of it was done",
		"rotate":      "or, with --all, one key was not replaced",
		"warm":        "or one profile's session could not be made",
		"sso":         "or, for sso populate, a part of it could not be done",
	}
}

// flagGroup are credential flags with one purpose.
type flagGroup struct {
	name, about string
	flags       []string
}

func flagGroups() []flagGroup {
	return []flagGroup{
		{"Whose credentials", "Without these the profile says it. PROFILE can be a role's ARN: then `--source-profile`, `--web-identity` or `--from-json` says what to start from.",
			[]string{"pick", "source-profile", "role-arn", "web-identity", "from-json"}},
		{"What the session is", "Each is part of what a session is filed under, so another value never gets an old session. One that no call of the chain can carry is an error.",
			[]string{"duration", "region", "session-name", "external-id", "source-identity", "tag", "transitive-tag", "federate", "no-session-token", "no-session"}},
		{"Less than the role may do", "A session policy can take rights away, never add any.",
			[]string{"policy", "policy-arn", "read-only", "view-only"}},
		{"MFA", "A code is asked for when a call needs one, once for all roles on the same keys.",
			[]string{"mfa-token", "mfa-serial"}},
		{"Guards", "Nothing is handed out unless they hold.",
			[]string{"expect-account", "min-ttl"}},
		{"The cache", "", []string{"refresh", "no-cache"}},
	}
}
