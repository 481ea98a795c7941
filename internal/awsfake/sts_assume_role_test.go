package awsfake_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"

	"assume-role/internal/awsfake"
)

func tags(pairs ...string) []types.Tag {
	var out []types.Tag
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, types.Tag{Key: aws.String(pairs[i]), Value: aws.String(pairs[i+1])})
	}
	return out
}

func TestAssumeRole(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	role := a.AddRole(awsfake.Role{Name: "team/deploy", Account: "210987654321", ExternalID: "ext-1"})
	out := a.assume(t, a.keys, func(in *sts.AssumeRoleInput) {
		in.RoleArn, in.ExternalId, in.SourceIdentity = &role, aws.String("ext-1"), aws.String("alice")
		in.Tags = tags("team", "blue")
	})
	if want := "arn:aws:iam::210987654321:role/team/deploy"; role != want {
		t.Errorf("AddRole = %s, want %s", role, want)
	}
	if want := "arn:aws:sts::210987654321:assumed-role/deploy/alice@host"; *out.AssumedRoleUser.Arn != want {
		t.Errorf("ARN %s, want %s", *out.AssumedRoleUser.Arn, want)
	}
	if out.SourceIdentity == nil || *out.SourceIdentity != "alice" {
		t.Errorf("source identity %v", out.SourceIdentity)
	}
	if left := out.Credentials.Expiration.Sub(a.Now()); left > time.Hour || left < 59*time.Minute {
		t.Errorf("%v left, want the default of an hour", left)
	}
	who := identity(t, a.Fake, temporary(out.Credentials))
	if *who.Arn != *out.AssumedRoleUser.Arn || *who.Account != "210987654321" || *who.UserId != *out.AssumedRoleUser.AssumedRoleId {
		t.Errorf("GetCallerIdentity = %s %s %s", *who.Arn, *who.Account, *who.UserId)
	}
	if !strings.HasPrefix(*out.Credentials.AccessKeyId, "ASIA") {
		t.Errorf("access key id %s", *out.Credentials.AccessKeyId)
	}
}

