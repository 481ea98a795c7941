package nodbus

import (
	"errors"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// answers reports whether the bus at a Unix socket says anything to a greeting.
// The D-Bus library would wait without end for one that does not. It is left to find out about the other transports by itself.
func answers(address string) bool {
	if address == "" || address == "autolaunch:" {
		address = "unix:path=" + folder() + "/bus"
	}
	socket, isUnix := socketOf(address)
	if !isUnix || socket[0] == '/' && !exists(socket) {
		return true // the library finds out at once, or looks elsewhere
	}
	return greets(socket)
}

// socketOf returns the Unix socket of an address, as syscall names it.
// See https://dbus.freedesktop.org/doc/dbus-specification.html#addresses.
func socketOf(address string) (socket string, ok bool) {
	options, isUnix := strings.CutPrefix(address, "unix:")
	if !isUnix || strings.ContainsAny(address, ";%") {
		return "", false
	}
	for option := range strings.SplitSeq(options, ",") {
		if path, found := strings.CutPrefix(option, "path="); found && path != "" {
			return path, true
		}
		if name, found := strings.CutPrefix(option, "abstract="); found {
			return "@" + name, true
		}
	}
	return "", false
}

// greets begins to authenticate as D-Bus clients do, and waits a second for an
// answer.
func greets(socket string) bool {
	fd, err := syscall.Socket(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return false
	}
	defer syscall.Close(fd)
	for _, limit := range []int{syscall.SO_SNDTIMEO, syscall.SO_RCVTIMEO} {
		if syscall.SetsockoptTimeval(fd, syscall.SOL_SOCKET, limit, &syscall.Timeval{Sec: 1}) != nil {
			return false
		}
	}
	if syscall.Connect(fd, &syscall.SockaddrUnix{Name: socket}) != nil {
		return false
	}
	if _, err := syscall.Write(fd, []byte("\x00AUTH EXTERNAL "+hexadecimal(os.Getuid())+"\r\n")); err != nil {
		return false
	}
	return says(fd)
}

// hexadecimal writes the digits of a user id as D-Bus wants them, as the
// hexadecimal codes of their characters.
func hexadecimal(uid int) string {
	var codes strings.Builder
	for _, digit := range strconv.Itoa(uid) {
		codes.WriteByte('3')
		codes.WriteRune(digit)
	}
	return codes.String()
}

func says(fd int) bool {
	var word [1]byte
	for {
		n, err := syscall.Read(fd, word[:])
		if !errors.Is(err, syscall.EINTR) {
			return n > 0
		}
	}
}
