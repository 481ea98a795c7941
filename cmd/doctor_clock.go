package cmd

import (
	"context"
	"time"
)

// AWS takes no request that is signed 5 minutes off
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html).
const (
	clockRefused = 5 * time.Minute
	clockOdd     = time.Minute
)

// clock: the difference between this machine's clock and AWS's.
func (x *examination) clock(context.Context) []finding {
	pong, err := x.ping()
	if err != nil || !pong.Dated {
		return []finding{warning("", "not compared: STS gave no time")}
	}
	off, which := pong.Skew.Abs(), "behind"
	if pong.Skew < 0 {
		which = "ahead of"
	}
	f := warning("set the clock, or turn on its synchronisation (NTP)", "this machine's clock is %s %s AWS's", off, which)
	switch {
	case off < clockOdd:
		return []finding{fine("this machine's clock agrees with AWS's, to %s", off)}
	case off >= clockRefused:
		f.Level = levelError
		f.Message += ", which refuses calls from 5 minutes on"
	}
	return []finding{f}
}
