package awsfake

import (
	"testing"
	"time"
)

// TestTOTP holds the codes to RFC 6238, appendix B, of which a device shows the
// last six digits.
func TestTOTP(t *testing.T) {
	t.Parallel()
	const seed = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" // 12345678901234567890
	for unix, want := range map[int64]string{
		59: "287082", 1111111109: "081804", 1111111111: "050471",
		1234567890: "005924", 2000000000: "279037", 20000000000: "353130",
	} {
		if got := totp(seed, unix/30); got != want {
			t.Errorf("totp at %d = %s, want %s", unix, got, want)
		}
	}
}

// TestDeviceWindow: a code that an authenticator app computes is good for its
// own 30 seconds and the ones beside it.
func TestDeviceWindow(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_900_000_000, 0)
	d := &Device{seed: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", used: map[string]bool{}}
	step := now.Unix() / 30
	for offset, want := range map[int64]bool{-2: false, -1: true, 0: true, 1: true, 2: false} {
		if got := d.take(totp(d.seed, step+offset), now); got != want {
			t.Errorf("code %+d steps away: accepted %v, want %v", offset, got, want)
		}
	}
	for _, code := range []string{"000000", "001000", "1", "00001", "+00001"} {
		if d.take(code, now) {
			t.Errorf("%q was accepted", code)
		}
	}
}
