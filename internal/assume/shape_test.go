package assume

import (
	"reflect"
	"testing"
	"time"

	"assume-role/internal/cache"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

// shapeless are the fields that change nothing about what STS returns.
var shapeless = map[string]string{
	"Call.Profile":         "profiles that ask for the same share a session",
	"Call.Settings":        "where a setting was read",
	"Call.Chained":         "its effect is in Duration",
	"Call.DurationGiven":   "an error, and only above an hour",
	"Call.Conditional":     "whether the call is made",
	"Call.FederatedName":   "not AssumeRole's",
	"Endpoint.Region":      "sessions are good in all regions of a partition",
	"Endpoint.CABundle":    "how, not what, is asked",
	"Endpoint.CABundleAt":  "where a setting was read",
	"Endpoint.MaxAttempts": "how, not what, is asked",
	"Endpoint.Adaptive":    "how, not what, is asked",
}

// TestEveryFieldShapesTheKey changes one field at a time. A field added to the
// plan fails here until it is in shape or in the list above.
func TestEveryFieldShapesTheKey(t *testing.T) {
	t.Parallel()
	base := key(profile.Call{Kind: profile.AssumeRole}, profile.Endpoint{})
	for _, typ := range []reflect.Type{reflect.TypeFor[profile.Call](), reflect.TypeFor[profile.Endpoint]()} {
		for i := range typ.NumField() {
			name := typ.Name() + "." + typ.Field(i).Name
			call, endpoint := profile.Call{Kind: profile.AssumeRole}, profile.Endpoint{}
			field := reflect.ValueOf(&call).Elem()
			if typ == reflect.TypeFor[profile.Endpoint]() {
				field = reflect.ValueOf(&endpoint).Elem()
			}
			change(t, field.Field(i))
			_, shares := shapeless[name]
			if same := key(call, endpoint) == base; same != shares {
				t.Errorf("%s: same key %v, want %v", name, same, shares)
			}
		}
	}
}

func key(call profile.Call, endpoint profile.Endpoint) string {
	return cache.Key(shape(&call, "name", endpoint, "before"))
}

func change(t *testing.T, v reflect.Value) {
	t.Helper()
	switch x := v.Addr().Interface().(type) {
	case *string:
		*x = "other"
	case *profile.Kind:
		*x = profile.SessionToken
	case *bool:
		*x = true
	case *int:
		*x = 7
	case *time.Duration:
		*x = time.Hour
	case **profile.Device:
		*x = &profile.Device{Serial: "other"}
	case *[]string:
		*x = []string{"other"}
	case *[]profile.Tag:
		*x = []profile.Tag{{Key: "k", Value: "v"}}
	case *fault.Origin:
		*x = fault.Origin{Line: 1}
	case *map[string]fault.Origin:
		*x = map[string]fault.Origin{"role_arn": {Line: 1}}
	default:
		t.Fatalf("no other value for %T", x)
	}
}

func TestKeyDependsOnWhatCameBefore(t *testing.T) {
	t.Parallel()
	call := profile.Call{Kind: profile.SessionToken}
	a, b := cache.Key(shape(&call, "n", profile.Endpoint{}, "a")), cache.Key(shape(&call, "n", profile.Endpoint{}, "b"))
	if a == b {
		t.Error("two sources share a session")
	}
	if key(profile.Call{Kind: profile.FederationToken, FederatedName: "a"}, profile.Endpoint{}) == key(profile.Call{Kind: profile.FederationToken, FederatedName: "b"}, profile.Endpoint{}) {
		t.Error("two federated users share a session")
	}
}

// A generated name is part of an AssumeRole, and of nothing else.
func TestGeneratedNameShapesRolesOnly(t *testing.T) {
	t.Parallel()
	for kind, same := range map[profile.Kind]bool{profile.AssumeRole: false, profile.SessionToken: true, profile.FederationToken: true} {
		call := profile.Call{Kind: kind}
		a, b := cache.Key(shape(&call, "alice@x", profile.Endpoint{}, "")), cache.Key(shape(&call, "bob@x", profile.Endpoint{}, ""))
		if (a == b) != same {
			t.Errorf("%s: same key %v", kind, a == b)
		}
	}
}

// Tags must not run into each other: {a=b,c} {} and {a} {b,c} are different.
func TestTagsAreToldApart(t *testing.T) {
	t.Parallel()
	one := profile.Call{Kind: profile.AssumeRole, Tags: []profile.Tag{{Key: "a", Value: "b"}, {Key: "c", Value: "d"}}}
	two := profile.Call{Kind: profile.AssumeRole, Tags: []profile.Tag{{Key: "a", Value: "b c"}, {Key: "", Value: "d"}}}
	if key(one, profile.Endpoint{}) == key(two, profile.Endpoint{}) {
		t.Error("different tags share a session")
	}
}
