package cmd

import (
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"assume-role/internal/cache"
	"assume-role/internal/profile"
)

// lister answers for the profiles from what was read once.
type lister struct {
	config  *profile.Config
	request profile.Request
	expiry  map[string]time.Time
	// settings says that the profiles' settings are wanted, too.
	settings bool
}

func (a *app) newLister(config *profile.Config) (*lister, error) {
	settings, err := a.settings()
	if err != nil {
		return nil, err
	}
	l := &lister{config: config, request: a.request(settings), expiry: map[string]time.Time{}}
	l.request.StoredKey = lookUp(a.stored())
	for _, s := range a.known().Sessions {
		if s.Left(a.host.Now()) > 0 && s.Expires.After(l.expiry[s.Profile]) {
			l.expiry[s.Profile] = s.Expires
		}
	}
	return l, nil
}

// lookUp finds stored keys by the names of their profiles.
func lookUp(keys []cache.StoredKey) func(string) (string, bool) {
	ids := make(map[string]string, len(keys))
	for _, key := range keys {
		ids[key.Profile] = key.AccessKeyID
	}
	return func(name string) (string, bool) {
		id, ok := ids[name]
		return id, ok
	}
}

// rarely is how much the heap grows between two collections, in percent: the
// run is short, and keeps most of what it makes. With more than so many
// profiles memory counts more than time.
const rarely, many = 400, 20_000

// profiles answers for all names, in their order, with every core at work:
// there can be ten thousand.
func (l *lister) profiles(names []string) []listedProfile {
	if len(names) <= many {
		defer debug.SetGCPercent(debug.SetGCPercent(rarely))
	}
	all := make([]listedProfile, len(names))
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(names)) {
		workers.Go(func() {
			outliner := l.newOutliner()
			for i := int(next.Add(1)) - 1; i < len(names); i = int(next.Add(1)) - 1 {
				all[i] = l.profile(names[i], outliner)
			}
		})
	}
	workers.Wait()
	return all
}

func (l *lister) newOutliner() *profile.Outliner {
	request := l.request
	request.Env = remembering(request.Env)
	return profile.NewOutliner(l.config, request)
}

// remembering looks each variable up once. It is for one goroutine.
func remembering(env func(string) string) func(string) string {
	seen := map[string]string{}
	return func(name string) string {
		value, ok := seen[name]
		if !ok {
			value = env(name)
			seen[name] = value
		}
		return value
	}
}

func (l *lister) profile(name string, outliner *profile.Outliner) listedProfile {
	listed := listedProfile{Name: name, Kind: "none", Settings: map[string]any{}}
	_, listed.KeysStored = l.request.StoredKey(name)
	if at, ok := l.expiry[name]; ok {
		at = at.UTC()
		listed.SessionExpires = &at
	}
	if l.config.Has(name) {
		section, err := l.config.Profile(name)
		if err != nil {
			listed.Error = listedError(err)
			return listed
		}
		if l.settings {
			listed.Settings = section.Settings()
		}
		if kind := section.Attempted(); kind != "" {
			listed.Kind = kind
		}
	}
	outline, err := outliner.Outline(name)
	if err != nil {
		listed.Error = listedError(err)
		return listed
	}
	listed.Kind, listed.Source = outline.Kind, outline.Source
	return listed
}

func listedError(err error) *jsonError {
	shape := errorJSON(err)
	return &shape
}
