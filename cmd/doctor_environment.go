package cmd

import (
	"context"
	"slices"
	"strings"
	"time"

	"assume-role/internal/profile"
)

// trap is something in the environment that makes programs disagree.
type trap struct {
	here    func(Host) bool
	message string
	fix     string
}

func traps() []trap {
	return []trap{
		{func(h Host) bool {
			return set(h, "AWS_PROFILE") && set(h, "AWS_ACCESS_KEY_ID") && !set(h, "ASSUME_ROLE_PROFILE")
		},
			"AWS_PROFILE and AWS_ACCESS_KEY_ID are both set: the SDKs use the key, and this tool the profile", "unset one of the two"},
		{differ("AWS_PROFILE", "AWS_DEFAULT_PROFILE"), "AWS_PROFILE and AWS_DEFAULT_PROFILE name two profiles: boto3 uses the second, other programs the first", "unset AWS_DEFAULT_PROFILE"},
		{differ("AWS_REGION", "AWS_DEFAULT_REGION"), "AWS_REGION and AWS_DEFAULT_REGION name two regions: boto3 uses the second, other programs the first", "unset one of the two"},
		{func(h Host) bool { return set(h, "AWS_ACCESS_KEY_ID") != set(h, "AWS_SECRET_ACCESS_KEY") },
			"AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are set one without the other", "set both or neither"},
		{func(h Host) bool {
			return set(h, "AWS_SECURITY_TOKEN") && h.Getenv("AWS_SECURITY_TOKEN") != h.Getenv("AWS_SESSION_TOKEN")
		}, "AWS_SECURITY_TOKEN is set to something else than AWS_SESSION_TOKEN: boto3 takes it first and fails", "unset AWS_SECURITY_TOKEN"},
		{func(h Host) bool { return set(h, "AWS_SESSION_TOKEN") && !set(h, "AWS_ACCESS_KEY_ID") },
			"AWS_SESSION_TOKEN is set without a key: it spoils the next key that is set", "unset AWS_SESSION_TOKEN"},
		{expired, "the session in the environment has expired, as AWS_CREDENTIAL_EXPIRATION says", "unset the AWS_ variables: eval \"$(assume-role export --unset)\""},
		{differ("AWS_ROLE_ARN", "AWS_IAM_ROLE_ARN"), "AWS_ROLE_ARN and AWS_IAM_ROLE_ARN name two roles: the first counts", "unset AWS_IAM_ROLE_ARN"},
		{javaRole, "the options of Java's machine set aws. properties of a role or a key: Java programs take those before the variables", "take the -Daws. options out of JAVA_TOOL_OPTIONS, JDK_JAVA_OPTIONS and _JAVA_OPTIONS"},
	}
}

// environment: variables that contradict each other. Only names are shown.
func (x *examination) environment(context.Context) []finding {
	var found []finding
	for _, t := range traps() {
		if t.here(x.app.host) {
			found = append(found, warning(t.fix, "%s", t.message))
		}
	}
	found = append(found, x.namedProfile()...)
	if found == nil {
		return []finding{fine("no variable contradicts another")}
	}
	return found
}

// namedProfile: a variable names a profile that there is.
func (x *examination) namedProfile() []finding {
	config := x.parsed()
	name, variable := profile.Named(x.app.host.Getenv)
	if config == nil || name == "" || strings.HasPrefix(name, "arn:") || slices.Contains(x.app.profileNames(config), name) {
		return nil
	}
	_, err := config.Profile(name)
	f := failing(err)
	return []finding{warning(f.Fix, "%s names a profile that is not there: %s", variable, f.Message)}
}

func set(h Host, name string) bool { return strings.TrimSpace(h.Getenv(name)) != "" }

func differ(one, other string) func(Host) bool {
	return func(h Host) bool { return set(h, one) && set(h, other) && h.Getenv(one) != h.Getenv(other) }
}

func expired(h Host) bool {
	at, err := time.Parse(time.RFC3339, h.Getenv("AWS_CREDENTIAL_EXPIRATION"))
	return err == nil && set(h, "AWS_ACCESS_KEY_ID") && at.Before(h.Now())
}

// javaRole looks for the properties by which AWS's SDK for Java is given
// credentials, https://docs.aws.amazon.com/sdkref/latest/guide/jvm-system-properties.html.
func javaRole(h Host) bool {
	for _, variable := range []string{"JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"} {
		for _, property := range []string{"roleArn", "roleSessionName", "webIdentityTokenFile", "accessKeyId", "secretAccessKey", "sessionToken", "profile"} {
			if strings.Contains(h.Getenv(variable), "-Daws."+property+"=") {
				return true
			}
		}
	}
	return false
}
