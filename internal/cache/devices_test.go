package cache

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestIndexOfDevices(t *testing.T) {
	t.Parallel()
	x := newRig(t).Index
	must(t, x.PutKey(StoredKey{Profile: "a", AccessKeyID: "AKIA"}))
	for _, serial := range []string{"arn:b", "arn:a", "arn:b"} {
		must(t, x.PutDevice(serial))
	}
	must(t, x.putSession(at("1", "a", start.Add(time.Hour))))
	if got := read(t, x); !cmp.Equal(got.Devices, []string{"arn:a", "arn:b"}) || len(got.Keys) != 1 || len(got.Sessions) != 1 {
		t.Errorf("%+v", got)
	}
	must(t, x.RemoveDevice("arn:a"))
	must(t, x.RemoveDevice("none"))
	if got := read(t, x).Devices; !cmp.Equal(got, []string{"arn:b"}) {
		t.Errorf("left are %q", got)
	}
}
