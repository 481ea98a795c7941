// Peak runs a program and prints the most memory, in bytes, that it had at one
// time (getrusage(2), ru_maxrss).
package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
)

func main() {
	c := exec.Command(os.Args[1], os.Args[2:]...)
	c.Stderr = os.Stderr
	if err := c.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "peak:", err)
		os.Exit(1)
	}
	usage, ok := c.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		fmt.Fprintln(os.Stderr, "peak: this system has no getrusage")
		os.Exit(1)
	}
	unit := 1024 // of Linux and the BSDs
	if runtime.GOOS == "darwin" {
		unit = 1
	}
	fmt.Println(int(usage.Maxrss) * unit)
}
