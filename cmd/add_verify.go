package cmd

import (
	"context"
	"errors"
	"strings"

	"assume-role/internal/cache"
	"assume-role/internal/fault"
	"assume-role/internal/iam"
)

// verify asks AWS whose key it is, where the profile's endpoint and region say.
// What the answer cannot prove is not stored.
func (n *addition) verify(ctx context.Context) error {
	chain, err := n.chainOfStored(n.profile, n.key.AccessKeyID, iam.Service)
	if err != nil {
		return unverified(err)
	}
	settings, err := n.settings()
	if err != nil {
		return err
	}
	assumer, err := n.assumer(ctx, chain, &credentialFlags{noCache: true}, settings, cache.Policy{})
	if err != nil {
		return err
	}
	who, err := assumer.Identity(ctx, n.profile, chain.STS, n.key)
	if err != nil {
		return unverified(err)
	}
	if strings.HasSuffix(who.ARN, ":root") {
		return refusedRoot(n.profile, who.Account)
	}
	n.key.AccountID = who.Account
	n.caller = &caller{chain: chain, assumer: assumer, credentials: n.key, identity: who}
	return nil
}

// unverified adds to the reason why a key could not be checked how to do
// without.
func unverified(err error) error {
	var told *fault.Error
	if !errors.As(err, &told) {
		return err
	}
	hint := "nothing was stored: --no-verify stores the key unchecked"
	if told.Hint != "" {
		hint = told.Hint + "; " + hint
	}
	return told.Fix("%s", hint)
}

// refusedRoot: no session can be made of root's keys that anything could limit
// or end, and the keys themselves may do everything
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/root-user-best-practices.html).
func refusedRoot(name, account string) error {
	return fault.New("", "the key is that of the root user of account %s, which nothing can limit; this tool makes no sessions of it", account).In(name).
		Fix("make an IAM user or use IAM Identity Center, and delete root's access keys; --no-verify stores this one all the same")
}
