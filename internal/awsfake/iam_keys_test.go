package awsfake_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"assume-role/internal/awsfake"
)

// makeKey makes a key at IAM, which must work.
func (a alice) makeKey(t *testing.T) keys {
	t.Helper()
	out, err := iamClient(a.Fake, a.keys).CreateAccessKey(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return keys{id: *out.AccessKey.AccessKeyId, secret: *out.AccessKey.SecretAccessKey}
}

// works reports whether a key can sign a call.
func (a alice) works(t *testing.T, k keys) bool {
	t.Helper()
	_, err := client(a.Fake, k).GetCallerIdentity(t.Context(), nil)
	if err != nil {
		refused(t, err, 403, "InvalidClientTokenId", invalidToken)
	}
	return err == nil
}

func TestAccessKeys(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	c := iamClient(a.Fake, a.keys)
	a.Advance(time.Second)
	made := a.makeKey(t)
	if !a.works(t, made) || !slices.Contains(a.Secrets(), made.secret) {
		t.Error("the new key does not work, or its secret is no secret")
	}
	_, err := c.CreateAccessKey(t.Context(), nil)
	refused(t, err, 409, "LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: 2")

	session := a.session(t, true)
	off := &iam.UpdateAccessKeyInput{AccessKeyId: &made.id, Status: types.StatusTypeInactive}
	if _, err := c.UpdateAccessKey(t.Context(), off); err != nil || a.works(t, made) {
		t.Errorf("deactivated: %v", err)
	}
	if got := a.Keys("alice"); len(got) != 2 || got[0].ID != a.id || got[0].Status != "Active" || got[1].Status != "Inactive" || !got[1].Created.After(got[0].Created) {
		t.Errorf("got %+v", got)
	}
	off.Status = types.StatusTypeActive
	if _, err := c.UpdateAccessKey(t.Context(), off); err != nil || !a.works(t, made) {
		t.Errorf("activated again: %v", err)
	}
	// The old key can delete itself; what was made with it lives on.
	drop := &iam.DeleteAccessKeyInput{AccessKeyId: &a.id, UserName: aws.String("alice")}
	if _, err := c.DeleteAccessKey(t.Context(), drop); err != nil || a.works(t, a.keys) || !a.works(t, session) {
		t.Errorf("deleted: %v", err)
	}
	_, err = iamClient(a.Fake, made).DeleteAccessKey(t.Context(), drop)
	refused(t, err, 404, "NoSuchEntity", "The Access Key with id "+a.id+" cannot be found.")
	if got := a.Keys("alice"); len(got) != 1 || got[0].ID != made.id {
		t.Errorf("left: %+v", got)
	}
}

func TestAccessKeysThatAreRefused(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	bob := longLived(a.AddKey("bob"))
	c := iamClient(a.Fake, a.keys)
	_, err := c.UpdateAccessKey(t.Context(), &iam.UpdateAccessKeyInput{AccessKeyId: &bob.id, Status: types.StatusTypeInactive})
	refused(t, err, 404, "NoSuchEntity", "The Access Key with id "+bob.id+" cannot be found.")
	_, err = c.UpdateAccessKey(t.Context(), &iam.UpdateAccessKeyInput{AccessKeyId: &a.id, Status: "inactive"})
	refused(t, err, 400, "ValidationError", "Value 'inactive' at 'status' failed to satisfy constraint: Member must satisfy enum value set")
	_, err = c.DeleteAccessKey(t.Context(), &iam.DeleteAccessKeyInput{AccessKeyId: aws.String("AKIA-short")})
	refused(t, err, 400, "ValidationError", "2 validation errors detected")
	_, err = c.CreateAccessKey(t.Context(), &iam.CreateAccessKeyInput{UserName: aws.String("nobody")})
	refused(t, err, 404, "NoSuchEntity", "The user with name nobody cannot be found.")
	_, err = iamClient(a.Fake, temporary(a.assume(t, a.keys, nil).Credentials)).ListAccessKeys(t.Context(), nil)
	refused(t, err, 400, "ValidationError", "Must specify userName when calling with non-User credentials")
	if !a.works(t, bob) {
		t.Error("bob's key was changed")
	}
}

// TestLists: a page at a time, in the size that was asked for or a smaller one.
func TestLists(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	made := a.makeKey(t)
	a.AddDevice("alice")
	fido := a.AddFIDODevice("alice")
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		a.PutPolicy(a.role, name, denyOlder(a.Now().Add(-time.Hour)))
	}
	c := iamClient(a.Fake, a.keys)
	a.SetIAMPage(2)
	a.SetIAMPage(1)
	var ids, serials []string
	for p := iam.NewListAccessKeysPaginator(c, nil); p.HasMorePages(); {
		page, err := p.NextPage(t.Context())
		if err != nil || len(page.AccessKeyMetadata) != 1 {
			t.Fatal(page, err)
		}
		ids = append(ids, *page.AccessKeyMetadata[0].AccessKeyId)
	}
	for p := iam.NewListMFADevicesPaginator(c, nil); p.HasMorePages(); {
		page, err := p.NextPage(t.Context())
		if err != nil || len(page.MFADevices) != 1 || *page.MFADevices[0].UserName != "alice" || page.MFADevices[0].EnableDate == nil {
			t.Fatal(page, err)
		}
		serials = append(serials, *page.MFADevices[0].SerialNumber)
	}
	if !slices.Equal(ids, []string{a.id, made.id}) || a.Count("ListAccessKeys") != 2 {
		t.Errorf("keys %v in %d calls", ids, a.Count("ListAccessKeys"))
	}
	if want := []string{a.device.Serial, a.device.Serial + "-2", fido}; !slices.Equal(serials, want) || !strings.HasPrefix(fido, "arn:aws:iam::123456789012:u2f/user/alice/") {
		t.Errorf("devices %v, want %v", serials, want)
	}

	if few, err := c.ListMFADevices(t.Context(), &iam.ListMFADevicesInput{MaxItems: aws.Int32(2)}); err != nil || len(few.MFADevices) != 1 || !few.IsTruncated {
		t.Errorf("fewer than asked for: %+v, %v", few, err)
	}
	a.SetIAMPage(100)
	var names []string
	for p := iam.NewListRolePoliciesPaginator(c, &iam.ListRolePoliciesInput{RoleName: aws.String("admin"), MaxItems: aws.Int32(2)}); p.HasMorePages(); {
		page, err := p.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, page.PolicyNames...)
	}
	if !slices.Equal(names, []string{"a", "b", "c", "d", "e"}) || a.Count("ListRolePolicies") != 3 {
		t.Errorf("policies %v in %d calls", names, a.Count("ListRolePolicies"))
	}
}

