package profile

import (
	"os"
	"sync"
	"testing"
)

// load2 loads a config and a credentials file with these contents.
func load2(t testing.TB, config, credentials string) (*Config, error) {
	t.Helper()
	home := t.TempDir()
	files := Files{
		Config:      File{Path: home + "/config"},
		Credentials: File{Path: home + "/credentials"},
		Home:        home,
	}
	write(t, files.Config.Path, config)
	write(t, files.Credentials.Path, credentials)
	return Load(files)
}

func mustLoad(t testing.TB, config, credentials string) *Config {
	t.Helper()
	c, err := load2(t, config, credentials)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestOriginsAreExact(t *testing.T) {
	t.Parallel()
	c := mustLoad(t, "# top\r\n\r\n[profile a]\r\nregion = eu-west-1 # c\r\n\r\ns3 =\r\n  x = 1\r\n\r\n  y = 2\r\nrole_arn = z\r\n", "[a]\nregion = eu-west-2\n")
	p, err := c.Profile("a")
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]string{"region": "~/credentials:2", "s3": "~/config:6", "role_arn": "~/config:10"} {
		if v, ok := p.Get(key); !ok || v.Origin.String() != want {
			t.Errorf("%s: at %s, want %s", key, v.Origin, want)
		}
	}
	if got := p.Sub("s3")["y"]; got.Text != "2" || got.Origin.String() != "~/config:9" {
		t.Errorf("s3.y = %+v", got)
	}
	if p.Origin.String() != "~/config:3" {
		t.Errorf("profile at %s", p.Origin)
	}
}

// TestConcurrentUse is for the race detector: listing makes the index while
// others look names up.
func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	c := mustLoad(t, manyProfiles(100), "[base]\nx = 1\n")
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for _, name := range c.Names() {
				if _, err := c.Profile(name); err != nil || !c.Has(name) {
					t.Errorf("%s: %v", name, err)
				}
			}
		})
		wg.Go(func() {
			if _, err := c.Profile("team-00099"); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}
