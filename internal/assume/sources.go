package assume

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"assume-role/internal/creds"
	"assume-role/internal/profile"
)

// source is where the first credentials of a chain come from.
type source struct {
	kind profile.Kind
	// check refuses what cannot work, before anything is read or called.
	check func(profile.Source) error
	// identity is what tells the source's credentials from others, found
	// without reading a secret from a store.
	identity func(profile.Source) map[string]any
	// credentials reads them.
	credentials func(context.Context, *walk) (creds.Credentials, error)
}

// sources are the kinds of sources, in the order in which one profile's win.
func sources() []source {
	return []source{
		static(),
		keyring(),
		environment(),
		unsupported(profile.WebIdentity),
		unsupported(profile.SAML),
		unsupported(profile.SSO),
		unsupported(profile.Login),
		unsupported(profile.Process),
		unsupported(profile.Container),
		unsupported(profile.EC2),
	}
}

func sourceOf(kind profile.Kind) source {
	for _, s := range sources() {
		if s.kind == kind {
			return s
		}
	}
	return unsupported(kind)
}

// keysIdentity tells key pairs apart. The secret takes part, so that a
// corrected secret is not mistaken for the wrong one; it is 40 random
// characters, which a hash does not give away.
func keysIdentity(s profile.Source) map[string]any {
	sum := sha256.New()
	sum.Write([]byte(s.Keys.SecretAccessKey.Reveal() + "\x00" + s.Keys.SessionToken.Reveal()))
	return map[string]any{"access_key_id": s.Keys.AccessKeyID, "secret": hex.EncodeToString(sum.Sum(nil))}
}