func TestListsThatAreRefused(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	a.makeKey(t)
	c := iamClient(a.Fake, a.keys)
	first, err := c.ListAccessKeys(t.Context(), &iam.ListAccessKeysInput{MaxItems: aws.Int32(1)})
	if err != nil || !first.IsTruncated {
		t.Fatal(first, err)
	}
	_, err = c.ListMFADevices(t.Context(), &iam.ListMFADevicesInput{Marker: first.Marker})
	refused(t, err, 400, "ValidationError", "Invalid Marker.")
	_, err = c.ListAccessKeys(t.Context(), &iam.ListAccessKeysInput{Marker: aws.String("x")})
	refused(t, err, 400, "ValidationError", "Invalid Marker.")
	_, err = c.ListAccessKeys(t.Context(), &iam.ListAccessKeysInput{MaxItems: aws.Int32(0)})
	refused(t, err, 400, "ValidationError", "Value '0' at 'maxItems' failed to satisfy constraint: Member must have value greater than or equal to 1")
	_, err = c.ListAccessKeys(t.Context(), &iam.ListAccessKeysInput{MaxItems: aws.Int32(1001)})
	refused(t, err, 400, "ValidationError", "less than or equal to 1000")
}

func TestGetAccessKeyLastUsed(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	made := a.makeKey(t)
	c := iamClient(a.Fake, a.keys)
	last := func(id string) (*iam.GetAccessKeyLastUsedOutput, error) {
		return c.GetAccessKeyLastUsed(t.Context(), &iam.GetAccessKeyLastUsedInput{AccessKeyId: &id})
	}
	out, err := last(made.id)
	if err != nil || *out.AccessKeyLastUsed.ServiceName != "N/A" || *out.AccessKeyLastUsed.Region != "N/A" || out.AccessKeyLastUsed.LastUsedDate != nil || *out.UserName != "alice" {
		t.Errorf("unused: %+v, %v", out.AccessKeyLastUsed, err)
	}
	identity(t, a.Fake, made)
	out, err = last(made.id)
	if use := out.AccessKeyLastUsed; err != nil || *use.ServiceName != "sts" || *use.Region != "eu-west-1" || a.Now().Sub(*use.LastUsedDate) > time.Minute {
		t.Errorf("used: %+v, %v", use, err)
	}
	for _, id := range []string{"AKIAAAAAAAAAAAAAAAAA", a.session(t, true).id} {
		_, err = last(id)
		refused(t, err, 403, "AccessDenied", "is not authorized to perform: iam:GetAccessKeyLastUsed on resource: access key "+id)
	}
}

