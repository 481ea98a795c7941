// The least that a Go program costs: what the tool is measured against.
package main

func main() {}
