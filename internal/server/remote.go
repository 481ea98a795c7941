package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
)

// Remote is a server at the other end of a Unix socket: in a container that
// mounts it, or behind ssh -R. It holds nothing of its own.
type Remote struct {
	// Socket is the socket's path.
	Socket string
	client *http.Client
}

const (
	// remoteTime bounds one request: longer than a server waits for credentials.
	remoteTime = patience + 5*time.Second
	// remoteBytes bounds an answer.
	remoteBytes = 1 << 20
)

// NewRemote connects to nothing yet.
func NewRemote(socket string) *Remote {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "unix", socket)
	}
	return &Remote{Socket: socket, client: &http.Client{
		Timeout:       remoteTime,
		Transport:     &http.Transport{DialContext: dial, DisableCompression: true, MaxIdleConns: 4, IdleConnTimeout: time.Minute},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Profiles asks which profiles are served there. Their Credentials fetch from
// the socket; their tokens and paths are the other side's.
func (r *Remote) Profiles(ctx context.Context) ([]Profile, error) {
	l, err := r.listing(ctx)
	if err != nil {
		return nil, err
	}
	profiles := make([]Profile, 0, len(l.Profiles))
	for _, p := range l.Profiles {
		token := creds.Secret(p.Token)
		profiles = append(profiles, Profile{
			Name: p.Name, Token: token, Path: p.Path, RoleARN: p.RoleARN, Region: p.Region,
			Credentials: func(ctx context.Context, _ time.Duration) (creds.Credentials, error) {
				return r.credentials(ctx, p.Name, p.Path, token)
			},
		})
	}
	return profiles, nil
}

// Generation is an Options.Generation: it asks the other side.
func (r *Remote) Generation(ctx context.Context) (int64, error) {
	l, err := r.listing(ctx)
	return l.Generation, err
}

func (r *Remote) listing(ctx context.Context) (listing, error) {
	body, err := r.get(ctx, "/", "")
	if err != nil {
		return listing{}, err
	}
	return readListing(body)
}

// readListing is strict: a profile that lacks something is no profile.
func readListing(body []byte) (listing, error) {
	var l listing
	if err := json.Unmarshal(body, &l); err != nil || l.Version != listingVersion {
		return listing{}, fault.New("", "what answers at the socket is no assume-role serve of this version").Fix("start the same version of it on both sides")
	}
	for _, p := range l.Profiles {
		if p.Name == "" || p.Token == "" || !strings.HasPrefix(p.Path, "/") || strings.ContainsAny(p.Path, " ?#\r\n") || strings.ContainsAny(p.Token, "\r\n") {
			return listing{}, fault.New("", "the server at the socket lists a profile that cannot be asked for")
		}
	}
	return l, nil
}

func (r *Remote) credentials(ctx context.Context, name, path string, token creds.Secret) (creds.Credentials, error) {
	body, err := r.get(ctx, path, token)
	if err == nil {
		return readCredentials(name, body)
	}
	var told *fault.Error
	if errors.As(err, &told) {
		return creds.Credentials{}, told.In(name)
	}
	return creds.Credentials{}, err
}

func readCredentials(name string, body []byte) (creds.Credentials, error) {
	var a containerAnswer
	err := json.Unmarshal(body, &a)
	expires, timeErr := time.Parse(time.RFC3339, a.Expiration)
	if err != nil || timeErr != nil || a.AccessKeyID == "" || a.SecretAccessKey == "" || a.Token == "" {
		return creds.Credentials{}, fault.New("", "the server at the socket answered with no credentials").In(name)
	}
	return creds.Credentials{
		AccessKeyID: a.AccessKeyID, SecretAccessKey: creds.Secret(a.SecretAccessKey), SessionToken: creds.Secret(a.Token),
		Expiration: expires.UTC(), AccountID: a.AccountID,
	}, nil
}

// get makes one request. What the other side says of a failure is the error,
// and one that may pass stays one: a net.Error is its cause.
func (r *Remote) get(ctx context.Context, path string, token creds.Secret) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://localhost"+path, nil)
	if err != nil {
		return nil, err
	}
	if token != "" {
		request.Header.Set("Authorization", token.Reveal())
	}
	response, err := r.client.Do(request)
	if err != nil {
		return nil, r.unreachable(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, remoteBytes))
	switch {
	case err != nil:
		return nil, r.unreachable(err)
	case response.StatusCode != http.StatusOK:
		return nil, refusal(response.StatusCode, body)
	}
	return body, nil
}

func (r *Remote) unreachable(err error) error {
	told := fault.New("", "the server at %s cannot be reached: %s", r.Socket, plainly(err)).Because(err)
	if errors.Is(err, fs.ErrPermission) {
		return told.Fix("the socket is for the user of the server and for root: run this with the same user id")
	}
	return told.Fix("see that `assume-role serve --socket` runs on the other side")
}

// plainly says what is wrong with a connection.
func plainly(err error) string {
	var number syscall.Errno
	var timeout net.Error
	switch {
	case errors.As(err, &number):
		return number.Error()
	case errors.As(err, &timeout) && timeout.Timeout():
		return "it did not answer in time"
	}
	return "it ended the connection"
}

// refusal is the other side's error.
func refusal(status int, body []byte) error {
	var p problem
	if json.Unmarshal(body, &p) != nil || p.Message == "" {
		return fault.New("", "the server at the socket answered with status %d", status)
	}
	told := fault.New(fault.Code(p.Code), "%s", fault.OneLine(p.Message))
	if p.Code == codeRefused || p.Code == codeUnavailable {
		told.Code = ""
	}
	if status == http.StatusServiceUnavailable {
		return told.Because(passing{fmt.Errorf("status %d", status)})
	}
	return told
}

// passing marks an error that may be another one soon, as a net.Error does.
type passing struct{ error }

// Timeout and Temporary implement net.Error.
func (passing) Timeout() bool   { return true }
func (passing) Temporary() bool { return true }
