package query

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// Repeat tries until rules call for no further try, as the SDK's clients do by
// the same rules
// (https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html).
// It ends with ctx. The error is the last try's, or why there was none. What
// asks AWS in another protocol repeats by it, too.
func Repeat(ctx context.Context, rules aws.Retryer, try func() error) error {
	repaid := func(error) error { return nil }
	for n := 1; ; n++ {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		sent, err := attemptToken(ctx, rules)
		if err != nil {
			return err
		}
		err = try()
		_, _ = repaid(err), sent(err) // tokens are given back; it takes nothing that could fail
		if last := rules.MaxAttempts(); err == nil || !rules.IsErrorRetryable(err) || last > 0 && n >= last {
			return err
		}
		if repaid, err = anotherTry(ctx, rules, n, err); err != nil {
			return err
		}
	}
}

// attemptToken waits, in the adaptive mode, until a request may be sent.
func attemptToken(ctx context.Context, rules aws.Retryer) (release func(error) error, err error) {
	if v2, ok := rules.(aws.RetryerV2); ok {
		return v2.GetAttemptToken(ctx)
	}
	return rules.GetInitialToken(), nil
}

// anotherTry waits for the next try after n of them. The error is that of the
// last one where the quota of retries is used up.
func anotherTry(ctx context.Context, rules aws.Retryer, n int, last error) (release func(error) error, err error) {
	release, err = rules.GetRetryToken(ctx, last)
	if err != nil {
		return nil, errors.Join(last, err)
	}
	delay, err := rules.RetryDelay(n, last)
	if err != nil {
		return nil, err
	}
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return release, nil
	case <-ctx.Done():
		return nil, &aws.RequestCanceledError{Err: ctx.Err()}
	}
}
