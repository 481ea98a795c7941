package awsfake

import "time"

const stsVersion = "2011-06-15"

// sts is the Security Token Service.
type sts struct {
	world   *world
	actions []stsAction
}

// stsAction is one operation: a file sts_NAME.go and a line in stsActions.
type stsAction struct {
	name string
	// unsigned calls carry their own proof of identity.
	unsigned bool
	// open calls are answered whatever policies say.
	open bool
	// do returns the members of the result, or an *apiError.
	do func(*stsCall) (any, error)
}

func stsActions() []stsAction {
	return []stsAction{
		{name: "AssumeRole", do: (*stsCall).assumeRole},
		{name: "AssumeRoleWithSAML", unsigned: true, do: (*stsCall).assumeRoleWithSAML},
		{name: "AssumeRoleWithWebIdentity", unsigned: true, do: (*stsCall).assumeRoleWithWebIdentity},
		{name: "GetCallerIdentity", open: true, do: (*stsCall).getCallerIdentity},
		{name: "GetFederationToken", do: (*stsCall).getFederationToken},
		{name: "GetSessionToken", do: (*stsCall).getSessionToken},
	}
}

// stsCall is one call while it is being done, under the world's lock.
type stsCall struct {
	*world
	*params
	action string
	caller *principal
	now    time.Time
}

func newSTS(w *world) *sts { return &sts{world: w, actions: stsActions()} }

// action claims every query call of STS's API version, so that a misspelt one
// gets STS's own error.
func (s *sts) action(r *request) (string, bool) {
	return r.form.Get("Action"), r.form.Get("Version") == stsVersion
}

func (s *sts) answer(r *request, name string) answer {
	s.world.mu.Lock()
	defer s.world.mu.Unlock()
	caller, result, err := s.do(r, name)
	return stsAPI().answer(name, caller, result, err)
}

// do finds out who calls, and does what is asked. The caller is never nil.
func (s *sts) do(r *request, name string) (*principal, any, error) {
	caller := &principal{}
	for _, action := range s.actions {
		if action.name != name {
			continue
		}
		if !action.unsigned || r.Header.Get("Authorization") != "" {
			signer, err := s.world.authenticate(r, "sts")
			if err != nil {
				return caller, nil, err
			}
			caller = signer
		}
		if r.deny {
			return caller, nil, accessDenied("User: %s is not authorized to perform: sts:%s with an explicit deny in an identity-based policy", caller.arn, name)
		}
		if !action.unsigned && !action.open {
			if err := s.world.authorize(caller, s.permission(r, name)); err != nil {
				return caller, nil, err
			}
		}
		call := &stsCall{world: s.world, params: &params{form: r.form}, action: name, caller: caller, now: s.world.clock.now()}
		result, err := action.do(call)
		return caller, result, err
	}
	return caller, nil, stsAPI().invalidAction(name)
}

// permission is what a caller needs for a call.
func (s *sts) permission(r *request, action string) permission {
	arn := ""
	switch action {
	case "AssumeRole":
		arn = r.form.Get("RoleArn")
	case "GetFederationToken":
		arn = "arn:" + s.world.partition + ":sts::" + s.world.account + ":federated-user/" + r.form.Get("Name")
	}
	return permission{action: "sts:" + action, resource: arn, shown: arn}
}

// credentialsXML is the Credentials member of every result that has one.
type credentialsXML struct {
	AccessKeyID     string `xml:"AccessKeyId"`
	SecretAccessKey string
	SessionToken    string
	Expiration      string
}

func newCredentialsXML(k *accessKey) credentialsXML {
	return credentialsXML{
		AccessKeyID: k.id, SecretAccessKey: k.secret, SessionToken: k.token,
		Expiration: k.expires.Format(time.RFC3339),
	}
}
