package shells

import "strings"

// nushell is for Nushell. It keeps what it keeps in a record, because Nushell
// hands only texts on to programs. It can source only what is in a file before
// it starts.
func nushell() Shell {
	return Shell{
		Name: "nushell", File: "config.nu",
		Line:        `mkdir ($nu.data-dir | path join vendor autoload); assume-role init nushell | save -f ($nu.data-dir | path join vendor autoload assume.nu)`,
		integration: func(program string) string { return fill(nushellText, "{program}", quoteNushell(program)) },
		answer:      answerJSON,
	}
}

func quoteNushell(word string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`).Replace(word) + `"`
}

const nushellText = `def --wrapped _assume_role [...words] {
    let program = (if ({program} | path exists) { {program} } else { "assume-role" })
    ^$program ...$words
}
def --env --wrapped assume [...words] {
    let before = ($env._assume_role? | default {state: "-", was: {}})
    let text = (_assume_role assume "--shell=nushell" $"--state=($before.state)" ...$words)
    let answer = ($text | from json)
    if ($answer.run | is-not-empty) {
        _assume_role ...$answer.run
    } else {
        let kept = ($answer.keep | reduce --fold $before.was {|name, all| $all | upsert $name ($env | get $name)})
        hide-env -i ...$answer.unset
        load-env $answer.set
        if $answer.restore {
            load-env $kept
            hide-env -i _assume_role
        } else {
            $env._assume_role = {state: $answer.state, was: $kept}
        }
    }
}
`
