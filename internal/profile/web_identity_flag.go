package profile

import "strings"

// placeTokensRole lets --role-arn, or else the variable that goes with tokens,
// name the role of --web-identity where no profile does.
func (r *resolver) placeTokensRole() {
	role := firstSet(r.flag("--role-arn", r.req.RoleARN), r.roleVariable())
	if r.req.WebIdentity != "" && r.req.Profile == "" && isARN(role.Text) {
		r.req.Profile, r.req.RoleARN = role.Text, ""
	}
}

// startWebIdentity takes --web-identity as the source: a token for a role that
// is given by its ARN, and no profile.
func (w *walker) startWebIdentity() error {
	flag, role := w.flag("--web-identity", w.req.WebIdentity), w.req.Profile
	switch {
	case w.req.SourceProfile != "":
		return flag.invalid("stands beside --source-profile").Fix("leave one of the two out: the role is assumed with the token, or with the profile's credentials")
	case w.req.FromJSON != nil:
		return flag.invalid("stands beside --from-json").Fix("leave one of the two out: the role is assumed with the token, or with the credentials in the JSON")
	case role == "":
		return flag.invalid("needs a role's ARN").Fix("give it in place of PROFILE, or with --role-arn")
	case !isARN(role):
		return flag.invalid("goes with a role's ARN, and %q is a profile", role).
			Fix("give the ARN in its place, or set web_identity_token_file, web_identity_token_env or web_identity_token_source in the profile")
	}
	arn := given{Value: Value{Text: role}, name: "the profile"}
	if err := checkRoleARN(arn); err != nil {
		return err
	}
	token, err := tokenOfFlag(flag)
	if err != nil {
		return err
	}
	token = w.completed(token)
	w.base = member{name: role}
	w.source = &Source{Kind: WebIdentity, Profile: role, Settings: asSettings(token), Role: tokenRole(role, arn)}
	return nil
}

// tokenOfFlag is the setting that the flag stands for. A file of the name
// github is ./github.
func tokenOfFlag(flag given) (given, error) {
	setting := flag
	name, variable := strings.CutPrefix(flag.Text, "env:")
	switch {
	case variable && name == "":
		return given{}, flag.invalid("names no variable").Fix("write env:NAME")
	case variable:
		setting.name, setting.Text, flag.Text = "web_identity_token_env", name, name
		return setting, checkName(flag, 1, longestVariable, "")
	case flag.Text == "github":
		setting.name = "web_identity_token_source"
	default:
		setting.name = "web_identity_token_file"
	}
	return setting, nil
}
