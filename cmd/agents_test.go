package cmd

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestAgentVariablesHaveSources holds the table of docs/agents.md to the list:
// each variable once, in its order, with a source.
func TestAgentVariablesHaveSources(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../docs/agents.md")
	if err != nil {
		t.Fatal(err)
	}
	var documented []string
	for _, row := range regexp.MustCompile("(?m)^\\| `([A-Z_]+)` \\|.*https://.*$").FindAllStringSubmatch(string(page), -1) {
		documented = append(documented, row[1])
	}
	if want := splitList(agentVariables); !slices.Equal(documented, want) {
		t.Errorf("documented are\n%q, the list is\n%q", documented, want)
	}
	if !regexp.MustCompile(`Last checked: 20\d\d-\d\d-\d\d\.`).Match(page) {
		t.Error("it does not say when the list was checked")
	}
	for _, name := range []string{"AGENT", "TERM_PROGRAM", "REPL_ID", "CI"} {
		if strings.Contains(","+agentVariables+",", ","+name+",") {
			t.Errorf("%s is set where no agent is", name)
		}
	}
}

// TestAgentIsAVariableWithSomethingInIt: an empty one says that there is none.
func TestAgentIsAVariableWithSomethingInIt(t *testing.T) {
	t.Parallel()
	settings := Settings{AgentVariables: []string{"A", "B"}}
	for env, want := range map[string]string{"A=1": "A", "B=x": "B", "A=": "", "C=1": "", "AA=1": ""} {
		a := newApp(Host{Environ: []string{env}})
		if got := a.agent(settings); got != want {
			t.Errorf("%s: %q, want %q", env, got, want)
		}
	}
}
