package shells

// zsh is for zsh, whatever its options are.
func zsh() Shell {
	x := posix(func(name, value string) string {
		return own + "typeset -g +x " + name + "=" + value
	})
	return Shell{
		Name: "zsh", File: "~/.zshrc", Line: `eval "$(assume-role init zsh)"`,
		integration: func(program string) string { return fill(zshText, "{program}", quotePOSIX(program)) },
		answer:      x.answer,
	}
}

// zshText uses the word function, behind which no alias is expanded: zsh reads
// a text to its end before it runs it. Tracing is off while secrets are
// handled, and no alias stands in an answer. Ctrl-C, which would end $(…) with
// status 2, is handed on when the status is known.
const zshText = `\builtin alias assume=:
\builtin unalias assume
function _assume_role_program {
    if [[ ! -o restricted && -x {program} ]]; then {program} "$@"; else \builtin command assume-role "$@"; fi
}
function _assume_role_answer {
    \builtin emulate -L zsh
    \builtin setopt no_aliases no_xtrace no_all_export
    \builtin local _assume_role_text
    \builtin trap '_assume_role_interrupted=1' INT
    _assume_role_text=$(_assume_role_program assume --shell=zsh --state="${_assume_role_state:--}" "$@") || return
    \builtin eval "$_assume_role_text"
}
function assume {
    \builtin local _assume_role_interrupted
    _assume_role_answer "$@" && return
    \builtin set -- "$?"
    if [[ -n $_assume_role_interrupted ]]; then \builtin kill -INT $$; fi
    return "$1"
}
`
