package awsfake

import (
	"encoding/xml"
	"errors"
	"time"
)

const (
	stsVersion = "2011-06-15"
	stsXMLNS   = "https://sts.amazonaws.com/doc/" + stsVersion + "/"
)

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
	// do returns the members of the result, or an *apiError.
	do func(*stsCall) (any, error)
}

func stsActions() []stsAction {
	return []stsAction{
		{name: "AssumeRole", do: (*stsCall).assumeRole},
		{name: "AssumeRoleWithSAML", unsigned: true, do: (*stsCall).assumeRoleWithSAML},
		{name: "AssumeRoleWithWebIdentity", unsigned: true, do: (*stsCall).assumeRoleWithWebIdentity},
		{name: "GetCallerIdentity", do: (*stsCall).getCallerIdentity},
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
	id := newRequestID()
	caller, result, err := s.do(r, name)
	if err == nil {
		a := answer{status: 200, contentType: "text/xml", requestID: id, caller: caller.arn}
		if a.body, err = resultXML(name, id, result); err == nil {
			return a
		}
	}
	refusal := &apiError{500, "InternalFailure", "The request processing has failed because of an unknown error, exception or failure."}
	errors.As(err, &refusal)
	a := queryError(refusal, id)
	a.caller = caller.arn
	return a
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
		call := &stsCall{world: s.world, params: &params{form: r.form}, action: name, caller: caller, now: s.world.clock.now()}
		result, err := action.do(call)
		return caller, result, err
	}
	return caller, nil, invalidAction(name)
}

// resultXML wraps a result as <XResponse><XResult>…</XResult>…</XResponse>.
func resultXML(action, requestID string, result any) ([]byte, error) {
	type metadata struct {
		RequestID string `xml:"RequestId"`
	}
	type response struct {
		XMLName  xml.Name
		Result   any
		Metadata metadata `xml:"ResponseMetadata"`
	}
	return xml.MarshalIndent(response{
		XMLName:  xml.Name{Space: stsXMLNS, Local: action + "Response"},
		Result:   named{action + "Result", result},
		Metadata: metadata{requestID},
	}, "", "  ")
}

// named gives an element a name that is only known when it is written.
type named struct {
	name  string
	value any
}

// MarshalXML implements xml.Marshaler.
func (n named) MarshalXML(e *xml.Encoder, _ xml.StartElement) error {
	return e.EncodeElement(n.value, xml.StartElement{Name: xml.Name{Local: n.name}})
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
