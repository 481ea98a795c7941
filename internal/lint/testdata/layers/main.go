package main

import (
	_ "assume-role/cmd"
	_ "assume-role/internal/awsfake" // want "not of a lower rank"
)

func main() {}