// TestAssumeRoleRefusesBadParameters has one case for each limit of the model.
func TestAssumeRoleRefusesBadParameters(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	long := func(n int) *string { return aws.String(strings.Repeat("a", n)) }
	many := func(n int) (out []types.Tag) {
		for i := range n {
			out = append(out, tags(fmt.Sprint("k", i), "v")...)
		}
		return out
	}
	arns := func(n int) (out []types.PolicyDescriptorType) {
		for range n {
			out = append(out, types.PolicyDescriptorType{Arn: aws.String("arn:aws:iam::aws:policy/ReadOnlyAccess")})
		}
		return out
	}
	for name, tc := range map[string]struct {
		change func(*sts.AssumeRoleInput)
		code   string
		text   string
	}{
		"empty session name":       {func(in *sts.AssumeRoleInput) { in.RoleSessionName = long(0) }, "ValidationError", "at 'roleSessionName'"},
		"short session name":       {func(in *sts.AssumeRoleInput) { in.RoleSessionName = long(1) }, "ValidationError", "Value 'a' at 'roleSessionName' failed to satisfy constraint: Member must have length greater than or equal to 2"},
		"long session name":        {func(in *sts.AssumeRoleInput) { in.RoleSessionName = long(65) }, "ValidationError", "Member must have length less than or equal to 64"},
		"session name with spaces": {func(in *sts.AssumeRoleInput) { in.RoleSessionName = aws.String("a b") }, "ValidationError", `1 validation error detected: Value 'a b' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w+=,.@-]*`},
		"umlaut in session name":   {func(in *sts.AssumeRoleInput) { in.RoleSessionName = aws.String("jürgen") }, "ValidationError", "at 'roleSessionName'"},
		"newline in session name":  {func(in *sts.AssumeRoleInput) { in.RoleSessionName = aws.String("ab\n") }, "ValidationError", "at 'roleSessionName'"},
		"two at once": {func(in *sts.AssumeRoleInput) {
			in.RoleSessionName, in.ExternalId = aws.String("a b"), aws.String("x")
		}, "ValidationError", "2 validation errors detected: "},
		"short ARN":               {func(in *sts.AssumeRoleInput) { in.RoleArn = aws.String("admin") }, "ValidationError", "at 'roleArn'"},
		"not a role":              {func(in *sts.AssumeRoleInput) { in.RoleArn = aws.String("arn:aws:iam::123456789012:user/alice") }, "ValidationError", "Request ARN is invalid"},
		"short external id":       {func(in *sts.AssumeRoleInput) { in.ExternalId = long(1) }, "ValidationError", "at 'externalId'"},
		"long external id":        {func(in *sts.AssumeRoleInput) { in.ExternalId = long(1225) }, "ValidationError", "less than or equal to 1224"},
		"external id with spaces": {func(in *sts.AssumeRoleInput) { in.ExternalId = aws.String("a b") }, "ValidationError", "at 'externalId'"},
		"short source identity":   {func(in *sts.AssumeRoleInput) { in.SourceIdentity = long(1) }, "ValidationError", "at 'sourceIdentity'"},
		"source identity aws:":    {func(in *sts.AssumeRoleInput) { in.SourceIdentity = aws.String("aws:me") }, "ValidationError", "at 'sourceIdentity'"},
		"duration under 900":      {func(in *sts.AssumeRoleInput) { in.DurationSeconds = aws.Int32(899) }, "ValidationError", "Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900"},
		"duration over 43200":     {func(in *sts.AssumeRoleInput) { in.DurationSeconds = aws.Int32(43201) }, "ValidationError", "less than or equal to 43200"},
		"short serial":            {func(in *sts.AssumeRoleInput) { in.SerialNumber, in.TokenCode = long(8), aws.String("000001") }, "ValidationError", "at 'serialNumber'"},
		"short code":              {func(in *sts.AssumeRoleInput) { in.SerialNumber, in.TokenCode = &a.device.Serial, aws.String("12345") }, "ValidationError", "at 'tokenCode'"},
		"code of letters":         {func(in *sts.AssumeRoleInput) { in.SerialNumber, in.TokenCode = &a.device.Serial, aws.String("abcdef") }, "ValidationError", `pattern: [\d]*`},
		"51 tags":                 {func(in *sts.AssumeRoleInput) { in.Tags = many(51) }, "ValidationError", "at 'tags' failed to satisfy constraint: Member must have length less than or equal to 50"},
		"51 transitive keys":      {func(in *sts.AssumeRoleInput) { in.TransitiveTagKeys = strings.Split(strings.Repeat("k,", 50)+"k", ",") }, "ValidationError", "at 'transitiveTagKeys'"},
		"empty tag key":           {func(in *sts.AssumeRoleInput) { in.Tags = tags("", "v") }, "ValidationError", "at 'tags.member.key' failed to satisfy constraint: Member must have length greater than or equal to 1"},
		"long tag key":            {func(in *sts.AssumeRoleInput) { in.Tags = tags(*long(129), "v") }, "ValidationError", "less than or equal to 128"},
		"long tag value":          {func(in *sts.AssumeRoleInput) { in.Tags = tags("k", *long(257)) }, "ValidationError", "less than or equal to 256"},
		"tag key with a star":     {func(in *sts.AssumeRoleInput) { in.Tags = tags("k*", "v") }, "ValidationError", "at 'tags.member.key'"},
		"tag value with a star":   {func(in *sts.AssumeRoleInput) { in.Tags = tags("k", "v*") }, "ValidationError", "at 'tags.member.value'"},
		"tag key twice":           {func(in *sts.AssumeRoleInput) { in.Tags = tags("Department", "a", "department", "b") }, "InvalidParameterValue", "Tag keys are case insensitive"},
		"tag key of AWS":          {func(in *sts.AssumeRoleInput) { in.Tags = tags("AWS:x", "a") }, "InvalidParameterValue", "aws: prefixed"},
		"transitive key no tag":   {func(in *sts.AssumeRoleInput) { in.Tags, in.TransitiveTagKeys = tags("a", "b"), []string{"c"} }, "InvalidParameterValue", "must be included"},
		"tags too large":          {func(in *sts.AssumeRoleInput) { in.Tags = tags("a", *long(250), "b", *long(250)) }, "PackedPolicyTooLarge", "Packed size of session tags consumes 110% of allotted space."},
		"policy no JSON":          {func(in *sts.AssumeRoleInput) { in.Policy = aws.String("{") }, "MalformedPolicyDocument", "invalid Json"},
		"policy no statement":     {func(in *sts.AssumeRoleInput) { in.Policy = aws.String(`{"Version":"2012-10-17"}`) }, "MalformedPolicyDocument", "Syntax errors in policy."},
		"policy with emoji":       {func(in *sts.AssumeRoleInput) { in.Policy = aws.String(`{"Statement":"😀"}`) }, "ValidationError", "at 'policy'"},
		"policy too large":        {func(in *sts.AssumeRoleInput) { in.Policy = aws.String(`{"Statement":"` + noise(3000) + `"}`) }, "PackedPolicyTooLarge", "Packed policy consumes"},
		"11 policies":             {func(in *sts.AssumeRoleInput) { in.PolicyArns = arns(11) }, "ValidationError", "at 'policyArns'"},
		"policy ARN too short": {func(in *sts.AssumeRoleInput) {
			in.PolicyArns = arns(1)
			in.PolicyArns[0].Arn = aws.String("arn:aws:iam::aws")
		}, "ValidationError", "at 'policyArns.member.arn'"},
		"policy of another partition": {func(in *sts.AssumeRoleInput) {
			in.PolicyArns = arns(1)
			in.PolicyArns[0].Arn = aws.String("arn:aws-cn:iam::aws:policy/ReadOnlyAccess")
		}, "ValidationError", "ARN arn:aws-cn:iam::aws:policy/ReadOnlyAccess is not valid."},
		"policy of another account": {func(in *sts.AssumeRoleInput) {
			in.PolicyArns = arns(1)
			in.PolicyArns[0].Arn = aws.String("arn:aws:iam::210987654321:policy/mine")
		}, "ValidationError", "is not valid."},
	} {
		t.Run(name, func(t *testing.T) {
			in := a.input()
			tc.change(in)
			_, err := client(a.Fake, a.keys).AssumeRole(t.Context(), in)
			refused(t, err, 400, tc.code, tc.text)
		})
	}
}

