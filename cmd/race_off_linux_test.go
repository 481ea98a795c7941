//go:build !race

package cmd_test

// raceDetector: the test binary, which scripts run as the tool, has it in it.
const raceDetector = false
