package output

import (
	"fmt"
	"strings"
	"unicode/utf16"
)

// powershell is for PowerShell: (assume-role export P --format powershell) |
// Out-String | Invoke-Expression.
// See about_Quoting_Rules: within single quotes only a quote is special, and
// PowerShell takes four curly ones for quotes, too.
func powershell() Format {
	d := dialect{
		name: "powershell",
		set: func(name, value string) string {
			return "$Env:" + name + " = " + quotePowerShell(value) + "\n"
		},
		unset: func(names []string) string {
			return "$Env:" + strings.Join(names, " = $null\n$Env:") + " = $null\n"
		},
		refuses: onlyText,
	}
	return Format{d.name, "$Env: assignments for PowerShell", true, d.render}
}

// quotePowerShell keeps a value on one line, because PowerShell hands a
// program's output on line by line, each of them to be run on its own.
func quotePowerShell(value string) string {
	var b strings.Builder
	b.WriteByte('\'')
	for _, r := range value {
		switch {
		case strings.ContainsRune("'‘’‚‛", r):
			b.WriteString(string(r) + string(r))
		case r == '\n' || r == '\r' || readAsQuote(r):
			b.WriteString("'" + charPowerShell(r) + " + '")
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('\'')
	return b.String()
}

// readAsQuote reports whether the bytes of a character would hold a curly
// quote to a PowerShell that reads them in a Windows code page, as 5.1 does:
// 0x82, 0x91 and 0x92 are one in all of 1250 to 1258.
func readAsQuote(r rune) bool {
	return strings.ContainsAny(latin1(string(r)), "\u0082\u0091\u0092")
}

// latin1 returns the bytes of a string as the characters of those numbers.
func latin1(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		b.WriteRune(rune(c))
	}
	return b.String()
}

// charPowerShell returns an expression that appends a character.
func charPowerShell(r rune) string {
	var b strings.Builder
	for _, unit := range utf16.Encode([]rune{r}) {
		fmt.Fprintf(&b, " + [char]%d", unit)
	}
	return b.String()
}