// noise is text that does not compress well, without anything random.
func noise(n int) string {
	var b strings.Builder
	for x := uint32(1); b.Len() < n; x = x*1664525 + 1013904223 {
		b.WriteByte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[x>>26])
	}
	return b.String()
}

// TestAssumeRoleTakesWhatIsAllowed keeps the limits from being too tight.
func TestAssumeRoleTakesWhatIsAllowed(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	for name, change := range map[string]func(*sts.AssumeRoleInput){
		"longest session name": func(in *sts.AssumeRoleInput) { in.RoleSessionName = aws.String(strings.Repeat("a", 64)) },
		"every sign":           func(in *sts.AssumeRoleInput) { in.RoleSessionName = aws.String("a_+=,.@-") },
		"external id unasked":  func(in *sts.AssumeRoleInput) { in.ExternalId = aws.String("a_+=,.@:/-") },
		"a quarter hour":       func(in *sts.AssumeRoleInput) { in.DurationSeconds = aws.Int32(900) },
		"twelve hours":         func(in *sts.AssumeRoleInput) { in.DurationSeconds = aws.Int32(43200) },
		"tags in any script":   func(in *sts.AssumeRoleInput) { in.Tags = tags("Größe 東", "a.b:/=+-@ ", "empty", "") },
		"policy":               func(in *sts.AssumeRoleInput) { in.Policy = aws.String(`{"Version":"2012-10-17","Statement":[]}`) },
		"managed policy": func(in *sts.AssumeRoleInput) {
			in.PolicyArns = []types.PolicyDescriptorType{{Arn: aws.String("arn:aws:iam::aws:policy/ReadOnlyAccess")}, {Arn: aws.String("arn:aws:iam::123456789012:policy/mine")}}
		},
	} {
		t.Run(name, func(t *testing.T) { a.assume(t, a.keys, change) })
	}
}

// TestAssumeRoleTrust: what is not trusted looks like what does not exist.
func TestAssumeRoleTrust(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	for name, tc := range map[string]struct {
		role   awsfake.Role
		change func(*sts.AssumeRoleInput)
	}{
		"another principal":    {role: awsfake.Role{Name: "closed", Principals: []string{"arn:aws:iam::123456789012:user/bob"}}},
		"no external id":       {role: awsfake.Role{Name: "vendor", ExternalID: "right"}},
		"wrong external id":    {role: awsfake.Role{Name: "vendor2", ExternalID: "right"}, change: func(in *sts.AssumeRoleInput) { in.ExternalId = aws.String("wrong") }},
		"no MFA":               {role: awsfake.Role{Name: "careful", RequireMFA: true}},
		"a role unheard of":    {role: awsfake.Role{Name: "real"}, change: func(in *sts.AssumeRoleInput) { in.RoleArn = aws.String(*in.RoleArn + "-not") }},
		"a role elsewhere too": {role: awsfake.Role{Name: "real2"}, change: func(in *sts.AssumeRoleInput) { in.RoleArn = aws.String("arn:aws:iam::210987654321:role/real2") }},
	} {
		t.Run(name, func(t *testing.T) {
			in := a.input()
			in.RoleArn = aws.String(a.AddRole(tc.role))
			if tc.change != nil {
				tc.change(in)
			}
			_, err := client(a.Fake, a.keys).AssumeRole(t.Context(), in)
			refused(t, err, 403, "AccessDenied", "User: arn:aws:iam::123456789012:user/alice is not authorized to perform: sts:AssumeRole on resource: "+*in.RoleArn)
		})
	}
	for _, principal := range []string{"arn:aws:iam::123456789012:user/alice", "123456789012", "*"} {
		open := a.AddRole(awsfake.Role{Name: "open", Principals: []string{"nobody", principal}})
		a.assume(t, a.keys, func(in *sts.AssumeRoleInput) { in.RoleArn = &open })
	}
}

