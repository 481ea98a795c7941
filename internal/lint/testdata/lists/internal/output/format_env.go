package output // want "no formats.go"

func env() {}
