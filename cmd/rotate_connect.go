package cmd

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"assume-role/internal/assume"
	"assume-role/internal/cache"
	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/iam"
	"assume-role/internal/iamkeys"
	"assume-role/internal/profile"
	"assume-role/internal/revoke"
	"assume-role/internal/securefile"
	"assume-role/internal/waiting"
)

// rotating is one run of rotate.
type rotating struct {
	*app
	*rotateOptions
	settings Settings
}

// rotate replaces one stored key.
func (r *rotating) rotate(ctx context.Context, name string) (rotated, error) {
	chain, err := corrected(ctx, r.app, func() (*profile.Chain, error) { return r.chainOfKey(name) })
	if err != nil {
		return rotated{}, err
	}
	if r.dryRun {
		return r.rehearse(chain)
	}
	before, _ := r.loadKey(ctx, chain.Source.Profile) // connect says what is wrong with it
	lock, waited, err := r.lockRotations(ctx)
	if err != nil {
		return rotated{}, err
	}
	defer lock.Release()
	if waited {
		if done, ok := r.rotatedMeanwhile(ctx, chain.Source.Profile, before.AccessKeyID); ok {
			return done, nil
		}
	}
	if err := r.recoverKey(ctx, chain.Source.Profile); err != nil {
		return rotated{}, err
	}
	rotation, err := r.connectAnyhow(ctx, name)
	if err != nil {
		return rotated{}, err
	}
	result, err := rotation.Run(ctx)
	if err != nil {
		return rotated{}, err
	}
	return rotated{
		Profile: rotation.Profile, Profiles: result.Profiles, UserARN: rotation.Identity.ARN,
		Old: result.Old, New: result.New, Fate: result.Fate, Resumed: result.Resumed,
	}, nil
}

// chainOfKey plans the chain of a profile that begins with a stored key, and
// refuses the others.
func (r *rotating) chainOfKey(name string) (*profile.Chain, error) {
	chain, err := r.resolveFor([]string{iam.Service}, name, "", &r.credentials, r.settings)
	if err != nil {
		return nil, err
	}
	source := chain.Source
	switch {
	case r.all && (source.Kind != profile.Keyring || source.Profile != name):
		return nil, fault.New(fault.InvalidValue, "its stored key is not used: the profile starts from %s", sourceTitle(source)).In(name).
			Fix("take the key out with `assume-role remove %s`, and delete it at IAM", name)
	case source.Kind == profile.Static:
		return nil, fault.New(fault.InvalidValue, "its key lies in plain text, and rotate replaces keys of the key store").In(name).At(source.Origin).
			Fix("move it there first: assume-role import %s", source.Profile)
	case source.Kind != profile.Keyring:
		return nil, fault.New(fault.InvalidValue, "it starts from %s, and not from a key of the key store", sourceTitle(source)).In(name).At(source.Origin).
			Fix("name a profile whose key was stored with `assume-role add`: see `assume-role list`")
	}
	if !r.dryRun {
		if err := r.refuseAgents(chain, r.settings); err != nil {
			return nil, err
		}
	}
	return chain, r.refusePlainCopy(source)
}

// refusePlainCopy: whoever reads a key from a file would be left with one that
// is deleted.
func (r *rotating) refusePlainCopy(source profile.Source) error {
	config, err := r.config()
	if err != nil {
		return err
	}
	for _, name := range config.Names() {
		section, _ := config.Profile(name) // it is of use whatever it fails to include
		if section == nil {
			continue
		}
		if id, _ := section.Get("aws_access_key_id"); id.Text != "" && id.Text == source.Keys.AccessKeyID {
			return fault.New("", "the very same key %s lies in plain text, too, and would not work there any more", id.Text).In(name).At(id.Origin).
				Fix("take it out of the file first, or move it into the key store with `assume-role import %s`", name)
		}
	}
	return nil
}

// rotationPatience is how long a rotation waits for another one: that takes a
// minute or two, and a person may be looking for a code.
const rotationPatience = 5 * time.Minute

// lockRotations lets one rotation be under way at a time.
func (r *rotating) lockRotations(ctx context.Context) (lock *securefile.Lock, waited bool, err error) {
	locks, err := r.locks()
	if err != nil {
		return nil, false, fault.New("", "there is no folder for locks, and two rotations must not run at once").
			Fix("make the system's temporary folder writable").Because(err)
	}
	ctx, cancel := context.WithTimeout(ctx, rotationPatience)
	defer cancel()
	lock, err = securefile.AcquireSaying(ctx, filepath.Join(locks, "rotate.lock"), 200*time.Millisecond, func(held *securefile.HeldError) func() {
		waited = true
		return waiting.Or(ctx, "another rotation is under way: waiting for "+held.Holder(), r.note)
	})
	var held *securefile.HeldError
	switch {
	case errors.As(err, &held):
		err = fault.New("", "another rotation is still under way after %s (%s)", rotationPatience, held.Holder()).Fix("see what it waits for, and run this again").Because(err)
	case errors.Is(err, context.Canceled):
		err = fault.ErrInterrupted
	}
	return lock, waited, err
}

// rotatedMeanwhile: who waited for another rotation of the same key has what
// was asked for.
func (r *rotating) rotatedMeanwhile(ctx context.Context, name, before string) (rotated, bool) {
	_, unfinished, err := iamkeys.Unfinished(r.rotationsPath(), name)
	if unfinished || err != nil {
		return rotated{}, false
	}
	key, err := r.loadKey(ctx, name)
	if err != nil || before == "" || key.AccessKeyID == before {
		return rotated{}, false
	}
	return rotated{Profile: name, Profiles: []string{name}, Old: before, New: key.AccessKeyID, Elsewhere: true}, true
}

