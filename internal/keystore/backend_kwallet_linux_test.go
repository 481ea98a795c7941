package keystore

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/godbus/dbus"
)

// wallet answers on D-Bus as KDE's wallet does
// (https://api.kde.org/kwallet-index.html), in memory. A refused one gives
// out no handle and drops what is written, as when its dialog is dismissed.
type wallet struct {
	mu      sync.Mutex
	entries map[string][]byte
	refused bool
}

// The methods have the names and types of org.kde.KWallet.

func (w *wallet) IsOpen(handle int32) (bool, *dbus.Error) { return handle == 7 && !w.refused, nil }

func (w *wallet) Open(string, int64, string) (int32, *dbus.Error) {
	if w.refused {
		return -1, nil
	}
	return 7, nil
}

func (w *wallet) EntryList(int32, string, string) ([]string, *dbus.Error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.AppendSeq([]string{}, maps.Keys(w.entries)), nil
}

func (w *wallet) WriteEntry(_ int32, _, key string, value []byte, _ string) (int32, *dbus.Error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.refused {
		return -1, nil
	}
	w.entries[key] = value
	return 0, nil
}

func (w *wallet) RemoveEntry(_ int32, _, key, _ string) (int32, *dbus.Error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.entries, key)
	return 0, nil
}

func (w *wallet) ReadEntry(_ int32, _, key, _ string) ([]byte, *dbus.Error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]byte{}, w.entries[key]...), nil
}

// serveWallet puts a wallet on the private bus.
func serveWallet(t *testing.T, w *wallet) Options {
	t.Helper()
	conn, err := dbus.SessionBusPrivate()
	if err == nil {
		err = conn.Auth(nil)
	}
	if err == nil {
		err = conn.Hello()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	methods := map[string]string{}
	for _, name := range []string{"IsOpen", "Open", "EntryList", "WriteEntry", "RemoveEntry", "ReadEntry"} {
		methods[name] = strings.ToLower(name[:1]) + name[1:]
	}
	if err := conn.ExportWithMap(w, methods, "/modules/kwalletd5", "org.kde.KWallet"); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.RequestName(walletBus, dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
	o := options(t)
	o.Backend = kwallet
	return o
}

func TestKWalletContract(t *testing.T) {
	if !onPrivateBus(t) {
		return
	}
	o := serveWallet(t, &wallet{entries: map[string][]byte{}})
	contract(t, func(t testing.TB) *Ring { return openRing(t, o) })
}

func TestKWalletSwappedItems(t *testing.T) {
	if !onPrivateBus(t) {
		return
	}
	w := &wallet{entries: map[string][]byte{}}
	ring := openRing(t, serveWallet(t, w))
	for _, name := range []string{"session-a", "session-b"} {
		if err := ring.Set(name, []byte(name)); err != nil {
			t.Fatal(err)
		}
	}
	w.mu.Lock()
	w.entries["session-a"], w.entries["session-b"] = w.entries["session-b"], []byte("not JSON")
	w.mu.Unlock()
	for _, name := range []string{"session-a", "session-b"} {
		if data, err := ring.Get(name); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s reads as %q, %v", name, data, err)
		}
		if err := ring.Set(name, []byte("new")); err != nil {
			t.Errorf("%s cannot be replaced: %v", name, err)
		}
	}
}

func TestKWalletDropsNothingInSilence(t *testing.T) {
	if !onPrivateBus(t) {
		return
	}
	o := serveWallet(t, &wallet{entries: map[string][]byte{}, refused: true})
	err := openRing(t, o).Keys().SaveKey("a", longLived(1))
	if !errors.Is(err, ErrLocked) || !strings.Contains(err.Error(), "kwallet") {
		t.Errorf("a key written to a wallet that was not opened: %v", err)
	}
}
