package assume

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"assume-role/internal/cache"
	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

// source is where the first credentials of a chain come from.
type source struct {
	kind profile.Kind
	// identity is what tells the source's credentials from others, found
	// without reading a secret from a store.
	identity func(*walk) map[string]any
	// credentials reads them.
	credentials func(context.Context, *walk) (creds.Credentials, error)
	// session makes them, in place of credentials, where the source is itself
	// a call to AWS that makes a session.
	session func(context.Context, *walk) (cache.Entry, error)
	// kept says that reading them costs enough to keep them in the cache.
	kept bool
}

// sources are the kinds of sources. Which one a profile has is decided where
// the profile is resolved.
func sources() []source {
	return []source{
		static(),
		keyring(),
		environment(),
		webIdentity(),
		saml(),
		singleSignOn(),
		loginSession(),
		process(),
		container(),
		instance(),
	}
}

// sourceOf returns the source that a chain begins with.
func sourceOf(s profile.Source) (source, error) {
	all := sources()
	i := slices.IndexFunc(all, func(known source) bool { return known.kind == s.Kind })
	if i < 0 {
		return source{}, fault.New("", "this build does not read credentials of the kind %s", s.Kind).In(s.Profile).At(s.Origin).
			Fix("use another source, such as credential_process")
	}
	return all[i], nil
}

// keysIdentity tells key pairs apart. The secret takes part, so that a
// corrected secret is not mistaken for the wrong one; it is 40 random
// characters, which a hash does not give away.
func keysIdentity(w *walk) map[string]any {
	keys := w.chain.Source.Keys
	return map[string]any{"access_key_id": keys.AccessKeyID, "secret": cacheText(keys.SecretAccessKey.Reveal() + "\x00" + keys.SessionToken.Reveal())}
}

// cacheText stands in a cache key for a text that should not be there itself.
func cacheText(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
