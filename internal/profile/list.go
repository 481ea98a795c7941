package profile

// masked stands for a secret in what Settings returns.
const masked = "***"

// Settings returns the merged profile as the AWS rules read it, for JSON:
// each value a string, a block of sub-properties an object of strings. The
// secret key and the session token are shown as three stars.
func (p *Profile) Settings() map[string]any {
	shown := make(map[string]any, len(p.settings))
	for key, s := range p.settings {
		shown[key] = s.show(key)
	}
	return shown
}

func (s setting) show(key string) any {
	if s.Text != "" && isSecret(key) {
		return masked
	}
	block := s.sub()
	if block == nil {
		return s.Text
	}
	object := make(map[string]string, len(block))
	for name, v := range block {
		object[name] = v.Text
	}
	return object
}

func isSecret(key string) bool {
	return key == keySecretAccessKey || key == keySessionToken || key == keySecurityToken
}
