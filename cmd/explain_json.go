package cmd

import (
	"time"

	"assume-role/internal/fault"
)

// explainJSON is the shape of `explain --json` (docs/scripting.md).
type explainJSON struct {
	Profile      string                `json:"profile"`
	SelectedBy   string                `json:"selected_by,omitempty"`
	Region       string                `json:"region,omitempty"`
	STS          stsJSON               `json:"sts"`
	Settings     map[string]jsonOrigin `json:"settings,omitempty"`
	Guards       map[string]string     `json:"guards,omitempty"`
	Steps        []map[string]any      `json:"steps"`
	OverriddenBy []overrideJSON        `json:"overridden_by,omitempty"`
	Child        map[string]string     `json:"child,omitempty"`
	Warnings     []warningJSON         `json:"warnings,omitempty"`
}

// stsJSON is how STS is called.
type stsJSON struct {
	Region      string `json:"region"`
	Partition   string `json:"partition"`
	URL         string `json:"url,omitempty"`
	FIPS        bool   `json:"fips,omitempty"`
	DualStack   bool   `json:"dual_stack,omitempty"`
	CABundle    string `json:"ca_bundle,omitempty"`
	MaxAttempts int    `json:"max_attempts,omitempty"`
	RetryMode   string `json:"retry_mode,omitempty"`
}

// overrideJSON is a variable that counts in place of a setting; the line is of
// the profile's own, where it has one.
type overrideJSON struct {
	Variable string `json:"variable"`
	Setting  string `json:"setting"`
	File     string `json:"file,omitempty"`
	Line     int    `json:"line,omitempty"`
}

type warningJSON struct {
	Message string `json:"message"`
	Profile string `json:"profile,omitempty"`
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"`
}

type mfaJSON struct {
	Serial string `json:"serial"`
	By     string `json:"by"`
	Asked  bool   `json:"asked"`
}

func (e *explanation) json() explainJSON {
	shown := explainJSON{
		Profile: e.chain.Profile, SelectedBy: e.how, Region: e.chain.Region, STS: e.stsJSON(),
		Settings: linesOf(e.settings), Guards: map[string]string{}, Child: map[string]string{}, Steps: []map[string]any{},
	}
	for _, s := range e.settings {
		switch s.name {
		case "expect_account", "confirm", "agents", "session_token":
			shown.Guards[s.name] = s.text
		}
	}
	for _, step := range e.steps {
		shown.Steps = append(shown.Steps, step.json())
	}
	for _, v := range e.chain.Child {
		shown.Child[v.Name] = v.Value.Reveal() // an endpoint, a path, a mode: no secret
	}
	for _, c := range e.configured {
		if c.Variable != "" {
			shown.OverriddenBy = append(shown.OverriddenBy, overrideJSON{c.Variable, c.Setting, c.Own.Origin.File, c.Own.Origin.Line})
		}
	}
	for _, w := range e.warnings {
		shown.Warnings = append(shown.Warnings, warningJSON{w.Message + ": " + w.Fix, w.Profile, w.Origin.File, w.Origin.Line})
	}
	return shown
}

func (e *explanation) stsJSON() stsJSON {
	sts := e.chain.STS
	mode := ""
	if sts.Adaptive {
		mode = "adaptive"
	}
	return stsJSON{
		Region: sts.Region, Partition: sts.Partition, URL: e.address, FIPS: sts.FIPS, DualStack: sts.DualStack,
		CABundle: sts.CABundle, MaxAttempts: sts.MaxAttempts, RetryMode: mode,
	}
}

// linesOf are the lines of settings that stand in a file, by their names.
func linesOf(settings []shownSetting) map[string]jsonOrigin {
	lines := map[string]jsonOrigin{}
	for _, s := range settings {
		if s.origin != (fault.Origin{}) {
			lines[s.name] = originJSON(s.origin)
		}
	}
	return lines
}

func (s shownStep) json() map[string]any {
	step := map[string]any{"kind": s.kind}
	if s.profile != "" {
		step["profile"] = s.profile
	}
	if s.origin != (fault.Origin{}) {
		step["origin"] = originJSON(s.origin)
	}
	if s.conditional {
		step["conditional"] = true
	}
	for _, setting := range s.settings {
		setting.into(step)
	}
	if len(s.notUsed) > 0 {
		step["not_used"] = s.notUsed
	}
	lines := linesOf(s.settings)
	s.duration.into(step, lines)
	s.mfa.into(step, lines)
	s.cached.into(step)
	if len(lines) > 0 {
		step["settings"] = lines
	}
	return step
}

func (s shownSetting) into(step map[string]any) {
	key, value := firstOf(s.key, s.name), s.value
	if value == nil {
		value = s.text
	}
	if key != "-" {
		step[key] = value
	}
}

func (d *shownDuration) into(step map[string]any, lines map[string]jsonOrigin) {
	if d == nil {
		return
	}
	step["duration_seconds"], step["duration_reason"] = seconds(d.length), d.reason
	if d.asked > d.length {
		step["duration_asked_seconds"] = seconds(d.asked)
	}
	if d.origin != (fault.Origin{}) {
		lines["duration_seconds"] = originJSON(d.origin)
	}
}

func (m *shownMFA) into(step map[string]any, lines map[string]jsonOrigin) {
	if m == nil {
		return
	}
	step["mfa_serial"], step["mfa"] = m.device.Serial, mfaJSON{m.device.Serial, m.by, m.asked}
	for name, at := range map[string]fault.Origin{"mfa_serial": m.device.Origin, "mfa_process": m.device.Process.Origin} {
		if at != (fault.Origin{}) {
			lines[name] = originJSON(at)
		}
	}
}

func (s *shownSession) into(step map[string]any) {
	if s == nil {
		return
	}
	step["cached"] = s.left > 0
	if s.left > 0 {
		step["cached_until"], step["seconds_left"] = s.until.UTC().Format(time.RFC3339), seconds(s.left)
	}
}

func seconds(d time.Duration) int { return int(d / time.Second) }

type jsonOrigin struct {
	File string `json:"file"`
	Line int    `json:"line"`
}

func originJSON(o fault.Origin) jsonOrigin { return jsonOrigin{File: o.File, Line: o.Line} }
