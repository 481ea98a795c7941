package exec

// Shell returns the program to run where no command is given: $SHELL, on
// Windows %COMSPEC%, else the system's own.
func Shell(caller []string, goos string) string {
	env := environment{entries: caller, fold: goos == "windows"}
	name, fallback := "SHELL", "/bin/sh"
	if goos == "windows" {
		name, fallback = "COMSPEC", "cmd.exe"
	}
	if shell := env.value(name); shell != "" {
		return shell
	}
	return fallback
}
