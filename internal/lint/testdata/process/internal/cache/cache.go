package cache

import (
	"fmt"
	"os"
	"time"
)

func clock() time.Time { return time.Now() } // want "time.Now"

func home() string { return os.Getenv("HOME") } // want "os.Getenv"

func end() {
	fmt.Println("end")           // want "fmt.Println"
	fmt.Fprintln(os.Stderr, "x") // want "os.Stderr"
	os.Exit(1)                   // want "os.Exit"
}

func fine(path string) error { return os.Remove(path) }
