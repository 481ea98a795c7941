package assume

func static() string { return "static" }