func TestAssumeRoleDuration(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	short := a.AddRole(awsfake.Role{Name: "short"})
	ask := func(k keys, role string, seconds int32) error {
		in := a.input()
		in.RoleArn, in.DurationSeconds = &role, &seconds
		_, err := client(a.Fake, k).AssumeRole(t.Context(), in)
		return err
	}
	refused(t, ask(a.keys, short, 3601), 400, "ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
	if err := ask(a.keys, a.role, 7200); err != nil {
		t.Error(err)
	}
	const chained = "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining."
	role := temporary(a.assume(t, a.keys, nil).Credentials)
	for name, k := range map[string]keys{"a role's session": role, "a user's session": a.session(t, false)} {
		refused(t, ask(k, a.role, 3601), 400, "ValidationError", chained)
		if err := ask(k, a.role, 3600); err != nil {
			t.Errorf("%s: an hour was refused: %v", name, err)
		}
	}
}

func TestAssumeRoleMFA(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	role := a.AddRole(awsfake.Role{Name: "mfa", RequireMFA: true})
	needMFA := func(in *sts.AssumeRoleInput) { in.RoleArn = &role }
	out := a.assume(t, a.keys, func(in *sts.AssumeRoleInput) {
		needMFA(in)
		in.SerialNumber, in.TokenCode = &a.device.Serial, aws.String(a.device.Code())
	})
	a.assume(t, a.session(t, true), needMFA)

	in := a.input()
	needMFA(in)
	_, err := client(a.Fake, a.session(t, false)).AssumeRole(t.Context(), in)
	refused(t, err, 403, "AccessDenied", "not authorized to perform: sts:AssumeRole")
	_, err = client(a.Fake, temporary(out.Credentials)).AssumeRole(t.Context(), in)
	refused(t, err, 403, "AccessDenied", "not authorized to perform: sts:AssumeRole")
	in.SerialNumber, in.TokenCode = &a.device.Serial, aws.String(a.device.Code())
	_, err = client(a.Fake, temporary(out.Credentials)).AssumeRole(t.Context(), in)
	refused(t, err, 403, "AccessDenied", "Please verify your MFA serial number is valid and associated with this user.")
}

func TestTransitiveTags(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	first := temporary(a.assume(t, a.keys, func(in *sts.AssumeRoleInput) {
		in.Tags, in.TransitiveTagKeys = tags("Team", "blue", "Stage", "one"), []string{"team"}
	}).Credentials)
	second := temporary(a.assume(t, first, func(in *sts.AssumeRoleInput) { in.Tags = tags("stage", "two") }).Credentials)
	for name, k := range map[string]keys{"first": first, "second": second} {
		in := a.input()
		in.Tags = tags("TEAM", "red")
		_, err := client(a.Fake, k).AssumeRole(t.Context(), in)
		t.Log(name)
		refused(t, err, 400, "InvalidParameterValue", "conflicts with a transitive tag key from the calling session.")
	}
}

func TestSourceIdentity(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	as := func(name string) func(*sts.AssumeRoleInput) {
		return func(in *sts.AssumeRoleInput) { in.SourceIdentity = aws.String(name) }
	}
	first := temporary(a.assume(t, a.keys, as("alice")).Credentials)
	kept := a.assume(t, first, nil)
	if kept.SourceIdentity == nil || *kept.SourceIdentity != "alice" {
		t.Errorf("the chain lost the source identity: %v", kept.SourceIdentity)
	}
	a.assume(t, first, as("alice"))
	in := a.input()
	as("bob")(in)
	_, err := client(a.Fake, temporary(kept.Credentials)).AssumeRole(t.Context(), in)
	refused(t, err, 403, "AccessDenied", "is not authorized to perform: sts:SetSourceIdentity on resource: "+a.role)
}

func TestAssumeRoleByRootAndFederatedUser(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	root := longLived(a.AddRootKey())
	out, err := client(a.Fake, root).GetSessionToken(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range []keys{root, temporary(out.Credentials)} {
		_, err := client(a.Fake, k).AssumeRole(t.Context(), a.input())
		refused(t, err, 403, "AccessDenied", "Roles may not be assumed by root accounts.")
	}
	fed, err := client(a.Fake, a.keys).GetFederationToken(t.Context(), &sts.GetFederationTokenInput{Name: aws.String("bob")})
	if err != nil {
		t.Fatal(err)
	}
	_, err = client(a.Fake, temporary(fed.Credentials)).AssumeRole(t.Context(), a.input())
	refused(t, err, 403, "AccessDenied", "User: arn:aws:sts::123456789012:federated-user/bob is not authorized to perform: sts:AssumeRole")
}
