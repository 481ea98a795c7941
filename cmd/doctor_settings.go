package cmd

import "context"

// settings: config.yaml, the variables and the flags of this tool.
func (x *examination) settings(context.Context) []finding {
	if _, err := x.app.settings(); err != nil {
		return []finding{failing(err)}
	}
	return []finding{fine("config.yaml and the ASSUME_ROLE_ variables are in order")}
}
