package server

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strings"
)

// door is a profile's path, and the hash of the token that opens it.
type door struct {
	*keeper
	lock [sha256.Size]byte
}

// doors are the profiles by their paths.
type doors struct {
	byPath map[string]*door
	// none is compared with where there is no such path: it takes as long.
	none  door
	first *keeper
	all   []*keeper
}

func newDoors(o Options) *doors {
	d, g := &doors{byPath: map[string]*door{}}, &generations{read: o.Generation}
	for _, p := range o.Profiles {
		k := newKeeper(p, o, g)
		d.all = append(d.all, k)
		if p.Token != "" {
			d.byPath[plain(p.Path)] = &door{keeper: k, lock: sha256.Sum256([]byte(p.Token.Reveal()))}
		}
	}
	if len(d.all) > 0 {
		d.first = d.all[0]
	}
	return d
}

// plain is a path as clients that add a slash mean it.
func plain(path string) string { return strings.TrimSuffix(path, "/") }

// open finds the profile that a request asks for with its token. Wrong paths
// and wrong tokens are the same to the client: hashes of one length are
// compared, in a time that tells nothing of them.
func (d *doors) open(r *http.Request) (*keeper, bool) {
	at, known := d.byPath[plain(r.URL.Path)]
	if !known {
		at = &d.none
	}
	given := r.Header["Authorization"]
	if len(given) != 1 {
		return nil, false
	}
	key := sha256.Sum256([]byte(given[0]))
	return at.keeper, subtle.ConstantTimeCompare(key[:], at.lock[:]) == 1 && known
}
