package profile

import "assume-role/internal/fault"

// checkInherited holds a role's call to what the session that signs it has
// from the roles before: a source identity stays the same through a chain, and
// a tag that is handed on cannot be set again.
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
// and https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html.
func (p *planner) checkInherited(call *Call) error {
	for _, before := range p.chain.Calls {
		if before.SourceIdentity != "" && call.SourceIdentity != "" && before.SourceIdentity != call.SourceIdentity {
			return fault.New(fault.InvalidValue, "source_identity is %q, and its session has %q from profile %q: AWS lets no role of a chain change it",
				call.SourceIdentity, before.SourceIdentity, before.Profile).
				In(call.Profile).At(call.Settings["source_identity"]).Fix("leave one of them out")
		}
		for _, key := range before.TransitiveTagKeys {
			if hasTag(call.Tags, key) {
				return fault.New(fault.InvalidValue, "it sets the session tag %q, which profile %q hands on to it: AWS lets no role of a chain set it again", key, before.Profile).
					In(call.Profile).At(call.Settings["session_tags"]).Fix("leave the tag out, or take it out of transitive_session_tags")
			}
		}
	}
	return nil
}
