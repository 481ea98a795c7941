package request

import (
	"os"
	"strings"
	"testing"
)

// TestHosts has hosts of AWS as the endpoint rules of its SDKs make them: every
// service whose signing name is not its first label, and some of the rest,
// plain, FIPS and dual-stack, of three partitions.
func TestHosts(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/hosts.txt")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	if len(lines) < 600 {
		t.Fatalf("only %d hosts", len(lines))
	}
	for _, line := range lines {
		field := strings.Fields(line)
		if got, ok := ScopeOf(field[0]); !ok || got != (Scope{field[1], field[2]}) {
			t.Errorf("%s: %+v, %v", line, got, ok)
		}
	}
}

// Hosts with a customer's name in them, and those that no rule makes.
func TestHostsOfCustomers(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]Scope{
		"abc123.execute-api.eu-west-1.amazonaws.com":                    {"execute-api", "eu-west-1"},
		"abc123-vpce-0a1b.execute-api.eu-west-1.amazonaws.com":          {"execute-api", "eu-west-1"},
		"vpce-0a1b-c2d3.execute-api.eu-west-1.vpce.amazonaws.com":       {"execute-api", "eu-west-1"},
		"vpce-0a1b-c2d3-eu-west-1a.ec2.eu-west-1.vpce.amazonaws.com":    {"ec2", "eu-west-1"},
		"abcdef.lambda-url.eu-west-1.on.aws":                            {"lambda", "eu-west-1"},
		"abcdef.dsql.us-east-1.on.aws":                                  {"dsql", "us-east-1"},
		"svc-1.id.vpc-lattice-svcs.eu-west-1.on.aws":                    {"vpc-lattice-svcs", "eu-west-1"},
		"0a1b2c.eu-central-1.aoss.amazonaws.com":                        {"aoss", "eu-central-1"},
		"search-logs-abc.eu-west-1.es.amazonaws.com":                    {"es", "eu-west-1"},
		"search-logs-abc.us-gov-west-1.es.amazonaws.com":                {"es", "us-gov-west-1"},
		"doc-x.eu-west-1.cloudsearch.amazonaws.com":                     {"cloudsearch", "eu-west-1"},
		"0123ABCD.gr7.eu-west-1.eks.amazonaws.com":                      {"eks", "eu-west-1"},
		"eu-west-1.queue.amazonaws.com":                                 {"sqs", "eu-west-1"},
		"queue.amazonaws.com":                                           {"sqs", "us-east-1"},
		"xyz.appsync-api.eu-west-1.amazonaws.com":                       {"appsync", "eu-west-1"},
		"a1b2-ats.iot.eu-west-1.amazonaws.com":                          {"iotdata", "eu-west-1"},
		"iot.eu-west-1.amazonaws.com":                                   {"iot", "eu-west-1"},
		"123456789012.ddb.eu-west-1.amazonaws.com":                      {"dynamodb", "eu-west-1"},
		"streams.dynamodb.eu-west-1.amazonaws.com":                      {"dynamodb", "eu-west-1"},
		"STS.EU-WEST-1.AMAZONAWS.COM.":                                  {"sts", "eu-west-1"},
		"sts.amazonaws.com":                                             {"sts", "us-east-1"},
		"iam.amazonaws.com":                                             {"iam", "us-east-1"},
		"iam.us-gov.amazonaws.com":                                      {"iam", "us-gov-west-1"},
		"route53.amazonaws.com.cn":                                      {"route53", "cn-northwest-1"},
		"organizations.us-east-1.amazonaws.com":                         {"organizations", "us-east-1"},
		"sts.us-iso-east-1.c2s.ic.gov":                                  {"sts", "us-iso-east-1"},
		"sts.eusc-de-east-1.amazonaws.eu":                               {"sts", "eusc-de-east-1"},
		"a-new-service.eu-west-1.amazonaws.com":                         {"a-new-service", "eu-west-1"},
		"bucket.s3.eu-west-1.amazonaws.com":                             {"s3", "eu-west-1"},
		"my.dotted.bucket.s3.eu-west-1.amazonaws.com":                   {"s3", "eu-west-1"},
		"s3.s3.eu-west-1.amazonaws.com":                                 {"s3", "eu-west-1"},
		"bucket.s3.amazonaws.com":                                       {"s3", "us-east-1"},
		"us-gov-data.s3.amazonaws.com":                                  {"s3", "us-east-1"},
		"eu-west-1.s3.amazonaws.com":                                    {"s3", "us-east-1"},
		"bucket.s3-eu-west-1.amazonaws.com":                             {"s3", "eu-west-1"},
		"bucket.s3.dualstack.eu-west-1.amazonaws.com":                   {"s3", "eu-west-1"},
		"bucket.s3-fips.us-east-1.amazonaws.com":                        {"s3", "us-east-1"},
		"bucket.s3-fips.dualstack.us-east-1.amazonaws.com":              {"s3", "us-east-1"},
		"bucket.s3-accelerate.amazonaws.com":                            {"s3", ""},
		"bucket.s3-accelerate.dualstack.amazonaws.com":                  {"s3", ""},
		"bucket.s3.cn-north-1.amazonaws.com.cn":                         {"s3", "cn-north-1"},
		"ap-123456789012.s3-accesspoint.eu-west-1.amazonaws.com":        {"s3", "eu-west-1"},
		"ap-123456789012.s3-object-lambda.eu-west-1.amazonaws.com":      {"s3-object-lambda", "eu-west-1"},
		"ap-1.op-01ac5d28a6a232904.s3-outposts.eu-west-1.amazonaws.com": {"s3-outposts", "eu-west-1"},
		"123456789012.s3-control.eu-west-1.amazonaws.com":               {"s3", "eu-west-1"},
		"b--euw1-az1--x-s3.s3express-euw1-az1.eu-west-1.amazonaws.com":  {"s3express", "eu-west-1"},
		"bucket.bucket.vpce-0a1b-c2d3.s3.eu-west-1.vpce.amazonaws.com":  {"s3", "eu-west-1"},
	} {
		if got, ok := ScopeOf(host); !ok || got != want {
			t.Errorf("%s: %+v, %v, not %+v", host, got, ok, want)
		}
	}
}

// What is not AWS's, is not signed, or is signed otherwise.
func TestHostsOfNobody(t *testing.T) {
	t.Parallel()
	for _, host := range []string{
		"", ".", "localhost", "127.0.0.1", "[::1]", "example.com", "amazonaws.com", "sts.eu-west-1.amazonaws.com.evil.example",
		"xamazonaws.com", "on.aws", "x.on.aws", "a.b.amazonaws.com", "d111111abcdef8.cloudfront.net",
		"bucket.s3-website-eu-west-1.amazonaws.com", "bucket.s3-website.eu-central-1.amazonaws.com", "alias.accesspoint.s3-global.amazonaws.com",
	} {
		if got, ok := ScopeOf(host); ok {
			t.Errorf("%q: %+v", host, got)
		}
	}
}

// FuzzScopeOf: any host is told in words that a signature's scope can hold.
func FuzzScopeOf(f *testing.F) {
	for _, seed := range []string{"sts.eu-west-1.amazonaws.com", "a..b.amazonaws.com", ".amazonaws.com", "s3.dualstack.amazonaws.com", "vpce.amazonaws.com", "-fips.api.aws"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, host string) {
		scope, ok := ScopeOf(host)
		if ok && (scope.Service == "" || strings.ContainsAny(scope.Service+scope.Region, ". /")) && !strings.ContainsAny(host, " /") {
			t.Errorf("%q: %+v", host, scope)
		}
	})
}
