package shells

// bash is for bash from 3.2 on, the one of macOS, and its restricted and POSIX
// modes: nothing is redirected and no file is needed.
func bash() Shell {
	x := posix(func(name, value string) string {
		return name + "=" + value + "; " + own + "export -n " + name
	})
	return Shell{
		Name: "bash", File: "~/.bashrc", Line: `eval "$(assume-role init bash)"`,
		integration: func(program string) string { return fill(bashText, "{program}", quotePOSIX(program)) },
		answer:      x.answer,
	}
}

// bashText defines the alias before it removes it, because there need not be
// one and an error could not be silenced in a restricted shell. bash reads and
// runs a text line by line, so the alias is gone when the function's name is
// read. Tracing is off while secrets are handled.
const bashText = `\builtin alias assume=:
\builtin unalias assume
_assume_role_program() {
    case $- in
    *r*) \builtin command assume-role "$@"; return ;;
    esac
    if [[ -x {program} ]]; then {program} "$@"; else \builtin command assume-role "$@"; fi
}
_assume_role_answer() {
    \builtin local _assume_role_text
    _assume_role_text=$(_assume_role_program assume --shell=bash --state="${_assume_role_state:--}" "$@") || return
    \builtin eval "$_assume_role_text"
}
assume() {
    case $- in
    *x*)
        \builtin set +x
        if _assume_role_answer "$@"; then \builtin set -x; else \builtin set -- "$?"; \builtin set -x; return "$1"; fi
        ;;
    *) _assume_role_answer "$@" ;;
    esac
}
`
