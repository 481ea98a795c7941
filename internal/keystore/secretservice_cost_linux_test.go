package keystore

import (
	"strings"
	"testing"

	"github.com/godbus/dbus"
	"github.com/google/go-cmp/cmp"
)

// monitor sees every message on the private bus
// (https://dbus.freedesktop.org/doc/dbus-specification.html#message-bus-messages).
func monitor(t *testing.T) <-chan *dbus.Message {
	t.Helper()
	conn, err := dbus.SessionBusPrivate()
	if err != nil {
		t.Fatal(err)
	}
	// It is not closed: that panics in this version, and the process ends soon.
	if err := conn.Auth(nil); err != nil {
		t.Fatal(err)
	}
	if err := conn.Hello(); err != nil {
		t.Fatal(err)
	}
	call := conn.BusObject().Call("org.freedesktop.DBus.Monitoring.BecomeMonitor", 0, []string{}, uint32(0))
	if call.Err != nil {
		t.Skip(call.Err)
	}
	messages := make(chan *dbus.Message, 10_000)
	conn.Eavesdrop(messages)
	return messages
}

// asked returns what the service is asked while do runs, and how many values
// it answers with.
func asked(t *testing.T, messages <-chan *dbus.Message, do func()) (calls []string, values int) {
	t.Helper()
	do()
	const last = "org.freedesktop.DBus.Peer.Ping"
	bus(t).Object("org.freedesktop.DBus", "/end/of/the/run").Call(last, 0)
	for message := range messages {
		path, _ := message.Headers[dbus.FieldPath].Value().(dbus.ObjectPath)
		member, _ := message.Headers[dbus.FieldMember].Value().(string)
		switch {
		case path == "/end/of/the/run":
			return calls, values
		case message.Type == dbus.TypeMethodCall && strings.HasPrefix(string(path), secretsPath):
			calls = append(calls, member)
		case message.Type == dbus.TypeMethodReply:
			values += size(message.Body)
		}
	}
	t.Fatal("the bus went away")
	return nil, 0
}

// size counts the values in a reply.
func size(body []any) int {
	n := 0
	for _, value := range body {
		switch v := value.(type) {
		case []dbus.ObjectPath:
			n += len(v)
		case dbus.Variant:
			n += size([]any{v.Value()})
		default:
			n++
		}
	}
	return n
}

// TestSecretServiceCostsNoMoreAmongOthers: a warm run (the store is opened, one
// item is read) asks and gets the same with 200 items of other programs in the
// collection as with none.
func TestSecretServiceCostsNoMoreAmongOthers(t *testing.T) {
	if !onPrivateBus(t) {
		return
	}
	o := gnomeKeyring(t)
	if err := openRing(t, o).Set("session-a", []byte("x")); err != nil {
		t.Fatal(err)
	}
	messages := monitor(t)
	warm := func() {
		if data, err := openRing(t, o).Get("session-a"); err != nil || string(data) != "x" {
			t.Errorf("%q, %v", data, err)
		}
	}
	alone, values := asked(t, messages, warm)
	asked(t, messages, func() { addForeign(t, 200) })
	among, more := asked(t, messages, warm)
	t.Logf("%d calls, %d values: %q", len(among), more, among)
	if diff := cmp.Diff(alone, among); diff != "" || values != more || len(alone) == 0 {
		t.Errorf("%d values became %d\n%s", values, more, diff)
	}
}
