package assume

import (
	"context"
	"errors"
	"strings"
	"unicode/utf8"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/securefile"
)

// The limits of WebIdentityToken, in characters, and of a file that is worth
// reading for one, in bytes.
const (
	shortestToken  = 4
	longestToken   = 20000
	tokenFileLimit = 1 << 20
)

// putThere is what to do where a place holds something else than a token.
const putThere = "put the identity provider's token there, and nothing else"

// tokenWay is one way to a web identity token.
type tokenWay struct {
	// setting is the profile's, whose text says which file, program …
	setting string
	// identity is what tells whose token it is, without asking for one.
	identity func(w *walk, text string) any
	// read gets the token, or says in a clause what is wrong and what to do.
	read func(ctx context.Context, w *walk, text string) (token creds.Secret, err error)
}

// tokenWays are the ways; a source has exactly one, which was made sure of
// where the profile was resolved.
func tokenWays() []tokenWay {
	return []tokenWay{
		{"web_identity_token_file", fileTokenIdentity, fileToken},
		{"web_identity_token_process", processTokenIdentity, processToken},
		{"web_identity_token_env", variableTokenIdentity, variableToken},
		{"web_identity_token_source", githubTokenIdentity, githubToken},
	}
}

// tokenWay returns the source's way and the setting's text.
func (w *walk) tokenWay() (way tokenWay, text string) {
	for _, way := range tokenWays() {
		if value, ok := w.chain.Source.Settings[way.setting]; ok {
			return way, value.Text
		}
	}
	return tokenWay{identity: noTokenIdentity, read: noToken}, ""
}

func noTokenIdentity(*walk, string) any { return nil }

func noToken(context.Context, *walk, string) (creds.Secret, error) {
	return "", fault.New(fault.NoCredentials, "nothing says where the web identity token comes from").Fix("set web_identity_token_file")
}

// tokenOrigin is where the token comes from and whose it is, for the cache
// key. Two jobs of a CI service may share a user, and so a cache, and a
// profile, whose file or variable then holds another job's token. A session
// must not pass from the one to the other, which the role may not trust at
// all; so what the token says of its holder takes part, and for a job that
// asks GitHub the key that it asks with. Only a program cannot be asked
// without running it: its line and the variables in it must do, as for
// credential_process.
func (w *walk) tokenOrigin() map[string]any {
	way, text := w.tokenWay()
	return map[string]any{"way": way.setting, "text": text, "of": way.identity(w, text)}
}

// webIdentityToken gets the token, fit to be sent.
func (w *walk) webIdentityToken(ctx context.Context) (creds.Secret, error) {
	way, text := w.tokenWay()
	token, err := way.read(ctx, w, text)
	var f *fault.Error
	if errors.As(err, &f) {
		s := w.chain.Source
		return "", inProfile(*f.At(s.Settings[way.setting].Origin), s.Profile)
	}
	return token, err
}

// fit takes the end of the line from a token, and refuses what STS would.
// what names the token's place in messages, and fix says what to do there.
func fit(text creds.Secret, what, fix string) (creds.Secret, error) {
	token := strings.TrimRight(text.Reveal(), "\r\n")
	odd := func(r rune) bool { return r <= ' ' || r >= utf8.RuneSelf || r == 0x7f }
	unfit := func(why string) (creds.Secret, error) {
		return "", fault.New(fault.InvalidValue, "%s %s", what, why).Fix("%s", fix)
	}
	switch {
	case token == "":
		return unfit("is empty")
	case len(token) > longestToken:
		return unfit("is longer than the 20,000 characters that AWS takes")
	case len(token) < shortestToken, strings.ContainsFunc(token, odd):
		return unfit("is no web identity token")
	}
	return creds.Secret(token), nil
}

// fileToken reads a file.
func fileToken(_ context.Context, _ *walk, path string) (creds.Secret, error) {
	text, err := securefile.Read(path, tokenFileLimit)
	switch {
	case securefile.Missing(err):
		return "", fault.New(fault.FileUnreadable, "there is no web identity token file %s", path).
			Fix("correct the path, or have the identity provider write it").Because(err)
	case err != nil:
		return "", fault.New(fault.FileUnreadable, "the web identity token file %s cannot be read: %v", path, securefile.Cause(err)).
			Fix("correct the path or the file's mode").Because(err)
	}
	return fit(creds.Secret(text), "the web identity token file "+path, putThere)
}

// fileTokenIdentity reads the file; one that cannot be read is nobody's, and
// reading it for the call will tell why.
func fileTokenIdentity(_ *walk, path string) any {
	text, err := securefile.Read(path, tokenFileLimit)
	if err != nil {
		return nil
	}
	return holder(creds.Secret(text))
}

// variableToken reads a variable.
func variableToken(_ context.Context, w *walk, name string) (creds.Secret, error) {
	if w.Getenv(name) == "" {
		return "", fault.New(fault.NoCredentials, "the variable %s, which should hold a web identity token, is not set", name).
			Fix("have the CI service set it (GitLab: id_tokens in the job), or correct the name")
	}
	return fit(creds.Secret(w.Getenv(name)), "the variable "+name, putThere)
}

func variableTokenIdentity(w *walk, name string) any { return holder(creds.Secret(w.Getenv(name))) }

// processToken runs a program that prints the token.
func processToken(ctx context.Context, w *walk, line string) (creds.Secret, error) {
	text, err := w.run(ctx, line)
	if errors.Is(ctx.Err(), context.Canceled) {
		return "", fault.ErrInterrupted
	}
	if err != nil {
		return "", fault.New("", "web_identity_token_process failed: %v", err).Fix("run it by hand: it must print the token and exit with 0").Because(err)
	}
	return fit(text, "what web_identity_token_process prints", "let it print the identity provider's token and nothing else")
}

func processTokenIdentity(w *walk, line string) any { return w.lineIdentity(line) }
