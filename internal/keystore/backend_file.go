package keystore

import (
	"context"
	"time"

	"github.com/99designs/keyring"
)

// fileTime is the time limit of a write of the file backend: it waits for a disk
// and, with many processes at once, its own share of the processor.
const fileTime = 30 * time.Second

// folderTime is how much of that may be spent waiting for another writer: a
// write takes milliseconds, a change of the passphrase some for each item.
const folderTime = 10 * time.Second

// probeFile needs nothing but a folder's name: the folder is made when it is
// first written to.
func probeFile(_ context.Context, o Options) error {
	if o.FileDir == "" {
		return unusable("no folder is known for it: set keyring.file_dir")
	}
	return nil
}

// openFile touches no file.
func openFile(ctx context.Context, o Options) (opened, error) {
	if err := probeFile(ctx, o); err != nil {
		return opened{}, err
	}
	store := newFileStore(ctx, o)
	ring := direct{limited{ctx: ctx, store: store, backend: file, limit: fileTime}}
	return opened{store: ring, file: store}, nil
}

// direct reads without a time limit, like every other read of a file by this
// tool: the thread that would watch the clock costs a warm command more than
// the read itself.
type direct struct{ limited }

func (d direct) Get(name string) (keyring.Item, error) { return d.store.Get(name) }

// newFileStore returns the store of the options' folder.
func newFileStore(ctx context.Context, o Options) *fileStore {
	return &fileStore{
		ctx: ctx, dir: o.FileDir,
		unlocker: &unlocker{
			dir: o.FileDir, given: o.Given,
			waiting: waitingKeys{ttl: o.UnlockTTL, debug: o.Debug},
		},
		fresh: standardCost(), floor: minimumCost(), wait: folderTime,
	}
}
