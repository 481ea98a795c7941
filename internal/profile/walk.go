package profile

import (
	"slices"

	"assume-role/internal/fault"
)

// route is the way from a source to what was asked for.
type route struct {
	source Source
	// base is the profile that the source's settings are in; it has no name
	// where the environment is the source.
	base member
	// roles are the roles to assume, innermost first.
	roles []role
	// asked is the profile whose settings shape the whole chain.
	asked member
}

// role is one role of a route and the profile whose settings shape its call.
type role struct {
	member
	arn given
}

// baseIsRole reports whether the source's profile is also a role's: the first
// role's settings are then its own.
func (w *route) baseIsRole() bool {
	return len(w.roles) > 0 && w.roles[0].section != nil && w.roles[0].name == w.base.name
}

// walk goes from what was asked for to its source.
func (r *resolver) walk() (*route, error) {
	w := &walker{resolver: r}
	if err := w.start(); err != nil {
		return nil, err
	}
	asked, err := r.askedFor()
	if err != nil {
		return nil, err
	}
	slices.Reverse(w.roles)
	return &route{source: *w.source, base: w.base, roles: w.roles, asked: asked}, nil
}

// walker goes from profile to profile, outermost first.
type walker struct {
	*resolver
	visited []string
	roles   []role
	base    member
	source  *Source
}

func (w *walker) start() error {
	if w.req.RoleARN != "" {
		if err := w.addARN(w.flag("--role-arn", w.req.RoleARN)); err != nil {
			return err
		}
	}
	if w.req.WebIdentity != "" {
		return w.startWebIdentity()
	}
	if w.req.FromJSON != nil {
		return w.startJSON()
	}
	if w.req.SourceProfile != "" && !isARN(w.req.Profile) {
		return w.flag("--source-profile", w.req.SourceProfile).
			invalid("goes with a role's ARN, and %q is a profile", w.req.Profile).Fix("leave it out, or change source_profile in the profile")
	}
	switch name := w.req.Profile; {
	case isARN(name):
		return w.startARN(name)
	case name == "":
		return w.environment()
	}
	return w.follow(w.req.Profile)
}

func (w *walker) startARN(name string) error {
	if err := w.addARN(given{Value: Value{Text: name}, name: "the profile"}); err != nil {
		return err
	}
	w.visited = append(w.visited, name)
	supplier := w.supplier()
	if supplier == "" {
		return w.environmentFor(name)
	}
	if !w.exists(supplier) {
		return w.sourceNotFound(w.flag("--source-profile", supplier), name)
	}
	return w.follow(supplier)
}

// addARN adds a role that no profile describes.
func (w *walker) addARN(arn given) error {
	w.roles = append(w.roles, role{member: member{name: arn.Text}, arn: arn})
	return checkRoleARN(arn)
}

func (w *walker) environment() error {
	source, err := w.offered()
	w.source = source
	return err
}

// environmentFor lets the environment supply the credentials for a role, which
// may be the very one that its own token is for.
func (w *walker) environmentFor(arn string) error {
	if err := w.environment(); err != nil {
		return err
	}
	if own := w.source.Role; own != nil && own.RoleARN == arn {
		w.roles = w.roles[:len(w.roles)-1]
	}
	return nil
}

// follow walks from a profile to the source, one profile a turn. It ends
// because no profile is visited twice.
func (w *walker) follow(name string) error {
	for name != "" {
		m, err := w.member(name)
		if err != nil {
			return err
		}
		w.visited = append(w.visited, name)
		if name, err = w.step(m); err != nil {
			return err
		}
	}
	return nil
}

// step takes one profile: it returns the next one, or "" once the source is
// known.
func (w *walker) step(m member) (next string, err error) {
	switch {
	case !m.has("role_arn"):
		return "", w.end(m, w.ownSource)
	case len(w.visited) > 1 && hasKeys(m):
		w.note(m.name, "its access keys are used as the source, so its "+m.get("role_arn").where()+" is not")
		return "", w.end(m, w.readStatic)
	case m.assumesWithoutKeys():
		return "", w.end(m, w.ownSource)
	}
	return w.throughRole(m)
}

// end takes what read finds in the profile as the source.
func (w *walker) end(m member, read func(member) (*Source, error)) (err error) {
	w.base = m
	w.source, err = read(m)
	return err
}

// throughRole adds the profile's role and returns the profile that it is
// assumed from.
func (w *walker) throughRole(m member) (next string, err error) {
	arn := m.get("role_arn")
	if err := checkRoleARN(arn); err != nil {
		return "", err
	}
	w.roles = append(w.roles, role{member: m, arn: arn})
	from, credentialSource := m.get("source_profile"), m.get("credential_source")
	switch {
	case from.isSet() && credentialSource.isSet():
		return "", twoSources(from, credentialSource)
	case credentialSource.isSet():
		return "", w.bySetting(m, credentialSource)
	case from.Text == m.name:
		return "", w.end(m, w.ownSource)
	case !from.isSet():
		return "", w.storedOnly(m)
	}
	if err := w.onlySource(m, from); err != nil {
		return "", err
	}
	return from.Text, w.checkNext(from, m.name)
}

// bySetting takes the source that credential_source names.
func (w *walker) bySetting(m member, credentialSource given) error {
	if err := w.onlySource(m, credentialSource); err != nil {
		return err
	}
	return w.end(m, w.readCredentialSource)
}

// storedOnly lets a role be assumed with the key that the key store has under
// the profile's own name; nothing else serves a role without a source.
func (w *walker) storedOnly(m member) error {
	source, err := w.readStored(m)
	if err != nil {
		return err
	}
	if source == nil {
		return w.noSource(m)
	}
	w.base, w.source = m, source
	return nil
}

// noSource is the error about a role with nothing to assume it from. What
// credentials the profile itself has serve only if it says so.
func (w *walker) noSource(m member) error {
	err := m.get("role_arn").wrong(fault.NoSource, "has nothing to assume the role from")
	if _, own := w.ownSource(m); own == nil {
		return err.Fix("add source_profile = %s to assume it with the profile's own credentials", m.name)
	}
	return err.Fix("add source_profile = NAME or credential_source = Environment")
}

// maxHops is how long a chain may get. Each hop is a call, and lasts an hour at
// most: nobody has that many.
const maxHops = 64

// checkNext refuses a source_profile that leads nowhere or back.
func (w *walker) checkNext(from given, name string) error {
	if slices.Contains(w.visited, from.Text) {
		return fault.New(fault.InfiniteLoop, "source_profile goes round in a circle: %s", cycle(w.visited, from.Text)).
			In(name).At(from.Origin).Fix("remove one of its source_profile lines")
	}
	if len(w.visited) > maxHops {
		return fault.New(fault.InvalidValue, "source_profile goes through more than %d profiles", maxHops).
			In(name).At(from.Origin).Fix("assume the roles from fewer others")
	}
	if !w.exists(from.Text) {
		return w.sourceNotFound(from, name)
	}
	return nil
}

func (w *walker) sourceNotFound(from given, name string) error {
	return from.wrong(fault.SourceProfileNotFound, "names %q, which is not a profile", from.Text).
		In(name).Fix("%s", w.cfg.suggest(from.Text, "list the profiles with: assume-role list"))
}
