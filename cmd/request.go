package cmd

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"assume-role/internal/bearer"
	"assume-role/internal/fault"
	"assume-role/internal/request"
)

type requestOptions struct {
	credentials credentialFlags
	profile     string
	url         string
	service     string
	method      string
	data        string
	headers     []string
	include     bool
	timeout     string
	presign     bool
	expires     string
}

func newRequest(a *app) *cobra.Command {
	opts := &requestOptions{}
	c := &cobra.Command{
		Use:   "request [PROFILE] URL",
		Short: "Make one signed request to an AWS API",
		Long: `Sign one HTTPS request with the credentials of PROFILE (Signature Version 4),
send it, and write the answer to stdout as it comes. The service and the region
are told from AWS's host names; --service and --region say them for others.

The exit status is 1 where the answer's status is 400 or above; the answer is on
stdout all the same. Nothing is sent twice, and no redirect is followed.

--presign prints a URL that is signed itself in place of sending anything.
Whoever has the URL can make the request until it ends.`,
		Example: `  assume-role request prod 'https://sts.eu-west-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15'
  assume-role request prod -X PUT -d @report.pdf https://bucket.s3.eu-west-1.amazonaws.com/report.pdf
  assume-role request prod --presign --expires 1h https://bucket.s3.eu-west-1.amazonaws.com/report.pdf`,
		Args:              profileAndURL,
		ValidArgsFunction: a.completeProfile,
		RunE: func(c *cobra.Command, args []string) error {
			last := len(args) - 1
			opts.profile, opts.url = firstOf(args[:last]...), args[last]
			return a.runRequest(c.Context(), opts)
		},
	}
	opts.register(a, c)
	return c
}

func (o *requestOptions) register(a *app, c *cobra.Command) {
	registerWithout("duration", &o.credentials, a, c)
	o.credentials.registerPick(c)
	flags := c.Flags()
	flags.StringVar(&o.service, "service", "", "signing name of the service, such as execute-api; --region is its region")
	flags.StringVarP(&o.method, "method", "X", "", "HTTP `METHOD` (default GET, with --data POST)")
	flags.StringVarP(&o.data, "data", "d", "", "what to send: a `TEXT`, @FILE, or - for stdin")
	flags.StringArrayVarP(&o.headers, "header", "H", nil, "`NAME: VALUE` to send and sign (repeatable)")
	flags.BoolVarP(&o.include, "include", "i", false, "print the answer's status and headers, too")
	flags.StringVar(&o.timeout, "timeout", "1m", "give up when nothing comes or goes for so long")
	flags.BoolVar(&o.presign, "presign", false, "print a URL with the signature in it; send nothing")
	flags.StringVar(&o.expires, "expires", "15m", "how long a URL of --presign works, 168h at most")
}

// registerWithout adds the credential flags, one of them without its letter,
// which means something else here.
func registerWithout(name string, f *credentialFlags, a *app, c *cobra.Command) {
	apart := &cobra.Command{}
	f.register(a, apart)
	apart.Flags().VisitAll(func(flag *pflag.Flag) {
		if flag.Name == name {
			flag.Shorthand = ""
		}
		c.Flags().AddFlag(flag)
	})
}

func profileAndURL(_ *cobra.Command, args []string) error {
	switch len(args) {
	case 0:
		return usage("a URL is needed")
	case 1, 2:
		if !strings.Contains(args[len(args)-1], "://") {
			return usage("the last word must be a URL: https://HOST/PATH")
		}
		return noneBlank(args)
	}
	return usage("one PROFILE and one URL, not %d words", len(args))
}

// signed is a request that was found right before anybody was asked for
// anything.
type signed struct {
	request.Message
	scope   request.Scope
	idle    time.Duration
	expires time.Duration
}

func (a *app) runRequest(ctx context.Context, opts *requestOptions) error {
	r, err := a.plannedRequest(ctx, opts)
	if err != nil {
		return err
	}
	s, err := a.session(ctx, opts.profile, &opts.credentials, ttlForPeople)
	if err != nil {
		return err
	}
	signer := request.Signer{Scope: r.scope, Credentials: s.credentials, Now: a.host.Now}
	a.debug("%s %s%s is signed for %s in %s", r.Method, r.URL.Host, r.URL.EscapedPath(), r.scope.Service, r.scope.Region)
	if opts.presign {
		return a.presign(ctx, s, r, signer)
	}
	if err := a.confirmed(ctx, s, r.Method, r.URL.Host); err != nil {
		return err
	}
	return a.send(ctx, s, r, signer, opts.include)
}

// plannedRequest checks everything that needs no credentials.
func (a *app) plannedRequest(ctx context.Context, opts *requestOptions) (*signed, error) {
	settings, err := a.settings()
	if err != nil {
		return nil, err
	}
	r := &signed{Message: request.Message{Method: opts.method}}
	if r.URL, err = request.ParseURL(opts.url); err != nil {
		return nil, err
	}
	if r.Header, err = request.ParseHeaders(opts.headers); err != nil {
		return nil, err
	}
	if err := opts.times(r); err != nil {
		return nil, err
	}
	if err := bearer.Check(ctx, r.URL.Scheme+"://"+r.URL.Host, settings.TrustedEndpoints); err != nil {
		return nil, err
	}
	if r.scope, err = a.scope(ctx, r.URL, opts, settings); err != nil {
		return nil, err
	}
	r.URL = a.normal(r)
	return r, a.addBody(r, opts)
}

