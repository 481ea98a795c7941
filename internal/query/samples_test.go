package query

import (
	"strings"
	"time"
)

// done is the answer to an operation without a result.
func done(name string) string {
	return "<" + name + `Response xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><ResponseMetadata><RequestId>7a62c49f-347e-4fc4-9331-6e8eEXAMPLE</RequestId></ResponseMetadata></` + name + "Response>"
}

// told is the answer to one with a result.
func told(name, result string) string {
	return strings.Replace(done(name), "<ResponseMetadata>", "\n  <"+name+"Result>\n"+result+"\n  </"+name+"Result>\n  <ResponseMetadata>", 1)
}

// roleResult is one thing that an answer can hold, keysResult a list.
type roleResult struct {
	Role struct {
		ID                 string `xml:"RoleId"`
		ARN                string `xml:"Arn"`
		MaxSessionDuration int32
	}
}

type keysResult struct {
	Marker      string
	IsTruncated bool
	Keys        []struct {
		ID         string `xml:"AccessKeyId"`
		Status     string
		CreateDate time.Time
	} `xml:"AccessKeyMetadata>member"`
}
