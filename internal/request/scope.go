package request

import (
	"slices"
	"strings"

	"assume-role/internal/profile"
)

// Scope is what a signature is for: a service by its signing name, which is
// mostly the one in its host names, and a region.
type Scope struct{ Service, Region string }

// ScopeOf tells the scope of an AWS host by its name
// (https://docs.aws.amazon.com/general/latest/gr/rande.html). Region is empty
// where the name has none and its service has no single one. ok is false for
// a host that is not AWS's, or whose name does not tell.
func ScopeOf(host string) (s Scope, ok bool) {
	labels, global := labelsOf(host)
	if labels == nil {
		return Scope{}, false
	}
	if s, found := ofS3(labels, global); found {
		return s, s.Service != ""
	}
	s, ok = ofLabels(labels, global)
	return s, ok && s.Service != ""
}

// labelsOf are those before AWS's domain; nil where the host has another one.
func labelsOf(host string) (labels []string, global string) {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	before, global, ok := profile.SplitDomain(host)
	if !ok {
		// What customers run has addresses there: lambda-url, dsql.
		before, ok = strings.CutSuffix(host, ".on.aws")
	}
	if !ok || before == "" {
		return nil, ""
	}
	labels = strings.Split(before, ".")
	if n := len(labels) - 1; n > 0 && labels[n] == "vpce" || n > 1 && labels[n] == "us-gov" && isRegion(labels[n-1]) {
		labels = labels[:n]
	}
	return labels, global
}

// ofLabels reads [PREFIX.]SERVICE.REGION, ID.REGION.SERVICE, REGION.SERVICE and
// SERVICE.
func ofLabels(labels []string, global string) (Scope, bool) {
	n := len(labels)
	switch {
	case n > 1 && isRegion(labels[n-1]):
		return regional(signingName(labels[:n-1]), labels[n-1]), true
	case n > 1 && isRegion(labels[n-2]):
		return Scope{signingName(labels[n-1:]), labels[n-2]}, true
	case n > 1 && (labels[n-1] == "global" || labels[n-1] == "us-gov"):
		labels = labels[:n-1]
	}
	return Scope{signingName(labels), global}, global != "" && len(labels) == 1
}

// regional is the scope at a region's host. Some services have such hosts and
// sign for one region all the same.
func regional(service, region string) Scope {
	switch service {
	case "sustainability":
		region = "us-east-1"
	}
	return Scope{service, region}
}

// isRegion wants the number at the end that every region's name has, which
// services' names do not.
func isRegion(label string) bool {
	parts := strings.Split(label, "-")
	last := parts[len(parts)-1]
	return len(parts) > 2 && len(parts[0]) <= 4 && strings.Trim(last, "0123456789") == "" && profile.IsRegion(label)
}

// ofS3 reads the hosts of S3, whose buckets are labels themselves and may have
// dots: the last label that is S3's counts. found is true for S3's hosts, also
// for those whose requests have no signature of this kind; these have no
// service.
func ofS3(labels []string, global string) (s Scope, found bool) {
	for i, label := range slices.Backward(labels) {
		name := withoutFIPS(label)
		rest := slices.DeleteFunc(slices.Clone(labels[i+1:]), func(l string) bool { return l == "dualstack" })
		if s, found := withoutRegion(name, global); found && len(rest) == 0 {
			return s, true
		}
		if name == "s3-website" {
			return Scope{}, true
		}
		service := s3Service(name)
		if service != "" && len(rest) == 1 && isRegion(rest[0]) {
			return Scope{service, rest[0]}, true
		}
	}
	return Scope{}, false
}

// withoutRegion reads the labels of S3 that stand right before the domain.
func withoutRegion(name, global string) (s Scope, found bool) {
	old, isOld := strings.CutPrefix(name, "s3-")
	switch {
	case name == "s3", name == "s3-external-1":
		return Scope{"s3", global}, true
	case isOld && isRegion(old):
		return Scope{"s3", old}, true
	case name == "s3-accelerate":
		return Scope{"s3", ""}, true
	case name == "s3-global", strings.HasPrefix(name, "s3-website-"):
		return Scope{}, true // SigV4A, and no signature at all
	}
	return Scope{}, false
}

// s3Service is the signing name of a label of S3's that stands before a
// region; empty for other labels.
func s3Service(label string) string {
	switch {
	case label == "s3", label == "s3-control", label == "s3-accesspoint":
		return "s3"
	case label == "s3-object-lambda", label == "s3-outposts":
		return label
	case strings.HasPrefix(label, "s3express-"):
		return "s3express"
	}
	return ""
}
