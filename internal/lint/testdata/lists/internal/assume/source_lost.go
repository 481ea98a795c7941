package assume // want "source_lost.go is not listed"

func lost() string { return static() }
