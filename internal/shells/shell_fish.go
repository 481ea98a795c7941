package shells

import "strings"

// fish is for fish from 3.1 on. Its universal variables are kept, too: to
// remove one removes it from every fish.
func fish() Shell {
	x := syntax{
		payload: formatted("fish"), keep: keepFish, restore: restoreFish, quote: quoteFish, call: "_assume_role_program",
		state: func(text string) string { return "set -g _assume_role_state '" + text + "'\ntrue\n" },
	}
	return Shell{
		Name: "fish", File: "~/.config/fish/config.fish", Line: "assume-role init fish | source",
		integration: func(program string) string { return fill(fishText, "{program}", quoteFish(program)) },
		answer:      x.answer,
	}
}

func keepFish(k Kept) string {
	return fill("set -e _assume_role_was_N; set -e _assume_role_all_N\n"+
		"if set -qg N; set -gu _assume_role_was_N $N; else if set -qU N; set -gu _assume_role_all_N $N; end\n", "N", k.Name)
}

func restoreFish(k Kept) string {
	exported := "u"
	if k.Exported {
		exported = "x"
	}
	return fill("set -eg N\n"+
		"if set -qg _assume_role_was_N; set -gX N $_assume_role_was_N\n"+
		"else if set -qg _assume_role_all_N; and not set -qU N; set -UX N $_assume_role_all_N; end\n"+
		"set -e _assume_role_was_N; set -e _assume_role_all_N\n", "N", k.Name, "X", exported)
}

func quoteFish(word string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(word) + "'"
}

const fishText = `functions -e assume
set -q _assume_role_state; or set -g _assume_role_state -
function _assume_role_program
    if test -x {program}
        {program} $argv
    else
        command assume-role $argv
    end
end
function assume
    set -l _assume_role_text (_assume_role_program assume --shell=fish --state="$_assume_role_state" $argv)
    or return
    eval (string join \n -- $_assume_role_text | string collect)
end
`
