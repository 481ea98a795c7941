package assume

import (
	"assume-role/internal/profile"
)

// shape is everything that decides what a call returns, so that a changed
// setting never meets an old session. The profile's name is not among it:
// profiles that ask for the same share one session. Nor is the region, since
// every partition's sessions are good in all of its regions (the exception,
// the global endpoint, is told apart by Legacy).
func shape(call *profile.Call, sessionName string, sts profile.Endpoint, before string) map[string]any {
	if call.SessionName != "" {
		sessionName = call.SessionName
	}
	m := map[string]any{
		"kind":      call.Kind,
		"before":    before,
		"seconds":   int64(call.Duration.Seconds()),
		"partition": sts.Partition,
		"endpoint":  sts.URL,
		"fips":      sts.FIPS,
		"dualstack": sts.DualStack,
		"legacy":    sts.Legacy,
	}
	switch call.Kind {
	case profile.AssumeRole:
		m["role"] = call.RoleARN
		m["name"] = sessionName
		m["external_id"] = call.ExternalID
		m["source_identity"] = call.SourceIdentity
		m["transitive"] = call.TransitiveTagKeys
	case profile.WebIdentity:
		m["role"] = call.RoleARN
		m["name"] = sessionName
	case profile.FederationToken:
		m["name"] = call.FederatedName
	}
	if call.Kind != profile.SessionToken {
		m["tags"] = tagPairs(call.Tags)
		m["policy"] = call.Policy
		m["policy_arns"] = call.PolicyARNs
	}
	if call.DurationGiven && call.Duration > profile.LongestChained {
		m["given"] = true // never answered by a session that was held to an hour
	}
	if call.Device != nil {
		m["device"] = call.Device.Serial
	}
	return m
}

func tagPairs(tags []profile.Tag) [][2]string {
	var pairs [][2]string
	for _, t := range tags {
		pairs = append(pairs, [2]string{t.Key, t.Value})
	}
	return pairs
}
