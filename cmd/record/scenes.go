package main

// scene is one picture: commands in a fresh home, one after the other.
type scene struct {
	// name is that of the file, title what the picture shows.
	name, title string
	// moving is a picture with a frame for each thing that a person does; the
	// others show the end.
	moving bool
	// before are commands that nobody sees.
	before []step
	steps  []step
}

// step is one command line, typed at a prompt.
type step struct {
	line string
	// offline is that it asks nobody: the address of the AWS here is not in its
	// environment.
	offline bool
	// answers are what the person does while it runs.
	answers []answer
	// shows must be on the screen in the end.
	shows []string
}

// answer waits until all of the texts have come since the answer before, the
// last one at the very end, then presses keys. The key code is the next code of
// the MFA device.
type answer struct {
	after []string
	keys  string
}

// code stands for a code of the MFA device in an answer's keys.
const code = "\x00code"

// drawn is the end of what the picker sends each time: the cursor's column.
const drawn = "C"

// width and height are those of the terminal.
const (
	width  = 84
	height = 30
)

// scenes are all pictures.
func scenes() []scene {
	return []scene{
		{name: "exec", title: "The first command with a role, and the second", moving: true, steps: []step{
			{line: "assume-role exec prod -- ./deploy", answers: typeCode(), shows: []string{"deploying to account 123456789012 as prod"}},
			{line: "assume-role exec audit -- ./deploy", shows: []string{"deploying to account 210987654321 as audit"}},
		}},
		{name: "picker", title: "A profile is chosen by typing some of its letters", moving: true, before: warmUp(), steps: []step{
			{line: "assume-role exec --pick -- ./deploy", answers: []answer{
				{after: []string{"6 of 6): ", drawn}, keys: "i"},
				{after: []string{"): i", drawn}, keys: "t"},
				{after: []string{"): it", drawn}, keys: "\r"},
			}, shows: []string{"deploying to account 210987654321 as audit"}},
		}},
		{name: "explain", title: "What a profile means, before anything is called", steps: []step{
			{line: "assume-role explain prod", offline: true, shows: []string{"assume-role", "session-token", "arn:aws:iam::123456789012:role/deploy"}},
		}},
		{name: "status", title: "Profiles, and the sessions that there are", before: warmUp(), steps: []step{
			{line: "assume-role list", shows: []string{"prod", "audit", "staging"}},
			{line: "assume-role status", shows: []string{"prod", "audit"}},
		}},
		{name: "doctor", title: "What is in order, and what to do about the rest", steps: []step{
			{line: "assume-role doctor", shows: []string{"key-store", "clock"}},
		}},
		{name: "shell", title: "A shell with a role", before: warmUp(), steps: []step{
			{line: "assume-role exec prod", answers: []answer{
				{after: []string{"% "}, keys: "./deploy\n"},
				{after: []string{"eu-west-1", "% "}, keys: "exit\n"},
			}, shows: []string{"account 123456789012", "left, until", "deploying to account 123456789012 as prod"}},
		}},
	}
}

// typeCode answers the question for a code.
func typeCode() []answer {
	return []answer{{after: []string{"MFA code", ": "}, keys: code + "\n"}}
}

// warmUp makes sessions that the steps find, that of audit last.
func warmUp() []step {
	return []step{{line: "assume-role warm prod", answers: typeCode()}, {line: "assume-role exec audit -- true"}}
}
