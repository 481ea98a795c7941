package sso

import (
	"context"
	"net"
	"time"
)

// Person is who signs in, and how they are reached. All fields but
// Open and Peer are required.
type Person struct {
	// Open shows an address in a browser; nil: addresses are only told.
	Open func(ctx context.Context, address string) error
	// Peer refuses connections to the page of this machine that Open shows and
	// that leads to the sign-in; nil lets all in.
	Peer func(net.Conn) error
	// Show tells the person something, a line or several.
	Show func(text string)
	// Wait shows that the person is waited for, until done is called.
	Wait func(what string) (done func())
	// DeviceCode signs in with a code that is typed in at any browser: where a
	// browser on this machine is not the person's, or there is none.
	DeviceCode bool
}

// Grant is a sign-in that AWS granted.
type Grant struct {
	// Until is when its access token ends.
	Until time.Time
	// Renewable says that a new one is had without a person, for as long as the
	// sign-in lasts at AWS, which nobody tells.
	Renewable bool
}
