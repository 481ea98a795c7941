package assume

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

// stream makes a GET through Stream and returns what came.
func (w *world) stream(ctx context.Context, address string) (string, error) {
	var text strings.Builder
	o := Operation{Service: "s3", Name: "GET " + address, Profile: "dev", Endpoint: profile.Endpoint{Region: "eu-west-1", URL: address}, Signer: w.keys}
	err := New(w.options).Stream(ctx, o, func(ctx context.Context, client *http.Client) error {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
		if err != nil {
			return err
		}
		response, err := client.Do(r)
		if err != nil {
			return err
		}
		defer response.Body.Close()
		_, err = io.Copy(&text, response.Body)
		return err
	})
	return text.String(), err
}

func streaming(t *testing.T, handler http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(handler)
	t.Cleanup(s.Close)
	return s.URL
}

// An answer is longer than any of STS's may be, is not decompressed, and may
// lead elsewhere without anybody following.
func TestStream(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	address := streaming(t, func(rw http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Accept-Encoding") != "" {
			t.Errorf("asks for %s", r.Header.Get("Accept-Encoding"))
		}
		rw.Header().Set("Location", "http://127.0.0.1:1/")
		rw.WriteHeader(http.StatusFound)
		_, _ = rw.Write(make([]byte, 3*answerLimit))
	})
	text, err := w.stream(t.Context(), address)
	if err != nil || len(text) != 3*answerLimit {
		t.Errorf("%d bytes, %v", len(text), err)
	}
}

func TestStreamFails(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cut := streaming(t, func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Length", "10")
		_, _ = io.WriteString(rw, "half")
	})
	for address, want := range map[string]string{
		cut:                          "its answer was cut off",
		"http://127.0.0.1:1":         "the connection was refused",
		"http://198.51.100.1/secret": "plain http to 198.51.100.1 would show the secret that is sent",
	} {
		_, err := w.stream(t.Context(), address)
		var told *fault.Error
		if !errors.As(err, &told) || told.Profile != "dev" || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", address, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	slow := streaming(t, func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	if _, err := w.stream(ctx, slow); !errors.Is(err, fault.ErrInterrupted) {
		t.Error(err)
	}
	o := Operation{Profile: "dev", Endpoint: profile.Endpoint{CABundle: "nowhere.pem"}}
	err := New(w.options).Stream(t.Context(), o, func(context.Context, *http.Client) error { t.Error("it was asked"); return nil })
	if err == nil || !strings.Contains(err.Error(), "the CA bundle nowhere.pem cannot be read") {
		t.Error(err)
	}
}
