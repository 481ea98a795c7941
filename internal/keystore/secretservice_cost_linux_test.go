package keystore

import (
	"errors"
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
	if diff := cmp.Diff([]string{"ReadAlias", "Get", "OpenSession", "SearchItems", "GetSecret"}, among); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(alone, among); diff != "" || values != more || len(alone) == 0 {
		t.Errorf("%d values became %d\n%s", values, more, diff)
	}
}

// TestSecretServiceCostsOfAChain: what a cold chain asks of the store, which is
// opened once, has a key, and gets two sessions.
func TestSecretServiceCostsOfAChain(t *testing.T) {
	if !onPrivateBus(t) {
		return
	}
	o := gnomeKeyring(t)
	if err := openRing(t, o).Keys().SaveKey("base", longLived(1)); err != nil {
		t.Fatal(err)
	}
	messages := monitor(t)
	calls, _ := asked(t, messages, func() {
		ring := openRing(t, o)
		for _, name := range []string{"session-outer", "session-outer", "session-inner"} {
			if _, err := ring.Get(name); !errors.Is(err, ErrNotFound) {
				t.Error(err)
			}
		}
		if _, err := ring.Keys().LoadKey("base"); err != nil {
			t.Error(err)
		}
		for _, name := range []string{"session-inner", "session-outer"} {
			if err := ring.Set(name, []byte(name)); err != nil {
				t.Error(err)
			}
		}
	})
	want := []string{
		"ReadAlias", "Get", "OpenSession", // is the collection locked?
		"SearchItems", "SearchItems", "SearchItems", // no session
		"SearchItems", "GetSecret", // a key
		"ReadAlias", "Get", "CreateItem", // still the default collection?
		"ReadAlias", "Get", "CreateItem",
	}
	if diff := cmp.Diff(want, calls); diff != "" {
		t.Error(diff)
	}
	if n := items(t); n != 3 {
		t.Errorf("%d items", n)
	}
}
