package cmd

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"assume-role/internal/fault"
	"assume-role/internal/securefile"
	"assume-role/internal/server"
)

// serveAt listens where the options say, and serves.
func (a *app) serveAt(ctx context.Context, opts *serveOptions, offers []offer) (*listening, error) {
	profiles, generation := profilesOf(offers), offers[0].generation
	if opts.socket != "" {
		return a.listenSocket(ctx, a.absolute(opts.socket), profiles, generation)
	}
	port, err := a.port(opts)
	if err != nil {
		return nil, err
	}
	return a.listen(ctx, port, profiles, &opts.server, generation)
}

// port is the flag's, else the setting's.
func (a *app) port(opts *serveOptions) (int, error) {
	read := a.settings
	if opts.server.from != "" {
		read = a.settingsFrom
	}
	settings, err := read()
	if err != nil || opts.port == "" {
		return settings.ServerPort, err
	}
	port, err := strconv.ParseUint(opts.port, 10, 16)
	if err != nil {
		return 0, fault.New(fault.InvalidValue, "--port %q is not a port from 0 to 65535", opts.port)
	}
	return int(port), nil
}

// listenSocket serves at a Unix socket that only this user can open. The socket
// of a server that died is replaced; one that answers is not.
func (a *app) listenSocket(ctx context.Context, path string, profiles []server.Profile, generation func() (int64, error)) (*listening, error) {
	if err := checkSocketFolder(path); err != nil {
		return nil, err
	}
	lock, err := a.lockSocket(path)
	if err != nil {
		return nil, err
	}
	if err := clearSocket(path); err != nil {
		lock.Release()
		return nil, err
	}
	l, err := listenPrivately(path)
	if err != nil {
		lock.Release()
		return nil, fault.New("", "the socket %s cannot be made: %s", path, plainError(err)).Fix("choose a shorter path, in a folder of yours").Because(err)
	}
	o := a.serverOptions(profiles, generation)
	o.Unix, o.Peer = true, server.SameUser
	s := start(ctx, l, o)
	s.socket, s.lock = path, lock
	return s, nil
}

// checkSocketFolder refuses a folder in which somebody else could put a socket
// of the same name: clients would take their credentials for this server's.
func checkSocketFolder(path string) error {
	dir := filepath.Dir(path)
	info, err := os.Stat(dir)
	switch {
	case err != nil:
		return fault.New("", "the folder %s of the socket cannot be used: %s", dir, plainError(err)).Fix("make it: mkdir -m 700 %s", dir).Because(err)
	case !info.IsDir():
		return fault.New("", "%s is not a folder", dir)
	case !ownFolder(info):
		return fault.New("", "others can write to the folder %s of the socket", dir).Fix("put it into a folder of yours, such as $XDG_RUNTIME_DIR, or: chmod go-w %s", dir)
	}
	if above := movable(dir); above != "" {
		return fault.New("", "others can put another folder in the place of %s of the socket, because of %s", dir, above).Fix("put it into a folder of yours, such as $XDG_RUNTIME_DIR")
	}
	return nil
}

// movable is the folder above, as the path has it and where its links lead, in
// which somebody else could give the folder's name to another; or "".
func movable(dir string) string {
	real, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return dir
	}
	for _, path := range []string{dir, real} {
		for above := filepath.Dir(path); ; above = filepath.Dir(above) {
			if info, err := os.Stat(above); err != nil || !keepsNames(info) {
				return above
			}
			if above == filepath.Dir(above) {
				break
			}
		}
	}
	return ""
}

// lockSocket keeps two servers from one path.
func (a *app) lockSocket(path string) (*securefile.Lock, error) {
	locks, err := a.locks()
	if err != nil {
		return nil, fault.New("", "there is no safe folder for the socket's lock: %s", plainError(err)).Because(err)
	}
	lock, err := securefile.Acquire(ended(), filepath.Join(locks, fmt.Sprintf("socket-%x.lock", sha256.Sum256([]byte(path)))))
	if err != nil {
		return nil, inUse(path)
	}
	return lock, nil
}

func inUse(path string) error {
	return fault.New("", "a server is at %s already", path).Fix("use it, end it, or choose another --socket")
}

// clearSocket removes what a dead server left.
func clearSocket(path string) error {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fault.New("", "%s cannot be looked at: %s", path, plainError(err)).Because(err)
	case info.Mode().Type() != fs.ModeSocket:
		return fault.New("", "%s is no socket", path).Fix("choose another --socket, or move it away")
	}
	conn, err := net.DialTimeout("unix", path, time.Second)
	if err == nil {
		_ = conn.Close()
		return inUse(path)
	}
	if err := os.Remove(path); err != nil {
		return fault.New("", "the socket of a dead server at %s cannot be removed: %s", path, plainError(err)).Because(err)
	}
	return nil
}