// TestKeysOfAnotherAccount cannot be looked at.
func TestKeysOfAnotherAccount(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	far := a.AddRole(awsfake.Role{Name: "far", Account: "210987654321"})
	k := temporary(a.assume(t, a.keys, func(in *sts.AssumeRoleInput) { in.RoleArn = &far }).Credentials)
	_, err := iamClient(a.Fake, k).GetAccessKeyLastUsed(t.Context(), &iam.GetAccessKeyLastUsedInput{AccessKeyId: &a.id})
	refused(t, err, 403, "AccessDenied", "iam:GetAccessKeyLastUsed on resource: access key "+a.id)
}

// TestFIDODevicesHaveNoCodes: no call can be made with one.
func TestFIDODevicesHaveNoCodes(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	in := a.input()
	in.SerialNumber, in.TokenCode = aws.String(a.AddFIDODevice("alice")), aws.String("000001")
	_, err := client(a.Fake, a.keys).AssumeRole(t.Context(), in)
	refused(t, err, 403, "AccessDenied", "unable to validate MFA code.")
}

// TestPropagationOfKeys: a new key is unknown at first; one that was turned
// off, or deleted, still works for a while. Lists are up to date.
func TestPropagationOfKeys(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	a.SetPropagation(2)
	made := a.makeKey(t)
	if len(a.Keys("alice")) != 2 {
		t.Errorf("keys: %v", a.Keys("alice"))
	}
	tries := func(k keys) (works []bool) {
		for range 3 {
			works = append(works, a.works(t, k))
		}
		return works
	}
	if got := tries(made); !slices.Equal(got, []bool{false, false, true}) {
		t.Errorf("a new key: %v", got)
	}
	c := iamClient(a.Fake, a.keys)
	if _, err := c.UpdateAccessKey(t.Context(), &iam.UpdateAccessKeyInput{AccessKeyId: &made.id, Status: types.StatusTypeInactive}); err != nil {
		t.Fatal(err)
	}
	if got := tries(made); !slices.Equal(got, []bool{true, true, false}) || a.Keys("alice")[1].Status != "Inactive" {
		t.Errorf("a key turned off: %v", got)
	}
	other := keys{id: a.id, secret: a.secret}
	if _, err := c.DeleteAccessKey(t.Context(), &iam.DeleteAccessKeyInput{AccessKeyId: &a.id}); err != nil {
		t.Fatal(err)
	}
	if got := tries(other); !slices.Equal(got, []bool{true, true, false}) || len(a.Keys("alice")) != 1 {
		t.Errorf("a deleted key: %v", got)
	}
}

// TestPropagationOfPolicies: calls are judged by the old ones first.
// GetCallerIdentity is not judged, and does not count.
func TestPropagationOfPolicies(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	k := temporary(a.assume(t, a.keys, nil).Credentials)
	a.SetPropagation(2)
	a.putRole(t, "p", denyAll)
	if a.Policies(a.role)["p"] != denyAll {
		t.Error("IAM does not say what it was told")
	}
	identity(t, a.Fake, k)
	a.assume(t, k, nil)
	a.assume(t, k, nil)
	for range 2 {
		_, err := client(a.Fake, k).AssumeRole(t.Context(), a.input())
		refused(t, err, 403, "AccessDenied", "explicit deny")
	}
	a.SetPropagation(1)
	if _, err := iamClient(a.Fake, a.keys).DeleteRolePolicy(t.Context(), &iam.DeleteRolePolicyInput{RoleName: aws.String("admin"), PolicyName: aws.String("p")}); err != nil {
		t.Fatal(err)
	}
	_, err := client(a.Fake, k).AssumeRole(t.Context(), a.input())
	refused(t, err, 403, "AccessDenied", "explicit deny")
	a.assume(t, k, nil)
}

