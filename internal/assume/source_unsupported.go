package assume

import (
	"context"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

// unsupported has the place of a source that this build does not know. It
// never gives credentials, and says where it was asked for.
func unsupported(kind profile.Kind) source {
	return source{
		kind:     kind,
		check:    refusal,
		identity: func(*walk) map[string]any { return map[string]any{"kind": kind} },
		credentials: func(_ context.Context, w *walk) (creds.Credentials, error) {
			return creds.Credentials{}, refusal(w.chain.Source)
		},
	}
}

func refusal(s profile.Source) error {
	return fault.New("", "this build does not read credentials of the kind %s", s.Kind).In(s.Profile).At(s.Origin).
		Fix("use another source, such as credential_process")
}
