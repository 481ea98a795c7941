package cmd_test

import (
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// mfaCommands are those of scripts about MFA devices.
func mfaCommands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){"period": intoPeriod, "device": addDevice}
}

// period D: time passes, here and at AWS, until D into a device's next 30
// seconds.
func intoPeriod(ts *testscript.TestScript, _ bool, args []string) {
	const period = 30 * time.Second
	offset := parse(ts, readOr(ts.MkAbs(".clock"), "0s"))
	now := time.Now().Add(offset)
	wait := now.Truncate(period).Add(period + parse(ts, args[0])).Sub(now)
	advance(ts, false, []string{wait.String()})
}

// device: alice gets another MFA device, $SERIAL2, whose secret is $SEED2.
func addDevice(ts *testscript.TestScript, _ bool, _ []string) {
	device := fake(ts).AddDevice("alice")
	ts.Setenv("SERIAL2", device.Serial)
	ts.Setenv("SEED2", device.Seed().Reveal())
}
