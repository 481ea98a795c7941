// Assume-role turns any AWS profile into credentials and hands them to a
// command, a shell or a program.
package main

func main() {}
