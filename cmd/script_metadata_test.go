package cmd_test

import (
	"os"
	"path/filepath"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"assume-role/internal/awsfake"
	"assume-role/internal/creds"
)

// metadataCommands are the scripts' commands for containers and instances.
func metadataCommands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){"instance": setInstance, "pod": setPod, "onec2": setOnEC2}
}

// metadataVariables lead to the credentials of a container or an instance.
func metadataVariables() []string {
	return []string{
		"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI",
		"AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "AWS_EC2_METADATA_SERVICE_ENDPOINT",
	}
}

// The roles of the scripts' task, pod and instance, and podPath, where the
// pod's credentials are.
const (
	taskRole     = "arn:aws:iam::123456789012:role/task"
	instanceRole = "arn:aws:iam::123456789012:role/instance"
	podPath      = "/v1/credentials"
	onEC2Mark    = ".on-ec2"
)

// metadataWorld fills the fake, and names what is in it for the scripts: a
// task on ECS, a pod on EKS, the roles of both and of an instance, and one for
// each that nothing else can assume.
func metadataWorld(aws *awsfake.Fake) map[string]string {
	aws.AddRole(awsfake.Role{Name: "task"})
	aws.AddRole(awsfake.Role{Name: "instance"})
	return map[string]string{
		"TASK": aws.URL() + aws.AddContainerRole(awsfake.ContainerRole{Role: taskRole, Lifetime: time.Hour}),
		"POD":  aws.URL() + podPath,
		"FROMTASK": aws.AddRole(awsfake.Role{
			Name: "from-task", Principals: []string{taskRole}, MaxDuration: 12 * time.Hour}),
		"FROMINSTANCE": aws.AddRole(awsfake.Role{
			Name: "from-instance", Principals: []string{instanceRole}, MaxDuration: 12 * time.Hour}),
	}
}

// instance [role] [v1] [disabled] [unauthorized]: the metadata service is that
// of an instance with such a set-up.
func setInstance(ts *testscript.TestScript, _ bool, args []string) {
	var i awsfake.Instance
	for _, word := range args {
		switch word {
		case "role":
			i.Role = instanceRole
		case "v1":
			i.V1 = true
		case "disabled":
			i.Disabled = true
		case "unauthorized":
			i.Code = "AssumeRoleUnauthorizedAccess"
		default:
			ts.Fatalf("instance: unknown word %q", word)
		}
	}
	fake(ts).SetInstance(i)
}

// pod TOKEN: the pod's endpoint takes this token from now on.
func setPod(ts *testscript.TestScript, _ bool, args []string) {
	fake(ts).AddContainerRole(awsfake.ContainerRole{Role: taskRole, Path: podPath, Token: creds.Secret(args[0])})
}

// onec2: this machine's firmware is EC2's.
func setOnEC2(ts *testscript.TestScript, _ bool, _ []string) {
	ts.Check(os.WriteFile(filepath.Join(ts.Getenv("WORK"), onEC2Mark), []byte("yes"), 0o600))
}