// TestChangesWhileOneIsLate: what is seen meanwhile is what was seen before the
// first of them.
func TestChangesWhileOneIsLate(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	k := temporary(a.assume(t, a.keys, nil).Credentials)
	a.putRole(t, "o", denyOlder(a.Now().Add(-time.Hour)))
	a.SetPropagation(2)
	a.putRole(t, "p", denyAll)
	a.assume(t, k, nil)
	a.putRole(t, "q", denyAll)
	a.assume(t, k, nil)
	a.assume(t, k, nil)
	_, err := client(a.Fake, k).AssumeRole(t.Context(), a.input())
	refused(t, err, 403, "AccessDenied", "explicit deny")
}

// TestDenyIAM: a permission that a caller lacks is told from one denied.
func TestDenyIAM(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	a.DenyIAM(a.AddUser("alice"), "iam:PutRolePolicy", "iam:*Key")
	c := iamClient(a.Fake, a.keys)
	const who = "User: arn:aws:iam::123456789012:user/alice is not authorized to perform: "
	_, err := c.PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{RoleName: aws.String("admin"), PolicyName: aws.String("p"), PolicyDocument: aws.String(denyAll)})
	refused(t, err, 403, "AccessDenied", who+"iam:PutRolePolicy on resource: role admin because no identity-based policy allows the iam:PutRolePolicy action")
	_, err = c.CreateAccessKey(t.Context(), nil)
	refused(t, err, 403, "AccessDenied", who+"iam:CreateAccessKey on resource: user alice because no identity-based policy allows the iam:CreateAccessKey action")
	// Who may not look does not learn what is there.
	_, err = c.PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{RoleName: aws.String("nobody"), PolicyName: aws.String("p"), PolicyDocument: aws.String(denyAll)})
	refused(t, err, 403, "AccessDenied", "on resource: role nobody because")
	if _, err := c.GetRole(t.Context(), &iam.GetRoleInput{RoleName: aws.String("admin")}); err != nil {
		t.Error(err)
	}
	if _, err := iamClient(a.Fake, longLived(a.AddKey("bob"))).CreateAccessKey(t.Context(), nil); err != nil {
		t.Error(err)
	}
}

// TestRequireMFAForIAM: all but a look at the user and the devices.
func TestRequireMFAForIAM(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	a.RequireMFAForIAM("alice")
	c := iamClient(a.Fake, a.keys)
	_, err := c.CreateAccessKey(t.Context(), nil)
	refused(t, err, 403, "AccessDenied", "iam:CreateAccessKey on resource: user alice with an explicit deny in an identity-based policy")
	for name, look := range map[string]func() error{
		"GetUser":        func() error { _, err := c.GetUser(t.Context(), nil); return err },
		"ListMFADevices": func() error { _, err := c.ListMFADevices(t.Context(), nil); return err },
		"with MFA": func() error {
			_, err := iamClient(a.Fake, a.session(t, true)).CreateAccessKey(t.Context(), nil)
			return err
		},
	} {
		if err := look(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	a.assume(t, a.keys, nil)
}

// TestWhatNobodyHas: a test that asks for something of nobody is wrong.
func TestWhatNobodyHas(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	const nobody = "arn:aws:iam::123456789012:role/nobody"
	for name, ask := range map[string]func(){
		"policies":   func() { a.Policies(nobody) },
		"put":        func() { a.PutPolicy(nobody, "p", denyAll) },
		"deny":       func() { a.DenyIAM(nobody, "iam:*") },
		"not policy": func() { a.PutPolicy(a.role, "p", "{}") },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			ask()
		}()
	}
	a.PutPolicy(a.role, "p", denyAll)
	a.AddRole(awsfake.Role{Name: "admin"})
	if len(a.Policies(a.role)) != 0 {
		t.Error("a new role has the policies of the one before")
	}
}

// TestRootIsBoundByNoPolicy: and its keys are its own.
func TestRootIsBoundByNoPolicy(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	root := longLived(a.AddRootKey())
	a.PutPolicy(a.AddUser("alice"), "p", denyAll)
	list, err := iamClient(a.Fake, root).ListAccessKeys(t.Context(), nil)
	if err != nil || len(list.AccessKeyMetadata) != 1 || *list.AccessKeyMetadata[0].AccessKeyId != root.id {
		t.Errorf("%+v, %v", list, err)
	}
	if _, err := iamClient(a.Fake, root).DeleteUserPolicy(t.Context(), &iam.DeleteUserPolicyInput{UserName: aws.String("alice"), PolicyName: aws.String("p")}); err != nil {
		t.Error(err)
	}
	a.assume(t, a.keys, nil)
}
