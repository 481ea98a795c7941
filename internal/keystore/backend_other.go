//go:build !linux

package keystore

import "context"

// onlyLinux is why a backend of Linux cannot be used elsewhere.
const onlyLinux = unusable("only on Linux")

func probeSecretService(context.Context, Options) error          { return onlyLinux }
func openSecretService(context.Context, Options) (opened, error) { return opened{}, onlyLinux }
func probeKWallet(context.Context, Options) error                { return onlyLinux }
func openKWallet(context.Context, Options) (opened, error)       { return opened{}, onlyLinux }
func probeKeyctl(context.Context, Options) error                 { return onlyLinux }
func openKeyctl(context.Context, Options) (opened, error)        { return opened{}, onlyLinux }
