package profile

import "strings"

// arn is an Amazon Resource Name in its six fields.
type arn struct {
	partition, service, region, account, resource string
}

// parseARN splits arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE. A partition
// is aws or begins with aws-.
func parseARN(text string) (arn, bool) {
	a := arn{}
	rest, ok := strings.CutPrefix(text, "arn:")
	for _, field := range [...]*string{&a.partition, &a.service, &a.region, &a.account} {
		var more bool
		*field, rest, more = strings.Cut(rest, ":")
		ok = ok && more
	}
	if !ok || !isPartition(a.partition) {
		return arn{}, false
	}
	a.resource = rest
	return a, true
}

func isPartition(text string) bool {
	rest, ok := strings.CutPrefix(text, commercial)
	if !ok || rest != "" && (rest[0] != '-' || rest == "-") {
		return false
	}
	for i := range len(rest) {
		if c := rest[i]; c != '-' && !('a' <= c && c <= 'z') && !('0' <= c && c <= '9') {
			return false
		}
	}
	return true
}

// isARN tells a role's ARN from a profile's name: no name of a profile that
// the SDKs accept begins like this.
func isARN(text string) bool { return strings.HasPrefix(text, "arn:") }

// splitARNs splits a list of ARNs at the commas between them: the names of
// roles and policies may hold commas, too.
func splitARNs(text string) []string {
	var arns []string
	for _, part := range strings.Split(text, ",") {
		arn := strings.TrimSpace(part)
		switch {
		case arn == "":
		case len(arns) > 0 && part[0] == arn[0] && !isARN(arn):
			arns[len(arns)-1] += "," + arn
		default:
			arns = append(arns, arn)
		}
	}
	return arns
}

// partitionOfARN returns an ARN's partition, or "" of what is none.
func partitionOfARN(text string) string {
	a, _ := parseARN(text)
	return a.partition
}

// AccountOf returns the 12 digits of the account in an ARN, or "" where there
// are none.
func AccountOf(text string) string {
	if a, ok := parseARN(text); ok && isAccount(a.account) {
		return a.account
	}
	return ""
}

// checkRoleARN wants arn:PARTITION:iam::ACCOUNT:role/PATH/NAME.
func checkRoleARN(g given) error {
	if a, ok := parseARN(g.Text); ok && a.isIAM("role/") && len(g.Text) <= 2048 {
		return nil
	}
	return g.invalid("%q is not a role's ARN", g.Text).Fix("write arn:aws:iam::ACCOUNT:role/NAME with the account's 12 digits")
}

// checkSAMLProviderARN wants arn:PARTITION:iam::ACCOUNT:saml-provider/NAME.
func checkSAMLProviderARN(g given) error {
	if a, ok := parseARN(g.Text); ok && a.isIAM("saml-provider/") && len(g.Text) <= 2048 {
		return nil
	}
	return g.invalid("%q is not a SAML provider's ARN", g.Text).Fix("write arn:aws:iam::ACCOUNT:saml-provider/NAME")
}

// isIAM reports whether the ARN is of an IAM resource of this kind in an
// account of its own.
func (a arn) isIAM(kind string) bool {
	rest, ok := strings.CutPrefix(a.resource, kind)
	return ok && a.service == "iam" && a.region == "" && isAccount(a.account) && isIAMPath(rest)
}

// isIAMPath wants a name, or a path of printable ASCII and a name.
func isIAMPath(text string) bool {
	for i := range len(text) {
		if text[i] < '!' || text[i] > '~' {
			return false
		}
	}
	name := text[strings.LastIndexByte(text, '/')+1:]
	return checkName(given{Value: Value{Text: name}}, 1, 128, "+=,.@-") == nil
}
