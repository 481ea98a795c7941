package cmd

import (
	"context"
	"fmt"
	"strings"

	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

// The values of a profile's agents key that hold something back.
const (
	agentsDeny     = "deny"
	agentsReadOnly = "read-only"
)

// guardAgents applies a profile's agents key where a coding agent runs the
// command. It guards against accidents: whoever can unset a variable can pass.
func (a *app) guardAgents(chain *profile.Chain, f *credentialFlags, settings Settings) (*profile.Chain, error) {
	agent := a.agent(settings)
	switch {
	case agent == "":
		return chain, nil
	case chain.Agents == agentsDeny:
		return nil, heldBack(chain, agent)
	case chain.Agents == agentsReadOnly && !f.readOnly:
		return a.limited(chain, agent, f, settings)
	}
	return chain, nil
}

// refuseAgents is guardAgents for a command that changes something at AWS:
// read-only holds that back as well.
func (a *app) refuseAgents(chain *profile.Chain, settings Settings) error {
	agent := a.agent(settings)
	if agent == "" || chain.Agents != agentsDeny && chain.Agents != agentsReadOnly {
		return nil
	}
	return heldBack(chain, agent)
}

func heldBack(chain *profile.Chain, agent string) *fault.Error {
	return fault.New("", "agents = %s, and %s says that a coding agent runs this", chain.Agents, agent).
		In(chain.Profile).At(chain.Settings["agents"]).Fix("run it yourself")
}

// limited plans the chain anew with a read-only session policy. Credentials
// that take none stay here.
func (a *app) limited(chain *profile.Chain, agent string, f *credentialFlags, settings Settings) (*profile.Chain, error) {
	readOnly := *f
	readOnly.readOnly = true
	result, err := a.resolveNamed(chain.Profile, &readOnly, settings)
	if err != nil {
		return nil, fault.New("", "agents = read-only, and %s says that a coding agent runs this, but these credentials cannot be made read-only", agent).
			In(chain.Profile).At(chain.Settings["agents"]).Fix("run it yourself, or give agents to a role's profile").Because(err)
	}
	return result, nil
}

// agent is the variable that gives a coding agent away, or "".
func (a *app) agent(settings Settings) string {
	for _, name := range settings.AgentVariables {
		if a.host.Getenv(name) != "" {
			return name
		}
	}
	return ""
}

// confirmed asks before credentials of a profile with confirm = true leave
// the tool, naming what leaves and where to. No flag and no variable answers.
func (a *app) confirmed(ctx context.Context, s *session, purpose ...string) error {
	if !s.chain.Confirm {
		return nil
	}
	tty, err := a.openTerminal("your confirmation (confirm = true)", "run it on a terminal, without --no-prompt")
	if err != nil {
		return inProfile(err, s.chain)
	}
	defer tty.Close()
	id, err := s.assumer.Identity(ctx, s.chain.Profile, s.chain.STS, s.credentials)
	if err != nil {
		return err
	}
	ok, err := tty.Confirm(ctx, fmt.Sprintf("Hand %s of account %s (profile %s) to %s?", oneLine(id.ARN), oneLine(id.Account),
		oneLine(s.chain.Profile), oneLine(strings.Join(purpose, " "))))
	if err != nil {
		return err
	}
	if !ok {
		return fault.New("", "not confirmed, so nothing was handed over").In(s.chain.Profile)
	}
	return nil
}

func inProfile(err error, chain *profile.Chain) error {
	if f, ok := err.(*fault.Error); ok {
		return f.In(chain.Profile).At(chain.Settings["confirm"])
	}
	return err
}
