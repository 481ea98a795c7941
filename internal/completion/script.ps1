# PowerShell completion for assume-role, and for the function assume. Nothing of
# the line and nothing of the answers is evaluated.

# The function assume is this program's where init made it.
$commands = @('assume-role', 'assume-role.exe')
if (Test-Path Function:_AssumeRole) { $commands += 'assume' }

Register-ArgumentCompleter -Native -CommandName $commands -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $elements = @($commandAst.CommandElements | Where-Object { $_.Extent.StartOffset -lt $cursorPosition })
    $words = @($elements | ForEach-Object {
        if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $_.Value } else { $_.Extent.Text }
    })
    if ($elements[-1].Extent.EndOffset -lt $cursorPosition) { $words += '' }
    $word = $words[-1]

    if ($words[0] -eq 'assume') {
        $program = '_AssumeRole'
        $arguments = @('__complete') + $words
    } else {
        $program = Get-Command -CommandType Application -Name 'assume-role' -ErrorAction SilentlyContinue | Select-Object -First 1
        $arguments = @('__complete') + @($words | Select-Object -Skip 1)
    }
    if (-not $program) { return }
    if ($PSVersionTable.PSVersion -lt [version]'7.3' -or "$PSNativeCommandArgumentPassing" -eq 'Legacy') {
        # Older ones leave out what is empty and do not escape quotes.
        $arguments = @($arguments | ForEach-Object { if ($_ -eq '') { '""' } else { $_ -replace '(\\*)"', '$1$1\"' } })
    }
    $encoding = [Console]::OutputEncoding
    try {
        [Console]::OutputEncoding = New-Object System.Text.UTF8Encoding $false
        $lines = @(& $program @arguments 2>$null)
    } finally {
        [Console]::OutputEncoding = $encoding
    }
    if ($lines.Count -eq 0 -or $lines[-1] -notmatch '^:\d+$') { return }
    $directive = [int]$lines[-1].Substring(1)
    $lines = @($lines | Select-Object -SkipLast 1)

    if ($directive -band 64) {
        # The words from here on are another command's.
        $at = [int]$lines[0]
        $line = $commandAst.Extent.StartScriptPosition.GetFullScript()
        $start = if ($at -lt $elements.Count) { $elements[$at].Extent.StartOffset } else { $cursorPosition }
        $rest = $line.PadRight($cursorPosition).Substring($start, $cursorPosition - $start)
        [System.Management.Automation.CommandCompletion]::CompleteInput($rest, $rest.Length, $null).CompletionMatches
        return
    }

    $prefix = if ($word -match '^--[^=]+=') { $Matches[0] } else { '' }
    foreach ($line in $lines) {
        $value, $description = $line -split "`t", 2
        $text = $prefix + $value
        if ($text -notmatch '^[\w./\\:+=-]+$') {
            $text = "'" + [System.Management.Automation.Language.CodeGeneration]::EscapeSingleQuotedStringContent($text) + "'"
        }
        if (-not $description) { $description = $value }
        [System.Management.Automation.CompletionResult]::new($text, $value, 'ParameterValue', $description)
    }
    # An empty answer keeps PowerShell from offering files.
    if ($lines.Count -eq 0 -and $directive -band 4) { '' }
}
