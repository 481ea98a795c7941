package cache

// TODO: later // want "TODO"
func f() {
	/* FIXME want "FIXME" */
}

// A todo list is fine.
func todo() {}
