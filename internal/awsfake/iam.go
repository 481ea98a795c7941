package awsfake

import (
	"fmt"
	"strings"
	"time"
)

const iamVersion = "2010-05-08"

// iam is AWS Identity and Access Management
// (https://docs.aws.amazon.com/IAM/latest/APIReference/). By default every user
// and role may do everything in its own account; see authorize for what denies.
type iam struct {
	world   *world
	actions []iamAction
}

// iamAction is one operation.
type iamAction struct {
	name string
	// do returns the members of the result, nil for none, or an *apiError.
	do func(*iamCall) (any, error)
}

func iamActions() []iamAction {
	return []iamAction{
		{"CreateAccessKey", (*iamCall).createAccessKey},
		{"DeleteAccessKey", (*iamCall).deleteAccessKey},
		{"DeleteRolePolicy", onEntity(aRole, (*iamCall).deletePolicy)},
		{"DeleteUserPolicy", onEntity(aUser, (*iamCall).deletePolicy)},
		{"GetAccessKeyLastUsed", (*iamCall).getAccessKeyLastUsed},
		{"GetRole", (*iamCall).getRole},
		{"GetRolePolicy", onEntity(aRole, (*iamCall).getPolicy)},
		{"GetUser", (*iamCall).getUser},
		{"GetUserPolicy", onEntity(aUser, (*iamCall).getPolicy)},
		{"ListAccessKeys", (*iamCall).listAccessKeys},
		{"ListMFADevices", (*iamCall).listMFADevices},
		{"ListRolePolicies", onEntity(aRole, (*iamCall).listPolicies)},
		{"ListUserPolicies", onEntity(aUser, (*iamCall).listPolicies)},
		{"PutRolePolicy", onEntity(aRole, (*iamCall).putPolicy)},
		{"PutUserPolicy", onEntity(aUser, (*iamCall).putPolicy)},
		{"UpdateAccessKey", (*iamCall).updateAccessKey},
	}
}

// iamCall is one call while it is being done, under the world's lock.
type iamCall struct {
	*world
	*params
	action string
	caller *principal
	now    time.Time
	// deny is a fault: refuse the caller, whoever it is.
	deny bool
	// misnamed is a name with characters that names do not have.
	misnamed error
}

func newIAM(w *world) *iam { return &iam{world: w, actions: iamActions()} }

// action claims every query call of IAM's API version.
func (s *iam) action(r *request) (string, bool) {
	return r.form.Get("Action"), r.form.Get("Version") == iamVersion
}

func (s *iam) answer(r *request, name string) answer {
	s.world.mu.Lock()
	defer s.world.mu.Unlock()
	caller, result, err := s.do(r, name)
	return iamAPI().answer(name, caller, result, err)
}

// do finds out who calls, and does what is asked. The caller is never nil.
func (s *iam) do(r *request, name string) (*principal, any, error) {
	for _, action := range s.actions {
		if action.name != name {
			continue
		}
		caller, err := s.caller(r)
		if err != nil {
			return &principal{}, nil, err
		}
		call := &iamCall{
			world: s.world, params: &params{form: r.form}, action: name,
			caller: caller, now: s.world.clock.now(), deny: r.deny,
		}
		result, err := action.do(call)
		return caller, result, err
	}
	return &principal{}, nil, iamAPI().invalidAction(name)
}

// caller finds out who signed a request, if such credentials can call IAM.
func (s *iam) caller(r *request) (*principal, error) {
	caller, err := s.world.authenticate(r, "iam")
	if err != nil {
		return nil, err
	}
	if err := s.checkRegion(r); err != nil {
		return nil, err
	}
	if !caller.knownToIAM() {
		return nil, invalidToken()
	}
	return caller, nil
}

// knownToIAM reports whether IAM takes a principal's credentials at all: those
// of GetFederationToken it does not, those of GetSessionToken only with MFA
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_getsessiontoken.html).
func (p *principal) knownToIAM() bool {
	switch p.kind {
	case federatedUser:
		return false
	case userSession, rootSession:
		return p.mfa || p.console
	}
	return true
}

// checkRegion holds the signature to the one region that IAM has in a
// partition (https://docs.aws.amazon.com/general/latest/gr/iam-service.html).
// Where the endpoint is not AWS's, the client cannot know it: any region will
// do.
func (s *iam) checkRegion(r *request) error {
	sig, err := parseSignature(r)
	if err != nil {
		return err
	}
	own := map[string]string{"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}[s.world.partition]
	if sig.region == "" || strings.Contains(r.Host, ".amazonaws.") && sig.region != own {
		return mismatch("Credential should be scoped to a valid region. ")
	}
	return nil
}

// err is what is wrong with the parameters, or nil.
func (c *iamCall) err() error {
	if err := c.params.err(); err != nil {
		return err
	}
	return c.misnamed
}

// name reads a name, which IAM finds fault with in words of its own.
func (c *iamCall) name(parameter string, longest int, required bool) string {
	before := len(c.broken)
	value := c.text(parameter, limit{required: required, min: 1, max: longest})
	if len(c.broken) == before && strings.ContainsFunc(value, notInNames) && c.misnamed == nil {
		c.misnamed = validationError("The specified value for %s is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-",
			strings.ToLower(parameter[:1])+parameter[1:])
	}
	return value
}

func notInNames(r rune) bool {
	return !strings.ContainsRune("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+=,.@_-", r)
}

// allowed refuses what the caller may not do to a role, user or key; shown is
// what AWS calls it.
func (c *iamCall) allowed(arn, shown string) error {
	ask := permission{action: "iam:" + c.action, resource: arn, shown: shown}
	if c.deny {
		return ask.explicitly(c.caller)
	}
	return c.authorize(c.caller, ask)
}

func noSuch(format string, args ...any) error {
	return &apiError{404, "NoSuchEntity", fmt.Sprintf(format, args...)}
}
