package shells

import "strings"

// powershell is for PowerShell 7 and Windows PowerShell 5.1. A variable that is
// set and empty is there only from 7.5 on.
func powershell() Shell {
	x := syntax{
		payload: formatted("powershell"),
		keep:    func(k Kept) string { return fill("$global:_AssumeRoleWas['N'] = $Env:N\n", "N", k.Name) },
		restore: func(k Kept) string {
			return fill("$Env:N = $global:_AssumeRoleWas['N']\n$global:_AssumeRoleWas.Remove('N')\n", "N", k.Name)
		},
		state: func(text string) string { return "$global:_AssumeRoleState = '" + text + "'\n" },
		quote: quotePowerShell, call: "_AssumeRole",
	}
	return Shell{
		Name: "powershell", File: "$PROFILE", Line: "assume-role init powershell | Out-String | Invoke-Expression",
		integration: func(program string) string { return fill(powershellText, "{program}", quotePowerShell(program)) },
		answer:      x.answer,
	}
}

// quotePowerShell doubles what PowerShell takes for a single quote.
// See about_Quoting_Rules.
func quotePowerShell(word string) string {
	return "'" + strings.NewReplacer("'", "''", "‘", "‘‘", "’", "’’", "‚", "‚‚", "‛", "‛‛").Replace(word) + "'"
}

const powershellText = `if (Test-Path Alias:assume) { Remove-Item -Force Alias:assume }
if (-not $global:_AssumeRoleState) {
    $global:_AssumeRoleState = '-'
    $global:_AssumeRoleWas = @{}
}
function global:_AssumeRole {
    $PSNativeCommandUseErrorActionPreference = $false
    $program = {program}
    if (-not (Test-Path -LiteralPath $program)) { $program = 'assume-role' }
    & $program @args
}
function global:assume {
    $text = _AssumeRole assume --shell=powershell "--state=$global:_AssumeRoleState" @args | Out-String
    if ($LASTEXITCODE -eq 0) { Invoke-Expression $text }
}
`
