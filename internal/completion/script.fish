# fish completion for assume-role, and for the function assume. Nothing of the
# line and nothing of the answers is evaluated.

# __assume_role_before prints the words before the one being typed.
function __assume_role_before
    commandline -xpc 2>/dev/null
    or commandline -opc
end

# __assume_role_ask prints the answer about a word, the whole line before it.
function __assume_role_ask
    if test "$argv[1]" = assume
        _assume_role_program __complete $argv 2>/dev/null </dev/null
    else
        command assume-role __complete $argv[2..-1] 2>/dev/null </dev/null
    end
end

function __assume_role_complete
    set -l before (__assume_role_before)
    set -l raw (commandline -ct)
    set -l word (string unescape -- "$raw" 2>/dev/null)
    or set word (string replace -r '^[\'"]' '' -- "$raw")
    set -l lines (__assume_role_ask $before "$word")
    test (count $lines) -gt 0
    or return
    set -l directive (string sub -s 2 -- $lines[-1])
    set -e lines[-1]
    if test "$directive" = 64 # the words from here on are another command's
        set -l rest (string escape -- $before[(math $lines[1] + 1)..-1])
        test $lines[1] -lt (count $before)
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
if functions -q _assume_role_program # assume is this program's, by init
    complete -c assume -e
    complete -c assume -f -a '(__assume_role_complete)'
end
