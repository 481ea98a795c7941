package cmd

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"time"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/request"
)

// execInfoVariable is where a client of Kubernetes says what it wants of a
// program that makes tokens
// (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#input-and-output-formats).
const execInfoVariable = "KUBERNETES_EXEC_INFO"

// execInfo is as much of that as counts here.
type execInfo struct {
	APIVersion string `json:"apiVersion"`
	Spec       struct {
		// Interactive says whether the program may ask; absent: not said.
		Interactive *bool `json:"interactive"`
		Cluster     *struct {
			Server string `json:"server"`
		} `json:"cluster"`
	} `json:"spec"`
}

const execGroup = "client.authentication.k8s.io/"

// kubernetesExecInfo reads the variable. Without it, the version is the one
// that the AWS CLI answers with.
func (a *app) kubernetesExecInfo() (execInfo, error) {
	info := execInfo{}
	text := a.host.Getenv(execInfoVariable)
	if text == "" {
		info.APIVersion = execGroup + "v1beta1"
		return info, nil
	}
	if err := json.Unmarshal([]byte(text), &info); err != nil {
		return info, fault.New(fault.InvalidValue, "%s is not an ExecCredential in JSON", execInfoVariable).Fix("unset it: kubectl sets it by itself").Because(err)
	}
	if !slices.Contains([]string{"v1", "v1beta1", "v1alpha1"}, strings.TrimPrefix(info.APIVersion, execGroup)) || !strings.HasPrefix(info.APIVersion, execGroup) {
		return info, fault.New(fault.InvalidValue, "%s asks for the version %q, which is not known here", execInfoVariable, info.APIVersion).
			Fix("write apiVersion: %sv1 under exec in the kubeconfig", execGroup)
	}
	return info, nil
}

// mustNotAsk reports whether the client keeps the terminal for itself.
func (i execInfo) mustNotAsk() bool { return i.Spec.Interactive != nil && !*i.Spec.Interactive }

// region is that of the cluster's own address, which the client tells with
// provideClusterInfo; empty where it does not.
func (i execInfo) region() string {
	if i.Spec.Cluster == nil {
		return ""
	}
	u, err := url.Parse(i.Spec.Cluster.Server)
	if err != nil {
		return ""
	}
	if scope, ok := request.ScopeOf(u.Hostname()); ok && scope.Service == "eks" {
		return scope.Region
	}
	return ""
}

// execCredential is the answer.
type execCredential struct {
	Kind       string         `json:"kind"`
	APIVersion string         `json:"apiVersion"`
	Spec       struct{}       `json:"spec"`
	Status     execCredStatus `json:"status"`
}

type execCredStatus struct {
	ExpirationTimestamp string `json:"expirationTimestamp"`
	Token               string `json:"token"`
}

func newExecCredential(version string, token creds.Secret, ends time.Time) execCredential {
	return execCredential{
		Kind: "ExecCredential", APIVersion: version,
		Status: execCredStatus{ends.UTC().Truncate(time.Second).Format(time.RFC3339), token.Reveal()},
	}
}
