# fish completion for assume-role. Nothing of the line and nothing of the answers
# is evaluated.

# __assume_role_before prints the words before the one being typed.
function __assume_role_before
    commandline -xpc 2>/dev/null
    or commandline -opc
end

# __assume_role_ask prints the answer about a word, the program's words before it.
function __assume_role_ask
    command assume-role __complete $argv 2>/dev/null </dev/null
end

function __assume_role_complete
    set -l before (__assume_role_before)
    set -l program $before[1]
    set -e before[1]
    set -l raw (commandline -ct)
    set -l word (string unescape -- "$raw" 2>/dev/null)
    or set word (string replace -r '^[\'"]' '' -- "$raw")
    set -l lines (__assume_role_ask $before "$word")
    test (count $lines) -gt 0
    or return
    set -l directive (string sub -s 2 -- $lines[-1])
    set -e lines[-1]
    if test "$directive" = 64 # the words from here on are another command's
        set -l words $program $before
        set -l rest (string escape -- $words[(math $lines[1] + 1)..-1])
        test $lines[1] -lt (count $words)
        or set rest
        complete -C "$rest $raw"
        return
    end
    if test (count $lines) -eq 0 -a -n "$word"; and not string match -q -- '-*' "$word"
        set lines (__assume_role_ask $before '') # fish finds more than beginnings
        set -e lines[-1]
    end
    set -l prefix (string match -r -- '^--[^=]+=' "$word")
    for line in $lines
        echo -- "$prefix$line"
    end
    if contains -- "$directive" 0 2
        __fish_complete_path "$raw"
    end
end

complete -c assume-role -e
complete -c assume-role -f -a '(__assume_role_complete)'
