package iamkeys

import (
	"context"
	"time"

	"assume-role/internal/assume"
	"assume-role/internal/creds"
	"assume-role/internal/iam"
	"assume-role/internal/keystore"
)

// Rotation puts a new access key in the place of a stored one. At every moment,
// and whenever the process ends, the profile's key in the store is one that AWS
// accepts:
//
//  1. The store proves, with the old key, that it takes one more item; that a
//     new key is going to be made is recorded.
//  2. IAM makes the new key, and the store takes it beside the old one, with
//     which all commands go on.
//  3. AWS accepts the new key, which takes some seconds.
//  4. The new key takes the old one's place in the store.
//  5. IAM turns the old one off, AWS still accepts the new one, and IAM deletes
//     the old one. The record goes.
//
// A run that ended anywhere is completed by the next one. Only one may be under
// way at a time.
type Rotation struct {
	// Profile is whose key is rotated, for whatever name it is stored under.
	Profile string
	// Store holds the key; Backend is its name.
	Store   keystore.Keys
	Backend string
	// Records is the file of the rotations that are under way.
	Records string
	// Identity is the user whose key it is, as AWS says it.
	Identity assume.Identity
	// Caller asks IAM as that user: with the old key, or with a session made
	// with an MFA device, which Presented says. A session outlives its key.
	Caller    *iam.Client
	Presented bool
	// With asks IAM with a key.
	With func(creds.Credentials) *iam.Client
	// Identify asks AWS whose a key is.
	Identify func(context.Context, creds.Credentials) (assume.Identity, error)
	// Replacing is told before the key stored under a profile's name is
	// replaced, and Replaced after that, both with the new one's id.
	Replacing, Replaced func(ctx context.Context, profile, accessKeyID string)
	// DeactivateOnly leaves the old key turned off, and not deleted.
	DeactivateOnly bool
	// Now is the local clock. Sleep waits, or returns why it may not.
	Now   func() time.Time
	Sleep func(ctx context.Context, d time.Duration) error
	// Progress shows a line that passes, in place of the one before; empty
	// takes it away. Note shows one that stays.
	Progress, Note func(string)
}

// Fate is what became of an old key.
type Fate string

// The fates of old keys.
const (
	Deleted  Fate = "deleted"
	Inactive Fate = "inactive"
)

// Result is what a rotation did.
type Result struct {
	// Profiles are the names under which the new key is stored: that of the
	// rotation, and others that had the very same key.
	Profiles []string
	// Old and New are access key ids.
	Old, New string
	Fate     Fate
	// Resumed says that an earlier run had begun it.
	Resumed bool
}

// Run rotates the key. An error says what state it leaves, and what goes on.
func (r *Rotation) Run(ctx context.Context) (Result, error) {
	a := &attempt{Rotation: r}
	for _, step := range []func(context.Context) error{a.look, a.make, a.prove, a.swap, a.retire} {
		if err := step(ctx); err != nil {
			return Result{}, a.told(err)
		}
	}
	return a.result, nil
}

// attempt is one run, and how far it has come.
type attempt struct {
	*Rotation
	// record is written as soon as there is something to go on with.
	record  record
	resumed bool
	// stored is the key in the store when the run began, and fresh the new
	// one, once it is there.
	stored, fresh creds.Credentials
	// keys are what IAM lists.
	keys []iam.Key
	// stage is how far the store and IAM are.
	stage  stage
	result Result
}
