package shells

import "strings"

// elvish is for Elvish from 0.19 on. What it keeps is in variables of the
// function, which nothing else sees.
func elvish() Shell {
	return Shell{
		Name: "elvish", File: "~/.config/elvish/rc.elv", Line: "eval (assume-role init elvish | slurp)",
		integration: func(program string) string { return fill(elvishText, "{program}", quoteElvish(program)) },
		answer:      answerJSON,
	}
}

func quoteElvish(word string) string { return "'" + strings.ReplaceAll(word, "'", "''") + "'" }

// elvishText adds the function to the interactive shell, where there is one; a
// script takes it from the namespace of eval (&on-end).
const elvishText = `use path
var -assume-role-state = -
var -assume-role-was = [&]
fn -assume-role {|@words|
    if (path:is-regular &follow-symlink=$true {program}) {
        (external {program}) $@words
    } else {
        (external assume-role) $@words
    }
}
fn assume {|@words|
    var answer = (-assume-role assume --shell=elvish --state=$-assume-role-state $@words | from-json)
    if (!= 0 (count $answer[run])) {
        -assume-role (all $answer[run])
        return
    }
    for name $answer[keep] {
        set -assume-role-was[$name] = (get-env $name)
    }
    for name $answer[unset] {
        unset-env $name
    }
    for name [(keys $answer[set])] {
        set-env $name $answer[set][$name]
    }
    if $answer[restore] {
        for name [(keys $-assume-role-was)] {
            set-env $name $-assume-role-was[$name]
        }
        set -assume-role-was = [&]
    }
    set -assume-role-state = $answer[state]
}
try {
    eval 'edit:add-var assume~ $f' &ns=(ns [&f=$assume~])
} catch {
    nop
}
`
