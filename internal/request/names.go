package request

import "strings"

// signingName is the name that a service's requests are signed for, of the
// labels of a host that stand before its region. Where a host has it in no
// label, the service reference has it.
func signingName(labels []string) string {
	n := len(labels)
	label := withoutFIPS(labels[n-1])
	if n > 1 {
		if name, ok := namesBehind()[withoutFIPS(labels[n-2])+"."+label]; ok {
			return name
		}
	}
	if n > 1 && label == "iot" && labels[n-2] != "api" { // ID-ats.iot.REGION
		return "iotdata"
	}
	if name, ok := names()[label]; ok {
		return name
	}
	return ofFamily(label)
}

// ofFamily is for services that sign under the name of their family.
func ofFamily(label string) string {
	for _, family := range []struct{ prefix, suffix, name string }{
		{"bedrock-agentcore", "", "bedrock-agentcore"},
		{"bedrock-", "", "bedrock"},
		{"", "-marketplace", "aws-marketplace"},
		{"", "-chime", "chime"},
		{"", "-v2-lex", "lex"},
		{"personalize-", "", "personalize"},
	} {
		if strings.HasPrefix(label, family.prefix) && strings.HasSuffix(label, family.suffix) {
			return family.name
		}
	}
	return label
}

// withoutFIPS is a label as it is on the plain host.
func withoutFIPS(label string) string {
	label = strings.TrimPrefix(strings.TrimSuffix(label, "-fips"), "fips-")
	return strings.Replace(label, "-fips-", "-", 1)
}

// namesBehind are those of hosts that differ from their service's in the label
// before it.
func namesBehind() map[string]string {
	return map[string]string{
		"api.iot-tunneling":   "IoTSecuredTunneling",
		"data.iotevents":      "ioteventsdata",
		"jobs.iot":            "iot-jobs-data",
		"tunneling.iot":       "IoTSecuredTunneling",
		"maps.geo":            "geo-maps",
		"oidc.sso":            "sso-oauth",
		"participant.connect": "execute-api",
		"places.geo":          "geo-places",
		"portal.sso":          "awsssoportal",
		"routes.geo":          "geo-routes",
		"sms-voice.pinpoint":  "sms-voice",
	}
}

// names are those of services whose hosts have another name.
func names() map[string]string {
	return map[string]string{
		"arc-recovery-control-config": "route53-recovery-control-config",
		"aos":                         "es",
		"appconfigdata":               "appconfig",
		"appstream2":                  "appstream",
		"appsync-api":                 "appsync",
		"appsync-realtime-api":        "appsync",
		"cassandra-streams":           "cassandra",
		"cloudhsmv2":                  "cloudhsm",
		"cloudsearchdomain":           "cloudsearch",
		"contact-lens":                "connect",
		"control-kinesis":             "kinesis",
		"data-kinesis":                "kinesis",
		"data-signer":                 "signer",
		"ddb":                         "dynamodb",
		"efs":                         "elasticfilesystem",
		"email":                       "ses",
		"forecastquery":               "forecast",
		"ivsrealtime":                 "ivs",
		"kafka-api":                   "kafka",
		"lambda-url":                  "lambda",
		"mail-manager":                "ses",
		"marketplace":                 "aws-marketplace",
		"memory-db":                   "memorydb",
		"migrationhub-config":         "mgh",
		"oidc":                        "sso-oauth",
		"pinpoint":                    "mobiletargeting",
		"queue":                       "sqs",
		"servicecatalog-appregistry":  "servicecatalog",
		"streams-dynamodb":            "dynamodb",
		"sync-states":                 "states",
		"timestream-ingest":           "timestream",
		"timestream-query":            "timestream",
		"transcribestreaming":         "transcribe",
	}
}
