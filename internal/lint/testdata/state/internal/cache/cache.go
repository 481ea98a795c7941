package cache

import (
	"errors"
	"sync"
)

var (
	ErrGone = errors.New("gone")
	names   = map[string]int{}
	count   int
	lock    sync.Mutex    // want "is a sync.Mutex"
	group   = sync.Pool{} // want "is a sync.Pool"
	table   = []string{"a"}
	once    = sync.OnceValue(func() int { return 1 })
)

func write() {
	names["a"] = 1             // want "names"
	count++                    // want "count"
	table[0] = "b"             // want "table"
	other = append(other, "c") // want "other"
	delete(names, "a")         // want "names"
	p := &count                // want "count"
	*p = 2
}

func read(names map[string]int) int {
	names["a"] = 1
	count := len(table)
	count++
	return count + once()
}
