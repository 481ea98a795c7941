package profile

import (
	"cmp"
	"encoding/json"
	"strings"
	"time"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
)

// startJSON takes --from-json as the source: the credentials themselves, or
// what a role is assumed from that is given by its ARN.
func (w *walker) startJSON() error {
	flag, name := w.flag("--from-json", w.req.FromJSON.Name), w.req.Profile
	switch {
	case w.req.SourceProfile != "":
		return flag.invalid("stands beside --source-profile").Fix("leave one of the two out")
	case name != "" && !isARN(name):
		return flag.invalid("stands in place of a profile, and %q is one", name).Fix("leave the profile out, or give a role's ARN in its place")
	case name != "":
		if err := w.addARN(given{Value: Value{Text: name}, name: "the profile"}); err != nil {
			return err
		}
	}
	flag.Origin = fault.Origin{File: flag.Text, Path: flag.Text}
	source, err := w.readJSON(flag)
	if err != nil {
		return err
	}
	if strings.Contains(source.Keys.ARN, ":federated-user/") && len(w.roles) > 0 {
		return flag.invalid("holds a federated user's session, which cannot assume a role").Fix("start from the user's keys, or from a role's session")
	}
	w.source = source
	return nil
}

// readJSON reads what AWS's tools print. Credentials that have expired can be
// shown and not used.
func (r *resolver) readJSON(flag given) (*Source, error) {
	keys, err := parseJSON(flag, r.req.FromJSON.Text)
	if err != nil {
		return nil, err
	}
	s := &Source{Kind: Static, Origin: flag.Origin, Keys: keys, Settings: map[string]Value{"from_json": flag.Value}}
	if end := keys.Expiration; r.req.Now != nil && !end.IsZero() && !end.After(r.req.Now()) {
		s.Unavailable = flag.invalid("holds credentials that expired at %s", keys.ExpirationText()).
			Fix("get new ones: AWS cannot extend a session")
	}
	return s, nil
}

// jsonKeys are credentials as STS, credential_process and the AWS CLI's cache
// spell them.
type jsonKeys struct {
	AccessKeyID     string `json:"AccessKeyId"`
	SecretAccessKey string
	SessionToken    string
	Expiration      string
	AccountID       string `json:"AccountId"`
}

// jsonVariables are credentials as `export --format json` spells them.
type jsonVariables struct {
	AccessKeyID     string `json:"AWS_ACCESS_KEY_ID"`
	SecretAccessKey string `json:"AWS_SECRET_ACCESS_KEY"`
	SessionToken    string `json:"AWS_SESSION_TOKEN"`
	Expiration      string `json:"AWS_CREDENTIAL_EXPIRATION"`
	AccountID       string `json:"AWS_ACCOUNT_ID"`
}

// jsonAnswer is any of the shapes that are understood: what a call of STS
// prints, what a credential_process prints, and an object of variables. See
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html and
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html.
type jsonAnswer struct {
	Credentials     *jsonKeys
	AssumedRoleUser struct{ Arn string }
	FederatedUser   struct{ Arn string }
	Version         *int
	jsonKeys
	jsonVariables
}

// parseJSON reads the text strictly. Its errors quote nothing of it.
func parseJSON(flag given, text creds.Secret) (creds.Credentials, error) {
	var a jsonAnswer
	data := []byte(plainText(text.Reveal()))
	if !json.Valid(data) {
		return creds.Credentials{}, flag.invalid("is not JSON").Fix("give what aws sts assume-role prints (with --output json)")
	}
	const fix = "give what aws sts assume-role or a credential_process prints"
	if err := json.Unmarshal(data, &a); err != nil {
		return creds.Credentials{}, flag.invalid("is not of a shape that holds credentials").Fix(fix)
	}
	if a.Version != nil && *a.Version != 1 {
		return creds.Credentials{}, flag.invalid("is of Version %d", *a.Version).Fix("AWS defines Version 1")
	}
	keys, ofSTS := a.keys()
	if keys == (jsonKeys{}) {
		return creds.Credentials{}, flag.invalid("holds no credentials").Fix(fix)
	}
	return keys.credentials(flag, ofSTS, cmp.Or(a.AssumedRoleUser.Arn, a.FederatedUser.Arn))
}

// keys are those of the shape that the answer has, and whether that is STS's,
// which always has all of them.
func (a *jsonAnswer) keys() (keys jsonKeys, ofSTS bool) {
	if a.Credentials != nil {
		return *a.Credentials, true
	}
	if a.jsonKeys != (jsonKeys{}) {
		return a.jsonKeys, false
	}
	return jsonKeys(a.jsonVariables), false
}

// credentials checks the keys.
func (k jsonKeys) credentials(flag given, ofSTS bool, arn string) (creds.Credentials, error) {
	c := creds.Credentials{
		AccessKeyID: k.AccessKeyID, SecretAccessKey: creds.Secret(k.SecretAccessKey), SessionToken: creds.Secret(k.SessionToken),
		ARN: arn, AccountID: cmp.Or(AccountOf(arn), k.AccountID),
	}
	var err error
	if c.Expiration, err = parseExpiration(flag, k.Expiration); err != nil {
		return c, err
	}
	switch missing := k.missing(ofSTS); {
	case missing != "":
		return c, flag.wrong(fault.PartialCredentials, "holds credentials without %s", missing).Fix("give all of what AWS printed")
	case !printable(k.AccessKeyID + k.SecretAccessKey + k.SessionToken):
		return c, flag.invalid("holds characters that no credentials have").Fix("give what AWS printed, unchanged")
	case c.AccountID != "" && !isAccount(c.AccountID):
		return c, flag.invalid("holds an account id that is none").Fix("write its 12 digits")
	}
	return c, nil
}

// missing names what credentials cannot do without. Those that AWS calls
// temporary (ASIA…) need their token
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html).
func (k jsonKeys) missing(ofSTS bool) string {
	switch temporary := ofSTS || strings.HasPrefix(k.AccessKeyID, "ASIA"); {
	case k.AccessKeyID == "":
		return "AccessKeyId"
	case k.SecretAccessKey == "":
		return "SecretAccessKey"
	case temporary && k.SessionToken == "":
		return "SessionToken"
	case ofSTS && k.Expiration == "":
		return "Expiration"
	}
	return ""
}

// parseExpiration reads a time, if there is one.
func parseExpiration(flag given, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	at, err := creds.ParseTime(text)
	if err != nil {
		return at, flag.invalid("holds an Expiration that is no time").Fix("write it like 2026-01-02T03:04:05Z")
	}
	return at, nil
}

func printable(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' })
}
