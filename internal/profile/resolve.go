package profile

import (
	"slices"
	"strings"

	"assume-role/internal/fault"
)

// Resolve makes the complete plan for one profile: where its first
// credentials come from and which STS calls turn them into the profile's. It
// reads files and variables only, and it is final: whatever it finds wrong,
// from a loop of profiles to a session name that STS would refuse, is an
// error here, with the line to look at, before anything is called.
//
// Chains follow the test cases that AWS's SDKs share (assume-role-tests.json
// of the Rust SDK): role_arn needs exactly one of source_profile and
// credential_source; from the second profile on, static keys end the chain.
// See https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html.
//
// The errors are *fault.Error with one of the codes of that package.
func Resolve(cfg *Config, req Request) (*Chain, error) {
	r := newResolver(cfg, req)
	chain, way, err := r.plan()
	if err != nil {
		return nil, err
	}
	r.noteMisspelt(way)
	r.noteChoice()
	chain.Notes = r.notes
	return chain, nil
}

// plan makes the chain, and finds everything that can be wrong with it.
func (r *resolver) plan() (*Chain, *route, error) {
	way, err := r.walk()
	if err != nil {
		return nil, nil, err
	}
	if err := r.checkResolving(way); err != nil {
		return nil, nil, err
	}
	chain := &Chain{Profile: r.req.Profile, Source: way.source, Settings: map[string]fault.Origin{}}
	for _, fill := range []func(*Chain, *route) error{r.addEndpoint, r.addServices, r.addFurther, r.addCalls, r.checkFIPS, r.addGuards, r.addChild} {
		if err := fill(chain, way); err != nil {
			return nil, nil, err
		}
	}
	return chain, way, nil
}

// resolver answers one Request.
type resolver struct {
	cfg *Config
	req Request
	// outer names the variables that the session around this run has set:
	// they are that session's, not the caller's.
	outer []string
	notes []string
}

func newResolver(cfg *Config, req Request) *resolver {
	if req.Env == nil {
		req.Env = func(string) string { return "" }
	}
	r := &resolver{cfg: cfg, req: req}
	if set := req.Env("ASSUME_ROLE_SET"); set != "" {
		r.outer = strings.Split(set, ",")
	}
	r.placeTokensRole()
	return r
}

// env reads a variable; blank ones count as unset, as in the SDKs.
func (r *resolver) env(name string) given {
	text := r.req.Env(name)
	if strings.TrimSpace(text) == "" {
		text = ""
	}
	return given{Value: Value{Text: text}, name: name, profile: r.req.Profile}
}

// callersEnv reads a variable that the caller set: not one that the session
// around this run left there for its own profile.
func (r *resolver) callersEnv(name string) given {
	if slices.Contains(r.outer, name) {
		return given{name: name}
	}
	return r.env(name)
}

// absolute completes a path; "" stays "".
func (r *resolver) absolute(path string) string {
	if path == "" || r.req.Absolute == nil {
		return path
	}
	return r.req.Absolute(path)
}

// flag wraps what a flag said.
func (r *resolver) flag(name, text string) given {
	return given{Value: Value{Text: text}, name: name, profile: r.req.Profile}
}

func (r *resolver) note(profile, text string) {
	if profile != "" {
		text = fault.New("", "%s", text).In(profile).Error()
	}
	r.notes = append(r.notes, text)
}

// member looks a profile up. One that has only a stored key has no section.
func (r *resolver) member(name string) (member, error) {
	if _, stored := r.stored(name); stored && !r.cfg.Has(name) {
		return member{name: name}, nil
	}
	section, err := r.cfg.Profile(name)
	return member{name: name, section: section}, err
}

// stored returns the id of the key that the key store has for a profile.
func (r *resolver) stored(name string) (accessKeyID string, ok bool) {
	if r.req.StoredKey == nil {
		return "", false
	}
	return r.req.StoredKey(name)
}

// exists reports whether a name is a profile: a section or a stored key.
func (r *resolver) exists(name string) bool {
	_, stored := r.stored(name)
	return stored || r.cfg.Has(name)
}

// askedFor is the profile whose settings shape the whole chain (region,
// endpoint, what a child gets). Where a role's ARN was asked for, that is the
// profile which supplies its credentials.
func (r *resolver) askedFor() (member, error) {
	name := r.req.Profile
	if isARN(name) {
		name = r.supplier()
	}
	if name == "" && r.cfg.Has(defaultProfile) {
		name = defaultProfile // the SDKs take its settings where no profile is named
	}
	if name == "" {
		return member{}, nil
	}
	return r.member(name)
}

// supplier names the profile that a role's ARN is assumed from; "" stands for
// the environment, a token or a JSON document.
func (r *resolver) supplier() string {
	if r.req.WebIdentity != "" || r.req.FromJSON != nil {
		return ""
	}
	if r.req.SourceProfile == "" && r.defaultComes() {
		return defaultProfile
	}
	return r.req.SourceProfile
}

// defaultComes decides between the profile default and the environment where
// nobody named either: default, unless it only has settings (a region) and the
// environment has the credentials, as a job in CI often has it.
func (r *resolver) defaultComes() bool {
	if !r.exists(defaultProfile) {
		return false
	}
	if _, stored := r.stored(defaultProfile); stored {
		return true
	}
	if p, err := r.cfg.Profile(defaultProfile); err != nil || p.attempts() {
		return true
	}
	_, offered := r.firstOffer() // last, as it may look at this machine's firmware
	return !offered
}
