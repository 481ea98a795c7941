package cmd_test

import (
	"encoding/json"

	"github.com/99designs/keyring"
	"github.com/rogpeppe/go-internal/testscript"
)

// toolCommands are the scripts' commands for the keys of other tools.
func toolCommands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){"toolkey": toolKey}
}

// toolKey: `toolkey FOLDER PASSPHRASE NAME ID SECRET [TOKEN]`: aws-vault or
// granted puts a key into its folder of encrypted files.
func toolKey(ts *testscript.TestScript, _ bool, args []string) {
	value := map[string]string{"AccessKeyID": args[3], "SecretAccessKey": args[4], "SessionToken": "", "ProviderName": ""}
	if len(args) > 5 {
		value["SessionToken"] = args[5]
	}
	data, err := json.Marshal(value)
	ts.Check(err)
	store, err := keyring.Open(keyring.Config{
		AllowedBackends: []keyring.BackendType{keyring.FileBackend}, FileDir: ts.MkAbs(args[0]), FilePasswordFunc: keyring.FixedStringPrompt(args[1]),
	})
	ts.Check(err)
	ts.Check(store.Set(keyring.Item{Key: args[2], Label: "aws-vault (" + args[2] + ")", Data: data}))
}
