# bash completion for assume-role, and for the function assume. Nothing of the
# line and nothing of the answers is evaluated. The package bash-completion is
# used where it is loaded and not needed.

# __assume_role_split takes the line apart up to the cursor, quotes and
# backslashes off and nothing expanded, into the caller's words and the places
# where they start. quote is one that is still open, head the part of the last
# word that readline leaves alone. It fails where a redirection's file stands.
__assume_role_split() {
    local line=${COMP_LINE:0:COMP_POINT} char='' word='' within=0 target=0 outer='' start=0 i
    words=() starts=() quote='' head=''
    for ((i = 0; i < ${#line}; i++)); do
        char=${line:i:1}
        if [[ $quote == "'" && $char != "'" ]]; then
            word+=$char
            continue
        elif [[ $quote == '"' && $char == "\\" && ${line:i+1:1} == [\"\\\$\`] ]]; then
            word+=${line:(++i):1}
            continue
        elif [[ -n $quote && $char == "$quote" ]]; then
            quote='' head=$outer
            continue
        elif [[ -n $quote ]]; then
            word+=$char
            continue
        fi
        case $char in
        [[:space:]'<>&'])
            if ((within && !target)) && ! [[ $char == ['<>'] && $word != *[!0-9]* ]]; then
                words+=("$word") starts+=("$start")
            fi
            ((within)) && target=0
            [[ $char == ['<>'] ]] && target=1
            word='' head='' within=0
            continue
            ;;
        esac
        ((within)) || start=$i
        within=1
        case $char in
        "\\") word+=${line:(++i):1} ;;
        "'" | '"') quote=$char outer=$head head=$word ;;
        *)
            word+=$char
            [[ $COMP_WORDBREAKS == *"$char"* ]] && head=$word
            ;;
        esac
    done
    ((within)) || start=${#line}
    words+=("$word") starts+=("$start")
    ((!target))
}

# __assume_role_ask sets lines to the answer and directive to what it ends in.
__assume_role_ask() {
    local program=assume-role out=''
    if [[ ${words[0]} == assume ]]; then
        out=$(_assume_role_program __complete "${words[@]}" 2>/dev/null </dev/null) || return 1
    else
        type -P assume-role >/dev/null || program=${words[0]}
        out=$(command "$program" __complete "${words[@]:1}" 2>/dev/null </dev/null) || return 1
    fi
    directive=${out##*:} lines=()
    [[ -n $directive && $directive != *[!0-9]* ]] || return 1
    out=${out%:*}
    [[ -z $out ]] && return 0
    if ((BASH_VERSINFO[0] >= 4)); then
        mapfile -t lines <<<"${out%$'\n'}"
    else
        local line
        while IFS= read -r line; do lines+=("$line"); done <<<"${out%$'\n'}"
    fi
    plain=0
    [[ $out == *[!A-Za-z0-9_./:@%+$'\n'-]* ]] || plain=1
}

# __assume_role_quoted sets quoted to a text as it stands on the line, within
# the quote that is open.
__assume_role_quoted() {
    quoted=$1
    [[ $quoted == *[!A-Za-z0-9_./:@%+=-]* ]] || return 0
    if [[ -z $quote ]]; then
        printf -v quoted %q "$1"
        return 0
    fi
    quoted=''
    local i char
    for ((i = 0; i < ${#1}; i++)); do
        char=${1:i:1}
        if [[ $quote == "'" && $char == "'" ]]; then
            char="'\\''"
        elif [[ $quote == '"' && $char == [\"\\\$\`] ]]; then
            char="\\$char"
        elif [[ $quote == '"' && $char == '!' ]]; then
            char='"\!"' # within these quotes nothing keeps it from history
        fi
        quoted+=$char
    done
}

# __assume_role_reply offers the lines.
__assume_role_reply() {
    local last=${words[${#words[@]}-1]} before='' line='' quoted=''
    [[ $last == --*=* ]] && before=${last%%=*}=
    if ((plain)) && [[ -z $head$before ]]; then
        COMPREPLY=("${lines[@]}")
        return 0
    fi
    for line in "${lines[@]}"; do
        line=$before${line%%$'\t'*}
        __assume_role_quoted "${line:${#head}}"
        COMPREPLY+=("$quoted")
    done
    # A list for reading, not a text to insert, has the descriptions, too.
    case ${COMP_TYPE:-0} in
    33 | 63 | 64) ((${#lines[@]} > 1)) && [[ -z $quote ]] && __assume_role_describe ;;
    esac
    return 0
}

__assume_role_describe() {
    local longest=0 i line room text
    for line in "${COMPREPLY[@]}"; do
        ((${#line} > longest)) && longest=${#line}
    done
    ((longest > 40)) && longest=40
    for ((i = 0; i < ${#lines[@]}; i++)); do
        [[ ${lines[i]} == *$'\t'* ]] || continue
        printf -v line '%-*s' "$longest" "${COMPREPLY[i]}"
        room=$((${COLUMNS:-80} - ${#line} - 5))
        ((room > 10)) || continue
        text=${lines[i]#*$'\t'}
        ((${#text} > room)) && text=${text:0:room-1}…
        COMPREPLY[i]="$line  ($text)"
    done
    return 0
}

# __assume_role_command completes the command that exec runs, whose name starts
# at a place of the line, by that command's own completion.
__assume_role_command() {
    local start=$1 rest=$COMP_LINE at=0 before='' i
    for ((i = 0; i < COMP_CWORD; i++)); do
        before=${rest%%"${COMP_WORDS[i]}"*}
        ((at += ${#before}))
        ((at >= start)) && break
        rest=${rest:${#before}+${#COMP_WORDS[i]}}
        ((at += ${#COMP_WORDS[i]}))
    done
    if declare -F _comp_command_offset >/dev/null; then
        _comp_command_offset "$i"
    elif declare -F _command_offset >/dev/null; then
        _command_offset "$i"
    else
        __assume_role_offset "$i" "$start"
    fi
}

# __assume_role_offset is _command_offset without the package bash-completion:
# names of commands, then what a function completes, else files.
__assume_role_offset() {
    local -a all=("${COMP_WORDS[@]}")
    local COMP_LINE=${COMP_LINE:$2} COMP_POINT=$((COMP_POINT - $2)) COMP_CWORD=$((COMP_CWORD - $1)) line=''
    local -a COMP_WORDS=("${all[@]:$1}")
    local name=${COMP_WORDS[0]} word=${COMP_WORDS[COMP_CWORD]} spec='' status=0
    if ((COMP_CWORD == 0)); then
        [[ $name == */* ]] && return 0
        while IFS= read -r line; do COMPREPLY+=(${line:+"$line"}); done <<<"$(compgen -c -- "$name" 2>/dev/null | LC_ALL=C sort -u)"
        return 0
    fi
    spec=$(complete -p -- "$name" 2>/dev/null || complete -p -- "${name##*/}" 2>/dev/null || complete -p -D 2>/dev/null) || return 0
    [[ $spec =~ \ -F\ ([^ ]+) ]] || return 0
    "${BASH_REMATCH[1]}" "$name" "$word" "${COMP_WORDS[COMP_CWORD-1]}" || status=$?
    if ((status == 124)); then # a loader has put the command's own in its place
        spec=$(complete -p -- "$name" 2>/dev/null) && [[ $spec =~ \ -F\ ([^ ]+) ]] || return 0
        "${BASH_REMATCH[1]}" "$name" "$word" "${COMP_WORDS[COMP_CWORD-1]}" || return 0
    fi
}

_assume_role() {
    local IFS=$' \t\n' quote='' head='' directive=0 plain=0
    local -a words starts lines
    COMPREPLY=()
    [[ $- == *r* ]] && return 0 # a restricted shell redirects nothing
    __assume_role_split && __assume_role_ask || return 0
    if ((directive & 64)); then
        __assume_role_command "${starts[${lines[0]}]}"
        return 0
    fi
    if type -t compopt >/dev/null; then
        ((directive & 2)) && compopt -o nospace
        ((directive & 4)) && compopt +o default +o bashdefault
    fi
    ((${#lines[@]})) && __assume_role_reply
    return 0
}

complete -o bashdefault -o default -F _assume_role assume-role
if [[ -n $(declare -F _assume_role_program) ]]; then # assume is this program's, by init
    complete -o bashdefault -o default -F _assume_role assume
fi
