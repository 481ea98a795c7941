package assume

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

// rolePair settles which role is assumed through which provider: the
// profile's, else the only one that the assertion offers, else the one that a
// person chooses.
func (w *walk) rolePair(ctx context.Context, a assertion) (profile.RolePair, error) {
	offered, s := a.pairs, w.chain.Source
	want := profile.RolePair{Role: s.Role.RoleARN, Provider: s.Settings["saml_principal_arn"].Text}
	if len(offered) == 0 {
		return want, w.offersNothing(want, a.flaw)
	}
	fitting := slices.DeleteFunc(slices.Clone(offered), func(p profile.RolePair) bool {
		return want.Role != "" && p.Role != want.Role || want.Provider != "" && p.Provider != want.Provider
	})
	switch len(fitting) {
	case 0:
		return want, fault.New(fault.InvalidValue, "the SAML assertion is not for %s: it offers %s", named(want), listed(offered)).
			In(s.Profile).At(w.roleOrigin()).Fix("set role_arn and saml_principal_arn to a pair that it offers")
	case 1:
		return fitting[0], w.checkReach(fitting[0])
	}
	return w.choosePair(ctx, fitting)
}

// offersNothing: an assertion need not show its roles (it may be encrypted),
// so what the profile names is sent as it is, if it names both, and AWS says
// what is wrong with it.
func (w *walk) offersNothing(want profile.RolePair, flaw string) error {
	s := w.chain.Source
	switch {
	case want.Role != "" && want.Provider != "":
		return nil
	case flaw != "":
		return samlProcessFailed(s, "did not print a SAML response: "+flaw)
	}
	return fault.New("", "the SAML assertion offers no role").In(s.Profile).At(s.Origin).
		Fix("have the identity provider send the attribute %s, or set role_arn and saml_principal_arn", roleAttribute)
}

// choosePair asks a person. What they choose is kept as long as its session.
func (w *walk) choosePair(ctx context.Context, pairs []profile.RolePair) (profile.RolePair, error) {
	s := w.chain.Source
	choices := texts(pairs)
	place, err := w.Choose(ctx, fmt.Sprintf("Role for profile %q", s.Profile), choices)
	switch {
	case errors.Is(err, fault.ErrInterrupted), errors.Is(ctx.Err(), context.Canceled):
		return profile.RolePair{}, fault.ErrInterrupted
	case err != nil:
		return profile.RolePair{}, fault.New("", "the SAML assertion offers %d roles, and none is chosen: %s", len(pairs), listed(pairs)).
			In(s.Profile).At(w.roleOrigin()).Fix("set role_arn to one of them (and saml_principal_arn where it is offered through several providers)").Because(err)
	}
	w.Debug("%s was chosen: it stands for profile %q until its session ends or --refresh asks again", choices[place], s.Profile)
	return pairs[place], w.checkReach(pairs[place])
}

// checkReach refuses a role that STS in the chain's partition does not know.
func (w *walk) checkReach(pair profile.RolePair) error {
	sts := w.chain.STS
	if sts.URL != "" || pair.Partition() == sts.Partition {
		return nil
	}
	return fault.New(fault.InvalidValue, "the SAML assertion's role %s is of the partition %s, and STS would be called in %s", pair.Role, pair.Partition(), sts.Region).
		In(w.chain.Source.Profile).At(w.roleOrigin()).Fix("set role_arn, or a region of %s", pair.Partition())
}

func (w *walk) roleOrigin() fault.Origin {
	if at, ok := w.chain.Source.Role.Settings["role_arn"]; ok {
		return at
	}
	return w.chain.Source.Origin
}

// named is what the profile asks for.
func named(want profile.RolePair) string {
	return strings.Join(slices.DeleteFunc([]string{want.Role, want.Provider}, func(s string) bool { return s == "" }), " through ")
}

// texts show pairs to a person: by the role alone, unless one is offered
// through several providers.
func texts(pairs []profile.RolePair) []string {
	roles := map[string]int{}
	for _, p := range pairs {
		roles[p.Role]++
	}
	shown := make([]string, len(pairs))
	for i, p := range pairs {
		shown[i] = p.Role
		if roles[p.Role] > 1 {
			shown[i] = named(p)
		}
	}
	return shown
}

// mostListed bounds a message: assertions with a hundred roles are common.
const mostListed = 20

func listed(pairs []profile.RolePair) string {
	shown := texts(pairs)
	if len(shown) > mostListed {
		shown = append(shown[:mostListed], fmt.Sprintf("and %d more", len(pairs)-mostListed))
	}
	return strings.Join(shown, ", ")
}
