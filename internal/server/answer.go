package server

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"assume-role/internal/creds"
)

// containerAnswer is the document of the container endpoint. The secret fields
// are plain strings: this is where they are handed over.
type containerAnswer struct {
	AccessKeyID     string `json:"AccessKeyId"`
	SecretAccessKey string
	Token           string
	Expiration      string
	RoleARN         string `json:"RoleArn,omitempty"`
	AccountID       string `json:"AccountId,omitempty"`
}

// metadataAnswer is that of instance metadata
// (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-security-credentials.html).
type metadataAnswer struct {
	Code            string
	LastUpdated     string
	Type            string
	AccessKeyID     string `json:"AccessKeyId"`
	SecretAccessKey string
	Token           string
	Expiration      string
}

func containerJSON(c creds.Credentials, role string) []byte {
	return document(containerAnswer{
		AccessKeyID: c.AccessKeyID, SecretAccessKey: c.SecretAccessKey.Reveal(), Token: c.SessionToken.Reveal(),
		Expiration: c.ExpirationText(), RoleARN: role, AccountID: c.AccountID,
	})
}

func metadataJSON(c creds.Credentials, obtained time.Time) []byte {
	return document(metadataAnswer{
		Code: "Success", LastUpdated: timestamp(obtained), Type: "AWS-HMAC",
		AccessKeyID: c.AccessKeyID, SecretAccessKey: c.SecretAccessKey.Reveal(), Token: c.SessionToken.Reveal(),
		Expiration: c.ExpirationText(),
	})
}

// document is v as JSON; strings only, so it cannot fail.
func document(v any) []byte {
	b, _ := json.Marshal(v)
	return b
}

// timestamp is a time as the metadata service writes it.
func timestamp(t time.Time) string { return t.UTC().Truncate(time.Second).Format(time.RFC3339) }

// problem is an error as SDKs read it: some want the names in lower case.
type problem struct {
	Code         string
	Message      string
	LastUpdated  string `json:",omitempty"`
	LowerCode    string `json:"code"`
	LowerMessage string `json:"message"`
}

func newProblem(code, message string) problem {
	return problem{Code: code, Message: message, LowerCode: code, LowerMessage: message}
}

// refuse says no, and no more than the status does.
func refuse(w http.ResponseWriter, status int) {
	text := http.StatusText(status)
	w.Header()["Connection"] = []string{"close"}
	sendJSON(w, status, document(newProblem(strings.ReplaceAll(text, " ", ""), text)))
}

func sendJSON(w http.ResponseWriter, status int, body []byte) {
	send(w, status, "application/json", body)
}

func sendText(w http.ResponseWriter, body string) {
	send(w, http.StatusOK, "text/plain; charset=utf-8", []byte(body))
}

func send(w http.ResponseWriter, status int, kind string, body []byte) {
	w.Header()["Content-Type"] = []string{kind}
	w.Header()["Content-Length"] = []string{strconv.Itoa(len(body))}
	w.WriteHeader(status)
	_, _ = w.Write(body) // a client that is gone needs none
}
