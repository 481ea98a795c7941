package awsfake

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// policySet is the inline policies of a role or user, by name.
type policySet map[string]policyDocument

// iamState is what IAM keeps beside users, roles and keys.
type iamState struct {
	// policies are by the ARN of the role or user, as are withheld, the actions
	// that no policy allows, and mfaNeeded.
	policies  map[string]*settling[policySet]
	withheld  map[string][]string
	mfaNeeded map[string]bool
	// fido are the security keys of a user.
	fido map[string][]mfaDevice
	// propagation is how many looks a change stays unseen, pageSize the most
	// that a list answers with.
	propagation, pageSize int
}

func newIAMState() iamState {
	return iamState{
		policies: map[string]*settling[policySet]{}, withheld: map[string][]string{},
		mfaNeeded: map[string]bool{}, fido: map[string][]mfaDevice{}, pageSize: 100,
	}
}

// inline is the policies of a role or user; never nil.
func (s *iamState) inline(arn string) *settling[policySet] {
	if s.policies[arn] == nil {
		s.policies[arn] = &settling[policySet]{}
	}
	return s.policies[arn]
}

// put adds or replaces a policy, remove takes one away; that many evaluations
// still go by the policies before.
func (s *iamState) put(arn, name string, document policyDocument, looks int) {
	set := maps.Clone(s.inline(arn).now)
	if set == nil {
		set = policySet{}
	}
	set[name] = document
	s.inline(arn).change(set, looks)
}

func (s *iamState) remove(arn, name string, looks int) {
	set := maps.Clone(s.inline(arn).now)
	delete(set, name)
	s.inline(arn).change(set, looks)
}

// baseName is the last part of an ARN or a name with a path.
func baseName(name string) string { return name[strings.LastIndex(name, "/")+1:] }

// SetPropagation makes IAM's changes late, as they are at AWS: after a change to
// the inline policies of a role or user, the next looks calls made by it are
// still judged by the old ones (GetCallerIdentity, which no policy stops, does
// not count); and after a change to an access key, the next looks calls signed
// with it see it as it was: one just made is unknown, one just deactivated or
// deleted still works. IAM's own answers about policies and keys are always new.
// It holds for changes made from now on; 0, the default, is at once.
func (f *Fake) SetPropagation(looks int) {
	f.world.mu.Lock()
	defer f.world.mu.Unlock()
	f.world.iam.propagation = looks
}

// SetIAMPage makes IAM's lists answer with at most n members a page, as AWS may
// do whatever MaxItems says. Default 100.
func (f *Fake) SetIAMPage(n int) {
	f.world.mu.Lock()
	defer f.world.mu.Unlock()
	f.world.iam.pageSize = n
}

// PutPolicy puts an inline policy on a role or user, given by ARN, as if
// somebody else had; it holds at once, whatever SetPropagation says. An ARN
// that nobody has, and a policy that the fake would not enforce, panic.
func (f *Fake) PutPolicy(arn, name, document string) {
	f.world.mu.Lock()
	defer f.world.mu.Unlock()
	f.world.mustHave(arn)
	parsed, err := parsePolicy(document)
	if err != nil {
		panic("awsfake: " + err.Error())
	}
	f.world.iam.put(arn, name, parsed, 0)
}

// Policies is the inline policies of a role or user, given by ARN: the text of
// each by its name.
func (f *Fake) Policies(arn string) map[string]string {
	f.world.mu.Lock()
	defer f.world.mu.Unlock()
	f.world.mustHave(arn)
	texts := map[string]string{}
	for name, document := range f.world.iam.inline(arn).now {
		texts[name] = document.text
	}
	return texts
}

// DenyIAM takes the permission for actions ("iam:PutRolePolicy", "iam:*",
// "sts:AssumeRole") from a role or user, given by ARN: from now on no
// identity-based policy allows them. An ARN that nobody has panics.
func (f *Fake) DenyIAM(arn string, actions ...string) {
	f.world.mu.Lock()
	defer f.world.mu.Unlock()
	f.world.mustHave(arn)
	f.world.iam.withheld[arn] = append(f.world.iam.withheld[arn], actions...)
}

// RequireMFAForIAM gives a user the policy of AWS's guide that denies IAM's
// actions without MFA, but for looking at the user and its devices.
func (f *Fake) RequireMFAForIAM(user string) {
	f.world.mu.Lock()
	defer f.world.mu.Unlock()
	f.world.iam.mfaNeeded[f.world.user(user).arn] = true
}

// mustHave panics unless there is a role or user of that ARN: what a test asks
// of nobody would never happen, and the test pass.
func (w *world) mustHave(arn string) {
	if w.roles[arn] != nil {
		return
	}
	for _, u := range w.users {
		if u.arn == arn {
			return
		}
	}
	panic("awsfake: no role or user " + arn)
}

// Key is a long-lived access key as IAM lists it.
type Key struct {
	ID string
	// Status is Active or Inactive.
	Status  string
	Created time.Time
}

// Keys lists the access keys of a user, the oldest first.
func (f *Fake) Keys(user string) []Key {
	f.world.mu.Lock()
	defer f.world.mu.Unlock()
	var keys []Key
	for _, k := range f.world.keysOf(f.world.user(user).arn) {
		keys = append(keys, Key{k.id, string(k.status.now), k.created})
	}
	return keys
}

// DeleteKey takes a long-lived key away at once; sessions made with it live on.
func (f *Fake) DeleteKey(id string) {
	f.world.mu.Lock()
	defer f.world.mu.Unlock()
	if k := f.world.keys[id]; k != nil {
		k.status.change("", 0)
	}
}

// keysOf lists the long-lived keys of an ARN, the oldest first.
func (w *world) keysOf(arn string) []*accessKey {
	var keys []*accessKey
	for _, k := range w.keys {
		if k.token == "" && k.owner.arn == arn && k.status.now != "" {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(a, b *accessKey) int {
		if c := a.created.Compare(b.created); c != 0 {
			return c
		}
		return strings.Compare(a.id, b.id)
	})
	return keys
}

// AddFIDODevice gives a user one more security key and returns its ARN: a
// device without codes, with which no call can be made.
func (f *Fake) AddFIDODevice(user string) (serial string) {
	f.world.mu.Lock()
	defer f.world.mu.Unlock()
	w := f.world
	w.user(user)
	serial = "arn:" + w.partition + ":iam::" + w.account + ":u2f/user/" + user + "/key-" + randomText(16, idAlphabet)
	w.iam.fido[user] = append(w.iam.fido[user], mfaDevice{user, serial, w.clock.now()})
	return serial
}
