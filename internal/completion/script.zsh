#compdef assume-role
# zsh completion for assume-role, and for the function assume. Nothing of the line and nothing of the answers
# is evaluated. It works as a file of fpath and sourced, before compinit or after.

# _assume-role-ask sets lines to the answer about a word and directive to what
# it ends in.
_assume-role-ask() {
  local out
  if [[ $service == assume ]]; then
    out=$(_assume_role_program __complete assume "${(@)asked}" "$1" 2>/dev/null </dev/null) || return 1
  else
    out=$(command assume-role __complete "${(@)asked}" "$1" 2>/dev/null </dev/null) || return 1
  fi
  lines=("${(@f)out}")
  directive=${lines[-1]#:}
  lines[-1]=()
  [[ -n $directive && $directive != *[!0-9]* ]]
}

_assume-role() {
  local -a asked lines values shown more
  local word=$PREFIX directive line
  integer longest=0
  asked=("${(@Q)words[2,CURRENT-1]}")
  [[ -n ${compstate[quote]} ]] || word=${(Q)PREFIX}
  _assume-role-ask "$word" || return 1
  if (( directive & 64 )); then # the words from here on are another command's
    integer skip=${lines[1]}
    shift $skip words
    (( CURRENT -= skip ))
    _normal
    return
  fi
  if (( ! $#lines )) && [[ -n $word && $word != -* ]]; then
    _assume-role-ask '' || return 1 # for matchers that find more than beginnings
  fi
  [[ $word == --*=* ]] && compset -P '*='
  (( directive & 2 )) && more=(-S '')
  if (( $#lines )); then
    values=("${(@)lines%%$'\t'*}")
    if [[ "${lines[*]}" == *$'\t'* ]]; then
      for line in "${(@)values}"; do
        (( $#line > longest )) && longest=$#line
      done
      (( longest > 40 )) && longest=40
      for line in "${(@)lines}"; do
        if [[ $line == *$'\t'* ]]; then
          shown+=("${(r:longest:)${line%%$'\t'*}}  -- ${line#*$'\t'}")
          (( ${#line%%$'\t'*} > longest )) && shown[-1]="${line%%$'\t'*}  -- ${line#*$'\t'}"
        else
          shown+=("$line")
        fi
      done
      more+=(-l -d shown)
    fi
    compadd "${(@)more}" -a values
  fi
  (( directive & 4 )) || _files
  return 0
}

# _assume-role-register is a hook, too, where compinit comes later. The function
# assume is this program's where init made it.
_assume-role-register() {
  (( ${+functions[compdef]} )) || return 0
  compdef _assume-role assume-role
  (( ${+functions[_assume_role_program]} )) && compdef _assume-role assume
  (( ${+functions[add-zsh-hook]} )) && add-zsh-hook -d precmd _assume-role-register
  return 0
}

if [[ "${funcstack[*]:0:1}" == _assume-role ]]; then # called: the file is the function
  _assume-role "$@"
elif (( ${+functions[compdef]} )); then
  _assume-role-register
elif [[ -o interactive ]]; then
  autoload -Uz add-zsh-hook
  add-zsh-hook precmd _assume-role-register
fi
