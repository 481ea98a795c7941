package lint

// layer is a package's place: it may import packages of lower ranks only, and
// from outside the standard library only the modules named.
type layer struct {
	rank    int
	path    string
	outside []string
}

// The rank of what no program contains, and of the demo and the recorder: they
// may import everything below cmd, and nothing else may import them.
const testRank = 9

// layers is the one table of ranks. The table in docs/architecture.md is
// compared with it.
func layers() []layer {
	return []layer{
		{0, "internal/creds", nil},
		{0, "internal/fault", nil},
		{0, "internal/securefile", []string{"golang.org/x/sys"}},
		{0, "internal/shellword", nil},
		{0, "internal/nearest", nil},
		{0, "internal/waiting", nil},
		{0, "internal/keystore/nodbus", nil},
		{1, "internal/terminal", []string{"golang.org/x/term", "golang.org/x/text/width", "golang.org/x/sys"}},
		{1, "internal/profile", []string{"gopkg.in/ini.v1"}},
		{1, "internal/keystore", []string{"github.com/99designs/keyring", "github.com/godbus/dbus", "golang.org/x/crypto", "golang.org/x/sys"}},
		{1, "internal/cache", nil},
		{1, "internal/clicache", nil},
		{1, "internal/output", nil},
		{1, "internal/program", nil},
		{1, "internal/exec", []string{"golang.org/x/sys"}},
		{1, "internal/bearer", nil},
		{1, "internal/awsfile", nil},
		{1, "internal/browser", nil},
		{1, "internal/loopback", nil},
		{1, "internal/server", nil},
		{1, "internal/console", nil},
		{1, "internal/query", []string{"github.com/aws/aws-sdk-go-v2", "github.com/aws/smithy-go"}},
		{2, "internal/completion", nil},
		{2, "internal/mfa", []string{"github.com/pquerna/otp"}},
		{2, "internal/picker", []string{"github.com/sahilm/fuzzy"}},
		{2, "internal/sso", nil},
		{2, "internal/login", nil},
		{2, "internal/request", []string{"github.com/aws/aws-sdk-go-v2"}},
		{2, "internal/shells", nil},
		{3, "internal/populate", nil},
		{3, "internal/assume", []string{"github.com/aws/aws-sdk-go-v2", "github.com/aws/smithy-go"}},
		{4, "internal/iam", []string{"github.com/aws/smithy-go"}},
		{5, "internal/revoke", nil},
		{5, "internal/iamkeys", nil},
		{6, "cmd", []string{"github.com/spf13/cobra", "github.com/spf13/pflag", "github.com/spf13/viper", "go.yaml.in/yaml/v3", "golang.org/x/net"}},
		{7, ".", nil},
		{8, "internal/pages", []string{"github.com/spf13/cobra", "github.com/spf13/pflag"}},
		{testRank, "internal/awsfake", []string{"github.com/aws/aws-sdk-go-v2"}},
		{testRank, "internal/bench", nil},
		{testRank, "internal/docs", nil},
		{testRank, "internal/lint", nil},
		{testRank, "cmd/demo", nil},
		{testRank, "cmd/record", []string{"golang.org/x/sys"}},
		{testRank, "cmd/plots", nil},
		{testRank, "cmd/pages", nil},
	}
}

func layerOf(path string) (layer, bool) {
	for _, l := range layers() {
		if l.path == path {
			return l, true
		}
	}
	return layer{}, false
}
