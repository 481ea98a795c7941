package cmd

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"

	"assume-role/internal/assume"
	"assume-role/internal/fault"
	"assume-role/internal/request"
)

// send makes the request and writes the answer to stdout as it comes.
func (a *app) send(ctx context.Context, s *session, r *signed, signer request.Signer, include bool) error {
	what := r.Method + " " + r.URL.Host + r.URL.EscapedPath()
	endpoint := s.chain.STS
	endpoint.URL, endpoint.Region = r.URL.Scheme+"://"+r.URL.Host, r.scope.Region
	operation := assume.Operation{
		Service: r.scope.Service, Name: what, Profile: s.chain.Profile, Source: s.chain.Source, Endpoint: endpoint, Signer: s.credentials,
	}
	status := &answered{}
	err := s.assumer.Stream(ctx, operation, func(ctx context.Context, client *http.Client) error {
		sender := request.Sender{HTTP: client, Signer: signer, Idle: r.idle}
		return sender.Send(ctx, r.Message, func(response *http.Response) error {
			status.read(response)
			return a.printAnswer(response, include)
		})
	})
	if err != nil {
		return err
	}
	if status.location != "" {
		a.note(what + " redirects to " + status.location + ", and redirects are not followed: a signature is for one host")
	}
	if status.code < http.StatusBadRequest {
		return nil
	}
	return fault.New("", "%s was answered %d %s%s", what, status.code, http.StatusText(status.code), status.id()).
		In(s.chain.Profile).Fix("%s", adviceOn(status.code, r.scope))
}

// answered is what an answer says before its body.
type answered struct {
	code      int
	requestID string
	location  string
}

func (s *answered) read(r *http.Response) {
	s.code = r.StatusCode
	s.requestID = cmp.Or(r.Header.Get("X-Amzn-Requestid"), r.Header.Get("X-Amz-Request-Id"), r.Header.Get("X-Amz-Apigw-Id"))
	if s.code >= http.StatusMultipleChoices && s.code < http.StatusBadRequest {
		s.location = r.Header.Get("Location")
	}
}

func (s *answered) id() string {
	if s.requestID == "" {
		return ""
	}
	return " (request id " + s.requestID + ")"
}

func adviceOn(status int, scope request.Scope) string {
	switch {
	case status == http.StatusForbidden, status == http.StatusUnauthorized:
		return fmt.Sprintf("the answer says why; it was signed for %s in %s (--service, --region)", scope.Service, scope.Region)
	case status >= http.StatusInternalServerError, status == http.StatusTooManyRequests:
		return "the answer says why; nothing is sent twice, so try again if that does no harm"
	}
	return "the answer says why"
}

// printAnswer streams an answer, to a terminal with what that would obey made
// visible.
func (a *app) printAnswer(r *http.Response, include bool) error {
	if include {
		if err := a.printHead(r); err != nil {
			return err
		}
	}
	if !a.host.OutTerminal {
		_, err := io.Copy(a.host.Out, r.Body)
		return err
	}
	shown := &visibleWriter{to: a.host.Out}
	if _, err := io.Copy(shown, r.Body); err != nil {
		return err
	}
	return shown.Close()
}

func (a *app) printHead(r *http.Response) error {
	var head strings.Builder
	fmt.Fprintf(&head, "%s %s\n", r.Proto, oneLine(r.Status))
	for _, name := range slices.Sorted(maps.Keys(r.Header)) {
		for _, value := range r.Header[name] {
			fmt.Fprintf(&head, "%s: %s\n", oneLine(name), oneLine(value))
		}
	}
	_, err := io.WriteString(a.host.Out, head.String()+"\n")
	return err
}
