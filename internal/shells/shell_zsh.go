package shells

// zsh is for zsh, whatever its options are.
func zsh() Shell {
	declare := unexported(func(name, value string) string {
		return "typeset -g +x " + name + "=" + value + "\n"
	})
	x := syntax{guardPOSIX, declare.keep, declare.restore, declare.state, quotePOSIX, "_assume_role"}
	return Shell{
		Name: "zsh", File: "~/.zshrc", Line: `eval "$(assume-role init zsh)"`, format: "env",
		integration: func(program string) string { return fill(zshText, "{program}", quotePOSIX(program)) },
		answer:      x.answer,
	}
}

// zshText uses the word function, behind which no alias is expanded: zsh reads
// a text to its end before it runs it. Tracing is off while secrets are
// handled.
const zshText = `alias assume=:
unalias assume
function _assume_role {
    if [[ ! -o restricted && -x {program} ]]; then {program} "$@"; else command assume-role "$@"; fi
}
function assume {
    emulate -L zsh
    setopt no_xtrace no_all_export
    local _assume_role_text
    _assume_role_text=$(_assume_role assume --shell=zsh --state="${_assume_role_state:--}" "$@") || return
    eval "$_assume_role_text"
}
function _assume_role_complete {
    emulate -L zsh
    local -a lines names shown
    local line
    lines=("${(@f)$(_assume_role __complete assume "${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
    for line in "${(@)lines[1,-2]}"; do
        names+=("${line%%$'\t'*}")
        shown+=("${${line/$'\t'/  -- }//$'\n'/ }")
    done
    [[ $words[CURRENT] == --*=* ]] && compset -P 1 '*='
    (( $#names )) && compadd -l -d shown -- "${names[@]}"
}
if (( ${+functions[compdef]} )); then compdef _assume_role_complete assume; fi
`
