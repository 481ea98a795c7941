package awsfake

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
