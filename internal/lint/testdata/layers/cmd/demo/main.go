package main

import _ "assume-role/internal/awsfake"

func main() {}
