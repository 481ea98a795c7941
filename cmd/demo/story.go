package main

import "slices"

// scene is one command of the demo and what it must do.
type scene struct {
	title string
	// says tells what to look at.
	says string
	// args are the tool's; self stands for this program.
	args   []string
	status int
	// calls are the STS calls in order; codes the MFA codes that were used.
	calls []string
	codes int
	// shows must be in the output, as it is before secrets are cut short.
	shows []string
	// hands says that the output is secrets: that of every other command must
	// be free of them.
	hands bool
}

// self stands for the demo's own program in a scene's arguments.
const self = "demo"

// story is the demo, from first to last.
func story() []scene {
	return slices.Concat(looking(), working(), serving(), leaving())
}

// cold are the calls of a chain with MFA when nothing is cached.
func cold() []string { return []string{"GetSessionToken", "AssumeRole"} }

// looking asks nothing of AWS.
func looking() []scene {
	return []scene{{
		title: "What is there",
		says:  "Alice has long-lived keys, an MFA device and two roles. Listing calls nobody.",
		args:  []string{"list"},
		shows: []string{"admin", "audit", "alice"},
	}, {
		title: "What would happen",
		says:  "Each step of the chain, each setting, and the file and line it comes from.",
		args:  []string{"explain", "admin"},
		shows: []string{"session-token", "assume-role", ":role/admin", "config:"},
	}}
}

// working is the main job: a program with a role's credentials.
func working() []scene {
	return []scene{{
		title: "A program with a role's credentials",
		says:  "The first time: one MFA code (from mfa_process), one session, one role.",
		args:  []string{"exec", "admin", "--", self, showCredentials},
		calls: cold(), codes: 1, hands: true,
		shows: []string{"ASSUME_ROLE_PROFILE=admin\n", "AWS_ACCESS_KEY_ID=ASIA", "AWS_REGION=eu-west-1\n", "AWS_PROFILE=(not set)"},
	}, {
		title: "The same again",
		says:  "From the session cache in the keyring: no call, no code.",
		args:  []string{"exec", "admin", "--", self, showCredentials},
		hands: true,
		shows: []string{"ASSUME_ROLE_PROFILE=admin\n", "AWS_ACCESS_KEY_ID=ASIA"},
	}, {
		title: "Another role of the same user",
		says:  "The MFA session serves every role on the same keys: one call, no code.",
		args:  []string{"exec", "audit", "--", self, showCredentials},
		calls: []string{"AssumeRole"}, hands: true,
		shows: []string{"ASSUME_ROLE_PROFILE=audit\n", "AWS_ACCOUNT_ID=210987654321\n", "AWS_REGION=eu-central-1\n"},
	}, {
		title: "A slip of the pen",
		says:  "An error is one line: what failed and what to do. Status 125: nothing was run.",
		args:  []string{"exec", "admni", "--", self, showCredentials}, status: 125,
		shows: []string{"admni", "admin"},
	}}
}

// serving hands the same session to others.
func serving() []scene {
	return []scene{{
		title: "For a shell",
		says:  `To be used as: eval "$(assume-role export admin)".`,
		args:  []string{"export", "admin"},
		hands: true,
		shows: []string{"export AWS_ACCESS_KEY_ID='ASIA", "export AWS_SESSION_TOKEN='", "unset "},
	}, {
		title: "For SDKs",
		says:  "As credential_process in a profile, the AWS CLI and every SDK use it.",
		args:  []string{"credential-process", "admin"},
		hands: true,
		shows: []string{`"Version"`, `"AccessKeyId"`, `"Expiration"`},
	}, {
		title: "Who am I",
		says:  "The one command here that asks AWS on purpose.",
		args:  []string{"whoami", "admin"},
		calls: []string{"GetCallerIdentity"},
		shows: []string{"arn:aws:sts::123456789012:assumed-role/admin/"},
	}}
}

// leaving forgets the sessions, and shows that they are forgotten.
func leaving() []scene {
	return []scene{{
		title: "Forget it all",
		says:  "Sessions go; keys and files stay.",
		args:  []string{"clear-cache"},
	}, {
		title: "From the start",
		says:  "Nothing is cached any more, so it takes a new code.",
		args:  []string{"exec", "admin", "--", self, showCredentials},
		calls: cold(), codes: 1, hands: true,
		shows: []string{"ASSUME_ROLE_PROFILE=admin\n", "AWS_ACCESS_KEY_ID=ASIA"},
	}}
}
