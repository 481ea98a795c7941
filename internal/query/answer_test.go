package query

import (
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"
)

func TestDecode(t *testing.T) {
	t.Parallel()
	const role = "<Role><Arn>arn</Arn><RoleId>AROA</RoleId><MaxSessionDuration>3600</MaxSessionDuration></Role>"
	var want roleResult
	want.Role.ID, want.Role.ARN, want.Role.MaxSessionDuration = "AROA", "arn", 3600
	for name, text := range map[string]string{
		"as AWS has it":   told("GetRole", role),
		"a declaration":   `<?xml version="1.0" encoding="UTF-8"?>` + "\n" + told("GetRole", role),
		"blanks":          "\n  " + told("GetRole", "\n"+role+"\n") + "\n",
		"a comment":       "<!-- c -->" + told("GetRole", "<!-- c -->"+role),
		"a prefix":        `<i:GetRoleResponse xmlns:i="x"><i:GetRoleResult>` + role + "</i:GetRoleResult></i:GetRoleResponse>",
		"more around it":  "<GetRoleResponse><New><GetRoleResult/></New><GetRoleResult>" + role + "</GetRoleResult><New/></GetRoleResponse>",
		"more within it":  told("GetRole", "<New>1</New>"+strings.Replace(role, "<Role>", "<Role><Tags><member><Key>RoleId</Key></member></Tags>", 1)),
		"another order":   told("GetRole", "<Role><MaxSessionDuration>3600</MaxSessionDuration><RoleId>AROA</RoleId><Arn>arn</Arn></Role>"),
		"escaped":         told("GetRole", strings.Replace(role, "AROA", "&#65;ROA", 1)),
		"character data":  told("GetRole", strings.Replace(role, "AROA", "<![CDATA[AROA]]>", 1)),
		"what comes then": told("GetRole", role) + "and so on",
	} {
		var got roleResult
		if err := decode([]byte(text), "GetRole", &got); err != nil || got != want {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	if err := decode([]byte(done("PutRolePolicy")), "PutRolePolicy", nil); err != nil {
		t.Error(err)
	}
	if err := decode([]byte("<PutRolePolicyResponse/>"), "PutRolePolicy", nil); err != nil {
		t.Error(err)
	}
}

// An answer that was cut off anywhere is none, and says so, for it may be asked
// for again.
func TestDecodeCutOff(t *testing.T) {
	t.Parallel()
	for operation, tc := range map[string]struct {
		text   string
		result any
	}{
		"ListAccessKeys": {told("ListAccessKeys", "<AccessKeyMetadata><member><AccessKeyId>AKIA&amp;</AccessKeyId><Status>Active</Status></member></AccessKeyMetadata><IsTruncated>false</IsTruncated>"), &keysResult{}},
		"PutRolePolicy":  {done("PutRolePolicy"), nil},
	} {
		for n := range len(tc.text) {
			err := decode([]byte(tc.text[:n]), operation, tc.result)
			var way *smithy.DeserializationError
			if !errors.As(err, &way) || !errors.Is(err, io.ErrUnexpectedEOF) && !cutOff(err) {
				t.Errorf("%s: %v", tc.text[:n], err)
			}
		}
	}
}

func TestDecodeForeign(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"OK", "{}", "<html></html>", "<!DOCTYPE html><html></html>", "GetRoleResponse", "\ufeff" + told("GetRole", ""),
		done("GetRole"), done("GetUser"), told("GetUser", "<User/>"), "<GetRoleResult/>", "<getroleresponse><getroleresult/></getroleresponse>",
		"<ErrorResponse><Error><Code>X</Code></Error></ErrorResponse>", "<GetRoleResponse><New><GetRoleResult/></New></GetRoleResponse>",
	} {
		err := decode([]byte(text), "GetRole", &roleResult{})
		if !errors.Is(err, errForeign) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestDecodeBroken(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		told("GetRole", "<Role></User>"), told("GetRole", "<Role>&nbsp;</Role>"), told("GetRole", "<Role><MaxSessionDuration>1h</MaxSessionDuration></Role>"),
		told("GetRole", "<Role><MaxSessionDuration>99999999999</MaxSessionDuration></Role>"), told("GetRole", "<Role><Arn>\xff</Arn></Role>"),
		`<?xml version="1.0" encoding="UTF-16"?>` + told("GetRole", ""), `<?xml version="2.0"?>` + told("GetRole", ""), "<a:b:c/>", "<<",
	} {
		err := decode([]byte(text), "GetRole", &roleResult{})
		if err == nil || errors.Is(err, io.ErrUnexpectedEOF) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", text, err)
		}
	}
	if err := decode([]byte(told("ListAccessKeys", "<AccessKeyMetadata><member><CreateDate>today</CreateDate></member></AccessKeyMetadata>")), "ListAccessKeys", &keysResult{}); err == nil {
		t.Error("a date that is none")
	}
}

func TestDecodeList(t *testing.T) {
	t.Parallel()
	text := told("ListAccessKeys", `<Marker>m&amp;1</Marker><IsTruncated>true</IsTruncated><AccessKeyMetadata>
<member><AccessKeyId>A</AccessKeyId><Status>Inactive</Status><CreateDate>2016-12-03T18:53:41+01:00</CreateDate></member>
<member><AccessKeyId>B</AccessKeyId></member></AccessKeyMetadata>`)
	var got keysResult
	if err := decode([]byte(text), "ListAccessKeys", &got); err != nil {
		t.Fatal(err)
	}
	made := time.Date(2016, 12, 3, 17, 53, 41, 0, time.UTC)
	if len(got.Keys) != 2 || got.Keys[0].ID != "A" || got.Keys[0].Status != "Inactive" || !got.Keys[0].CreateDate.Equal(made) || !got.Keys[1].CreateDate.IsZero() {
		t.Errorf("%+v", got)
	}
	if got.Marker != "m&1" || !got.IsTruncated {
		t.Errorf("%+v", got)
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	type refusal struct{ Code, Message, RequestID string }
	for text, want := range map[string]refusal{
		`<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>a &lt;b&gt;</Message></Error><RequestId>r</RequestId></ErrorResponse>`: {"NoSuchEntity", "a <b>", "r"},
		"<ErrorResponse><Error><Code>X</Code></Error></ErrorResponse>":           {"X", "", ""},
		"<Response><Error><Code>X</Code><Message>m</Message></Error></Response>": {"X", "m", ""},
		"<ErrorResponse><RequestId>r</RequestId></ErrorResponse>":                {unknownCode, unknownCode, "r"},
		"<Response><Errors><Error><Code>X</Code></Error></Errors></Response>":    {unknownCode, unknownCode, ""},
		"":                                {unknownCode, unknownCode, ""},
		"  \n":                            {unknownCode, unknownCode, ""},
		"Service Unavailable":             {unknownCode, unknownCode, ""},
		`{"Code":"X"}`:                    {unknownCode, unknownCode, ""},
		"<html><body><p>no</body></html>": {unknownCode, unknownCode, ""},
	} {
		id, err := refused([]byte(text))
		var api *smithy.GenericAPIError
		if !errors.As(err, &api) {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if diff := cmp.Diff(want, refusal{api.Code, api.Message, id}); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
	}
	id, err := refused([]byte("<ErrorResponse><Error><Code>X</Code><Message>m</Mess"))
	var way *smithy.DeserializationError
	if !errors.As(err, &way) || !cutOff(err) || id != "" {
		t.Errorf("%q, %v", id, err)
	}
}

// FuzzDecode gives any text for an answer, cut off anywhere: it is decoded or
// refused, and nothing of it that was taken changes with what comes after.
func FuzzDecode(f *testing.F) {
	for _, text := range []string{told("GetRole", "<Role><Arn>a</Arn></Role>"), told("ListAccessKeys", "<AccessKeyMetadata><member><AccessKeyId>A</AccessKeyId></member></AccessKeyMetadata>"), done("PutRolePolicy")} {
		f.Add(text, len(text)/2)
	}
	for _, text := range []string{"", "OK", "<html>", "<GetRoleResponse/>", "<?xml?>", "<!DOCTYPE x [<!ENTITY a \"b\">]><GetRoleResponse>&a;</GetRoleResponse>", told("GetRole", strings.Repeat("<a>", 20000))} {
		f.Add(text, 0)
	}
	f.Fuzz(func(t *testing.T, text string, end int) {
		end = min(max(end, 0), len(text))
		for operation, result := range map[string]func() any{
			"GetRole": func() any { return &roleResult{} }, "ListAccessKeys": func() any { return &keysResult{} },
			"PutRolePolicy": func() any { return nil },
		} {
			part, whole := result(), result()
			if decode([]byte(text[:end]), operation, part) != nil {
				continue
			}
			if err := decode([]byte(text), operation, whole); err != nil || !cmp.Equal(part, whole, cmp.Exporter(func(reflect.Type) bool { return true })) || !strings.Contains(text, operation+"Response") {
				t.Errorf("%s of %q, after %d: %+v, %+v, %v", operation, text, end, part, whole, err)
			}
		}
	})
}

// FuzzRefused gives any text for a refusal: there is an error with a code, or
// one that says the text was cut off.
func FuzzRefused(f *testing.F) {
	f.Add("<ErrorResponse><Error><Code>X</Code><Message>m</Message></Error><RequestId>r</RequestId></ErrorResponse>")
	f.Add("<ErrorResponse><Error><Code>X</Co")
	f.Add("<html><p></html>")
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		_, err := refused([]byte(text))
		var api *smithy.GenericAPIError
		if !(errors.As(err, &api) && api.Code != "") && !cutOff(err) {
			t.Errorf("%q: %v", text, err)
		}
	})
}
