package server

import (
	"bufio"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"net/netip"
	"strconv"
	"strings"
)

// errNoUser is SameUser's error where it cannot tell.
var errNoUser = errors.New("whose program connected cannot be told")

// The states of a connection, as the kernel numbers them, in which its socket
// still has an owner: TCP_ESTABLISHED and TCP_CLOSE_WAIT.
const established, closeWait = "01", "08"

// ownerIn finds, in a table such as /proc/net/tcp, the user id of the socket
// that is at local and talks to remote
// (https://www.kernel.org/doc/html/latest/networking/proc_net_tcp.html).
func ownerIn(table io.Reader, local, remote netip.AddrPort) (uid int, ok bool) {
	lines := bufio.NewScanner(table)
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) < 8 || fields[3] != established && fields[3] != closeWait {
			continue
		}
		if tableAddress(fields[1]) != local || tableAddress(fields[2]) != remote {
			continue
		}
		uid, err := strconv.Atoi(fields[7])
		return uid, err == nil
	}
	return 0, false
}

// tableAddress reads ADDRESS:PORT, in hexadecimal, the address in words of the
// machine's byte order. An IPv4 address that an IPv6 socket uses is the IPv4
// address. What is none is the zero AddrPort.
func tableAddress(text string) netip.AddrPort {
	address, port, _ := strings.Cut(text, ":")
	raw, err := hex.DecodeString(address)
	number, portErr := strconv.ParseUint(port, 16, 16)
	if err != nil || portErr != nil || len(raw)%4 != 0 {
		return netip.AddrPort{}
	}
	for i := 0; i < len(raw); i += 4 {
		binary.NativeEndian.PutUint32(raw[i:], binary.BigEndian.Uint32(raw[i:]))
	}
	ip, ok := netip.AddrFromSlice(raw)
	if !ok {
		return netip.AddrPort{}
	}
	return netip.AddrPortFrom(ip.Unmap(), uint16(number))
}
