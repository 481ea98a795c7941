package assume

func sources() []string { return []string{static()} }
