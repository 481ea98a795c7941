package assume

import "assume-role/internal/profile"

// renew is the next step for whoever has to get new credentials from a source.
func renew(s *profile.Source) string {
	switch s.Kind {
	case profile.Static:
		return "put new ones into the profile " + s.Profile
	case profile.Keyring:
		return "store them with: assume-role add " + s.Profile
	case profile.Environment:
		return "set the variables anew"
	case profile.Process:
		return "see what credential_process prints when it is run by hand"
	case profile.SSO:
		return "sign in with: " + profile.SSOLoginCommand(s.Profile)
	case profile.Login:
		return "sign in with: " + profile.LoginCommand(s.Profile)
	}
	return "try again, which asks the source anew"
}
