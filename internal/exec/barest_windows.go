package exec

import (
	"strings"

	"golang.org/x/sys/windows"
)

// Barest returns the spelling of a path that needs the least quoting: without
// blanks where the volume keeps short names
// (https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-getshortpathnamew).
// SDKs hand a line to cmd.exe in ways that quotes do not survive.
func Barest(path string) string {
	if !strings.ContainsAny(path, " &^()") {
		return path
	}
	long, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return path
	}
	short := make([]uint16, windows.MAX_LONG_PATH)
	n, err := windows.GetShortPathName(long, &short[0], uint32(len(short)))
	if err != nil || n == 0 || int(n) > len(short) {
		return path
	}
	return windows.UTF16ToString(short)
}