// recoverKey mends what an interrupted run may have left in the store.
func (r *rotating) recoverKey(ctx context.Context, name string) error {
	ring, err := r.keyRing(ctx)
	if err != nil {
		return err
	}
	return iamkeys.Recover(ring.Keys(), r.rotationsPath(), name)
}

// rotationsPath is the file of unfinished rotations; empty where there is no
// place for it.
func (a *app) rotationsPath() string {
	dirs, err := a.places()
	if err != nil {
		return ""
	}
	return filepath.Join(dirs.state, "rotations.json")
}

// connectAnyhow is connect, once more where AWS no longer knows the stored key
// and the one that waits beside it could take its place.
func (r *rotating) connectAnyhow(ctx context.Context, name string) (*iamkeys.Rotation, error) {
	connect := func() (*iamkeys.Rotation, error) { return r.connect(ctx, name) }
	rotation, err := corrected(ctx, r.app, connect)
	if !assume.UnknownKey(err) {
		return rotation, err
	}
	done, failed := r.succeed(ctx, name)
	switch {
	case failed != nil:
		return nil, failed
	case done:
		return corrected(ctx, r.app, connect)
	}
	return nil, err
}

// succeed is what iamkeys.Succession does, for a profile that begins with the
// stored key.
func (r *rotating) succeed(ctx context.Context, name string) (bool, error) {
	chain, err := r.chainOfKey(name)
	if err != nil {
		return false, err
	}
	ring, err := r.keyRing(ctx)
	if err != nil {
		return false, err
	}
	assumer, err := r.assumer(ctx, chain, &credentialFlags{noCache: true}, r.settings, cache.Policy{})
	if err != nil {
		return false, err
	}
	profile := chain.Source.Profile
	return iamkeys.Succession{
		Store: ring.Keys(), Records: r.rotationsPath(),
		Identify: func(ctx context.Context, key creds.Credentials) (assume.Identity, error) {
			return assumer.Identity(ctx, profile, chain.STS, key)
		},
		Replaced: func(ctx context.Context, name, id string) {
			r.note(fmt.Sprintf("profile %q: AWS does not know the stored key any more; the new one of an interrupted rotation, %s, has taken its place", name, id))
			if err := r.recordKey(ctx, name, id); err != nil {
				r.debug("the index could not be corrected, and will be by the next command: %s", err)
			}
		},
	}.Succeed(ctx, profile)
}

// replacedElsewhere adds to AWS's word that it does not know the stored key what
// to do where that was replaced on another machine.
func replacedElsewhere(err error, holder string) error {
	var told *fault.Error
	if !assume.UnknownKey(err) || !errors.As(err, &told) {
		return err
	}
	return told.Fix("%s: if it was replaced somewhere else, store its successor with `assume-role add %s`", told.Hint, holder)
}

// connect gets the credentials for the calls to IAM, and asks AWS whose they
// are. It changes nothing.
func (r *rotating) connect(ctx context.Context, name string) (*iamkeys.Rotation, error) {
	chain, err := r.chainOfKey(name)
	if err != nil {
		return nil, err
	}
	admin := chain.Administrator(0, r.settings.TokenDuration)
	r.notesOf(admin) // the chain's own are about what is handed over
	if _, err := r.places(); err != nil {
		return nil, err
	}
	assumer, err := r.assumer(ctx, admin, &r.credentials, r.settings, cache.Policy{MinTTL: ttlForPeople})
	if err != nil {
		return nil, err
	}
	caller, err := assumer.Credentials(ctx, admin)
	if err != nil {
		return nil, err
	}
	identity, err := assumer.Identity(ctx, admin.Profile, admin.STS, caller)
	if err != nil {
		return nil, replacedElsewhere(err, admin.Source.Profile)
	}
	if err := iamkeys.CheckUser(admin.Source.Profile, identity.ARN); err != nil {
		return nil, err
	}
	return r.rotation(ctx, admin, assumer, caller, identity)
}

// rotation wires what changes a key to the store, to AWS and to the index.
func (r *rotating) rotation(ctx context.Context, admin *profile.Chain, assumer *assume.Assumer, caller creds.Credentials, identity assume.Identity) (*iamkeys.Rotation, error) {
	ring, err := r.keyRing(ctx)
	if err != nil {
		return nil, err
	}
	return &iamkeys.Rotation{
		Profile: admin.Source.Profile, Store: ring.Keys(), Backend: ring.Backend(), Records: r.rotationsPath(),
		Identity: identity, Caller: iam.New(assumer, admin, caller), Presented: caller.Temporary(),
		With: func(key creds.Credentials) *iam.Client { return iam.New(assumer, admin, key) },
		Identify: func(ctx context.Context, key creds.Credentials) (assume.Identity, error) {
			return assumer.Identity(ctx, admin.Source.Profile, admin.STS, key)
		},
		Replacing: func(ctx context.Context, name, id string) { r.forgetReplaced(ctx, name, id) },
		Replaced: func(ctx context.Context, name, id string) {
			if err := r.recordOwned(ctx, cache.StoredKey{Profile: name, AccessKeyID: id, AccountID: identity.Account, ARN: identity.ARN}); err != nil {
				r.debug("the index could not be corrected, and will be by the next command: %s", err)
			}
		},
		DeactivateOnly: r.deactivateOnly, Now: r.host.Now, Sleep: revoke.Sleep,
		Progress: r.passing(), Note: r.note,
	}, nil
}
