package cmd

// agentVariables are the variables that coding agents set for the commands
// they run: which agent sets which, and where it says so, is in
// docs/agents.md. AI_AGENT is the name that several agents have agreed on.
//
// What an editor's terminal has as well, where a person types, is none of
// them: TERM_PROGRAM, CURSOR_TRACE_ID, REPL_ID. Nor is AGENT, which is the
// name of too much else.
const agentVariables = "AI_AGENT,CLAUDECODE," +
	"CODEX_SANDBOX,CODEX_CI,CODEX_THREAD_ID," +
	"CURSOR_AGENT,GEMINI_CLI,ANTIGRAVITY_AGENT,OPENCODE," +
	"COPILOT_AGENT,COPILOT_CLI,COPILOT_AGENT_SESSION_ID," +
	"CLINE_ACTIVE,GOOSE_TERMINAL,AMP_CURRENT_THREAD_ID,AUGMENT_AGENT," +
	"QWEN_CODE,KIRO_SESSION_ID,KIRO_AGENT,PI_CODING_AGENT,TRAE_AI_SHELL_ID"
