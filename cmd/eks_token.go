package cmd

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"assume-role/internal/fault"
	"assume-role/internal/request"
)

type eksTokenOptions struct {
	credentials credentialFlags
	cluster     string
	profile     string
}

func newEKSToken(a *app) *cobra.Command {
	opts := &eksTokenOptions{}
	c := &cobra.Command{
		Use:   "eks-token CLUSTER [PROFILE]",
		Short: "Print a token for an EKS cluster, as kubectl wants it",
		Long: `Print the ExecCredential by which kubectl and every other client of Kubernetes
signs in to an EKS cluster as PROFILE, in place of aws eks get-token. CLUSTER is
the cluster's name; for a local cluster on Outposts, its id. --region is the
cluster's region. With a session in the cache nothing is called.`,
		Example: `  assume-role eks-token blue prod --region eu-west-1
  # in ~/.kube/config:
  users:
  - name: blue
    user:
      exec:
        apiVersion: client.authentication.k8s.io/v1
        command: assume-role
        args: [eks-token, blue, prod, --region, eu-west-1]
        interactiveMode: IfAvailable`,
		Args: clusterAndProfile,
		ValidArgsFunction: func(c *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
			if len(args) == 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return a.completeProfile(c, args[1:], word)
		},
		RunE: func(c *cobra.Command, args []string) error {
			opts.cluster, opts.profile = args[0], firstOf(args[1:]...)
			return a.runEKSToken(c.Context(), opts)
		},
	}
	opts.credentials.register(a, c)
	return c
}

func clusterAndProfile(_ *cobra.Command, args []string) error {
	switch len(args) {
	case 0:
		return usage("a CLUSTER is needed")
	case 1, 2:
		return noneBlank(args)
	}
	return usage("one CLUSTER and one PROFILE, not %d words", len(args))
}

func (a *app) runEKSToken(ctx context.Context, opts *eksTokenOptions) error {
	if err := checkCluster(opts.cluster); err != nil {
		return err
	}
	info, err := a.kubernetesExecInfo()
	if err != nil {
		return err
	}
	if info.mustNotAsk() {
		a.terminal.giveUp()
	}
	s, err := a.session(ctx, opts.profile, &opts.credentials, ttlForSDKs)
	if err != nil {
		return err
	}
	if err := a.confirmed(ctx, s, "the cluster", opts.cluster); err != nil {
		return err
	}
	endpoint := s.chain.STS
	if region := info.region(); region != "" && opts.credentials.region == "" {
		endpoint.Region = region
	}
	if bad := endpoint.CheckFIPS(); bad != nil {
		return bad.In(s.chain.Profile)
	}
	now := a.host.Now()
	signer := request.Signer{Scope: request.Scope{Service: "sts", Region: endpoint.Region}, Credentials: s.credentials, Now: func() time.Time { return now }}
	token, err := signer.ClusterToken(ctx, endpoint.STSAddress(), opts.cluster)
	if err != nil {
		return err
	}
	return a.printJSON(newExecCredential(info.APIVersion, token, tokenEnd(now, s.credentials.Expiration)))
}

// tokenEnd is when a client must ask for another token: the session's end, if
// that comes first.
func tokenEnd(now, session time.Time) time.Time {
	end := now.Add(request.ClusterTokenLife)
	if !session.IsZero() && session.Before(end) {
		return session
	}
	return end
}

// checkCluster holds a name to EKS's own rule
// (https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html).
func checkCluster(name string) error {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	if len(name) > 100 || strings.Trim(name, letters+"-_") != "" || strings.IndexByte("-_", name[0]) >= 0 {
		return fault.New(fault.InvalidValue, "%q is not the name of an EKS cluster", name).Fix("give letters, digits, - and _, 100 at most: eks-token CLUSTER [PROFILE]")
	}
	return nil
}
