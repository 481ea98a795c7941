package keystore

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
)

const alice = "arn:aws:iam::123456789012:mfa/alice"

// strangeSerials are what AWS may call a device: letters of both cases, paths,
// and more of them than a file name takes.
func strangeSerials() []string {
	return []string{
		alice, "arn:aws:iam::123456789012:mfa/Alice", "GAHT12345678", "arn:aws-cn:iam::1:mfa/a/b/c+d=e,f.g@h-i_j",
		"arn:aws:iam::123456789012:mfa/" + strings.Repeat("Team/", 40) + "zoe",
	}
}

// contractTOTPs is what every backend promises of TOTP secrets.
func contractTOTPs(t *testing.T, open func(testing.TB) *Ring) {
	totps := open(t).TOTPs()
	serials := strangeSerials()
	for i, serial := range serials {
		if err := totps.SaveTOTP(secretOf(serial, i)); err != nil {
			t.Fatalf("SaveTOTP(%q): %v", serial, err)
		}
	}
	again := open(t).TOTPs()
	for i, serial := range serials {
		got, err := again.LoadTOTP(serial)
		if diff := cmp.Diff(secretOf(serial, i), got); err != nil || diff != "" {
			t.Errorf("LoadTOTP(%q): %v\n%s", serial, err, diff)
		}
	}
	slices.Sort(serials)
	listed, err := again.Serials()
	if diff := cmp.Diff(serials, listed); err != nil || diff != "" {
		t.Errorf("Serials: %v\n%s", err, diff)
	}
	for _, serial := range serials {
		if err := again.RemoveTOTP(serial); err != nil {
			t.Errorf("RemoveTOTP(%q): %v", serial, err)
		}
	}
	if _, err := again.LoadTOTP(alice); !errors.Is(err, ErrNotFound) {
		t.Errorf("LoadTOTP after RemoveTOTP: %v, want ErrNotFound", err)
	}
}

// secretOf is the i-th secret, for a device.
func secretOf(serial string, i int) TOTP {
	return TOTP{Serial: serial, Secret: creds.Secret(strings.Repeat("ABCD2345", i+2)), Algorithm: "SHA1"}
}

func ringIn(store *memory) *Ring { return &Ring{store: chunked{store, 1000}, backend: winCred} }

func TestKeysAndTOTPSecretsAreApart(t *testing.T) {
	t.Parallel()
	ring := ringIn(newMemory(2000))
	if err := ring.Keys().SaveKey(alice, longLived(1)); err != nil {
		t.Fatal(err)
	}
	if err := ring.TOTPs().SaveTOTP(secretOf(alice, 1)); err != nil {
		t.Fatal(err)
	}
	if err := ring.Sessions().Set(alice, []byte("x")); err != nil {
		t.Fatal(err)
	}
	profiles, err := ring.Keys().KeyProfiles()
	serials, err2 := ring.TOTPs().Serials()
	sessions, err3 := ring.Sessions().Names()
	for _, listed := range [][]string{profiles, serials, sessions} {
		if !slices.Equal(listed, []string{alice}) {
			t.Errorf("listed %q", listed)
		}
	}
	if err := errors.Join(err, err2, err3); err != nil {
		t.Error(err)
	}
}

func TestTOTPThatIsNotWhatWasWritten(t *testing.T) {
	t.Parallel()
	item := itemName(totpPrefix, alice)
	for _, torn := range []string{"", "{", "null", `{"version":1,"mfa_serial":"` + alice + `"}`, `{"version":1,"mfa_serial":"other","secret":"A"}`} {
		ring := ringIn(newMemory(2000))
		if err := ring.Set(item, []byte(torn)); err != nil {
			t.Fatal(err)
		}
		_, err := ring.TOTPs().LoadTOTP(alice)
		var f *fault.Error
		if !errors.Is(err, ErrDamaged) || !errors.As(err, &f) || !strings.Contains(f.Hint, "mfa remove") {
			t.Errorf("%q: %v", torn, err)
		}
	}
	ring := ringIn(newMemory(2000))
	if err := ring.Set(item, []byte(`{"version":2,"mfa_serial":"`+alice+`","secret":"A"}`)); err != nil {
		t.Fatal(err)
	}
	if _, err := ring.TOTPs().LoadTOTP(alice); err == nil || errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "later release") {
		t.Errorf("of a later release: %v", err)
	}
	for _, bad := range []TOTP{{Secret: "A", Algorithm: "SHA1"}, {Serial: alice, Algorithm: "SHA1"}, {Serial: alice, Secret: "A"}} {
		if err := ring.TOTPs().SaveTOTP(bad); err == nil {
			t.Errorf("%v was stored", bad)
		}
	}
}

// A secret whose serial is hashed in its item's name, and that is damaged, does
// not keep the others from being listed.
func TestSerialsBesideADamagedOne(t *testing.T) {
	t.Parallel()
	ring := ringIn(newMemory(2000))
	long := alice + strings.Repeat("/x", 150)
	if err := ring.Set(itemName(totpPrefix, long), []byte("{")); err != nil {
		t.Fatal(err)
	}
	if err := ring.TOTPs().SaveTOTP(secretOf(alice, 0)); err != nil {
		t.Fatal(err)
	}
	if serials, err := ring.TOTPs().Serials(); err != nil || !slices.Equal(serials, []string{alice}) {
		t.Errorf("%q, %v", serials, err)
	}
}

func TestTitleOfATOTPSecret(t *testing.T) {
	t.Parallel()
	if got := Title(itemName(totpPrefix, alice)); !strings.Contains(got, "TOTP secret") || !strings.Contains(got, alice) {
		t.Errorf("Title is %q", got)
	}
	if got := removal(itemName(totpPrefix, alice)) + "," + removal(itemName(keyPrefix, "a")); got != "mfa remove,remove" {
		t.Errorf("removed with %q", got)
	}
}