// normal is the address as its service signs it.
func (a *app) normal(r *signed) *url.URL {
	u, changed := request.ForService(r.URL, r.scope.Service)
	if changed {
		a.note("the path is sent as AWS signs it, without . and .. and double slashes: " + u.EscapedPath())
	}
	return u
}

// longestPresigned is what Signature Version 4 takes in X-Amz-Expires.
const longestPresigned = 7 * 24 * time.Hour

func (o *requestOptions) times(r *signed) (err error) {
	if r.idle, err = durationFlag("--timeout", o.timeout); err != nil {
		return err
	}
	if r.idle <= 0 {
		return fault.New(fault.InvalidValue, "--timeout %s leaves no time", o.timeout).Fix("give 10s or more")
	}
	if r.expires, err = durationFlag("--expires", o.expires); err != nil {
		return err
	}
	if r.expires < time.Second || r.expires > longestPresigned {
		return fault.New(fault.InvalidValue, "--expires %s is not within the seven days that AWS allows", o.expires).Fix("give 1s to 168h")
	}
	if o.presign && o.data != "" {
		return usage("--presign signs no --data: whoever uses the URL sends it")
	}
	return nil
}

// scope is what the request is signed for: the flags first, then the host's
// name, and for the region the profile's own at last.
func (a *app) scope(ctx context.Context, u *url.URL, opts *requestOptions, settings Settings) (request.Scope, error) {
	scope, known := request.ScopeOf(u.Hostname())
	if opts.service == "" && !known {
		return scope, fault.New(fault.InvalidValue, "%s does not tell which service and region to sign for", u.Hostname()).
			Fix("give --service, and --region where the profile's own is not it")
	}
	scope.Service = firstOf(opts.service, scope.Service)
	scope.Region = firstOf(opts.credentials.region, scope.Region)
	if scope.Region != "" {
		return scope, nil
	}
	chain, _, err := a.resolve(ctx, opts.profile, &opts.credentials, settings)
	if err != nil {
		return scope, err
	}
	if scope.Region = chain.Region; scope.Region == "" {
		return scope, fault.New(fault.InvalidValue, "%s does not tell which region to sign for, and the profile has none", u.Hostname()).
			In(chain.Profile).Fix("give --region")
	}
	return scope, nil
}

// addBody reads what is sent, so that its hash is known, and settles what
// follows from it.
func (a *app) addBody(r *signed, opts *requestOptions) (err error) {
	r.Body = request.Bytes(nil)
	if file, ok := strings.CutPrefix(opts.data, "@"); opts.data == "-" || ok && file == "-" {
		r.Body, err = a.bodyOfStdin()
	} else if ok {
		r.Body, err = request.File(a.absolute(file))
	} else if opts.data != "" {
		r.Body = request.Bytes([]byte(opts.data))
		if r.Header.Get("Content-Type") == "" {
			r.Header.Set("Content-Type", typeOf(opts.data))
		}
	}
	if r.Method == "" {
		r.Method = map[bool]string{true: "POST", false: "GET"}[opts.data != ""]
	}
	if r.Header.Get("User-Agent") == "" {
		r.Header.Set("User-Agent", userAgent())
	}
	if err == nil {
		err = request.CheckMethod(r.Method)
	}
	return err
}

// typeOf is curl's own type for a text that was typed, and JSON's for JSON.
func typeOf(text string) string {
	if strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[") {
		return "application/json"
	}
	return "application/x-www-form-urlencoded"
}

func (a *app) bodyOfStdin() (request.Body, error) {
	return request.Stream(a.host.In)
}

// presign prints the URL, and says on stderr what it is.
func (a *app) presign(ctx context.Context, s *session, r *signed, signer request.Signer) error {
	if err := a.confirmed(ctx, s, "a presigned URL of", r.URL.Host); err != nil {
		return err
	}
	h, err := r.HTTP(ctx)
	if err != nil {
		return err
	}
	h.Header.Del("User-Agent")
	address, send, err := signer.Presign(ctx, h, r.expires)
	if err != nil {
		return err
	}
	ends := a.host.Now().Add(r.expires)
	if end := s.credentials.Expiration; !end.IsZero() && end.Before(ends) {
		a.note(fmt.Sprintf("profile %q: the URL ends with the session, at %s, which is before --expires %s", s.chain.Profile, s.credentials.ExpirationText(), r.expires))
		ends = end
	}
	a.note(fmt.Sprintf("the URL is a secret: whoever has it can make the request until %s", ends.UTC().Format(time.RFC3339)))
	for name := range send {
		a.note(fmt.Sprintf("it works only with the header %s: %s", name, strings.Join(send[name], ", ")))
	}
	_, err = fmt.Fprintln(a.host.Out, address.Reveal())
	return err
}
