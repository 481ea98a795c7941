package profile

import (
	"errors"
	"strings"
	"testing"

	"assume-role/internal/fault"
)

// TestLocate holds the SDKs' cross-language rules for the files' places.
func TestLocate(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, goos          string
		env                 map[string]string
		config, credentials string
		home                string
	}{
		{"home", "linux", vars("HOME", "/home/u"), "/home/u/.aws/config", "/home/u/.aws/credentials", "/home/u"},
		{"home with a slash at its end", "darwin", vars("HOME", "/home/u/"), "/home/u/.aws/config", "/home/u/.aws/credentials", "/home/u/"},
		{"the root as home", "linux", vars("HOME", "/"), "/.aws/config", "/.aws/credentials", "/"},
		{"Windows variables mean nothing elsewhere", "linux", vars("HOME", "/h", "USERPROFILE", `C:\u`, "HOMEDRIVE", "C:", "HOMEPATH", `\u`), "/h/.aws/config", "/h/.aws/credentials", "/h"},
		{"HOME comes first on Windows", windows, vars("HOME", `C:\h`, "USERPROFILE", `C:\u`), `C:\h\.aws\config`, `C:\h\.aws\credentials`, `C:\h`},
		{"then USERPROFILE", windows, vars("USERPROFILE", `C:\u`, "HOMEDRIVE", "D:", "HOMEPATH", `\d`), `C:\u\.aws\config`, `C:\u\.aws\credentials`, `C:\u`},
		{"then HOMEDRIVE and HOMEPATH", windows, vars("HOMEDRIVE", "D:", "HOMEPATH", `\d`), `D:\d\.aws\config`, `D:\d\.aws\credentials`, `D:\d`},
		{"a variable for the config alone", "linux", vars("HOME", "/h", "AWS_CONFIG_FILE", "/etc/c"), "=/etc/c", "/h/.aws/credentials", "/h"},
		{"a variable for the credentials alone", "linux", vars("HOME", "/h", "AWS_SHARED_CREDENTIALS_FILE", "rel/c"), "/h/.aws/config", "=rel/c", "/h"},
		{"an empty variable counts as unset", "linux", vars("HOME", "/h", "AWS_CONFIG_FILE", ""), "/h/.aws/config", "/h/.aws/credentials", "/h"},
		{"a tilde and a slash", "linux", vars("HOME", "/h", "AWS_CONFIG_FILE", "~/c", "AWS_SHARED_CREDENTIALS_FILE", `~\d`), "=/h/c", `=~\d`, "/h"},
		{"a tilde and a backslash on Windows", windows, vars("HOME", `C:\h`, "AWS_CONFIG_FILE", `~\c`, "AWS_SHARED_CREDENTIALS_FILE", "~/d"), `=C:\h\c`, `=C:\h\d`, `C:\h`},
		{"somebody else's tilde is a name", "linux", vars("HOME", "/h", "AWS_CONFIG_FILE", "~aws/c", "AWS_SHARED_CREDENTIALS_FILE", "/x/~/c"), "=~aws/c", "=/x/~/c", "/h"},
		{"no home, and none needed", "linux", vars("AWS_CONFIG_FILE", "/c", "AWS_SHARED_CREDENTIALS_FILE", "/d"), "=/c", "=/d", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := Locate(tc.goos, func(name string) string { return tc.env[name] })
			if err != nil {
				t.Fatal(err)
			}
			want := Files{Config: place(tc.config), Credentials: place(tc.credentials), Home: tc.home}
			if got != want {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
		})
	}
}

// place reads a path; one that a variable names begins with an equals sign.
func place(path string) File {
	rest, named := strings.CutPrefix(path, "=")
	return File{Path: rest, Named: named}
}

func vars(pairs ...string) map[string]string {
	env := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		env[pairs[i]] = pairs[i+1]
	}
	return env
}

func TestLocateWithoutHome(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, goos string
		env        map[string]string
		want       []string
	}{
		{"nothing at all", "linux", nil, []string{"HOME is not set", "AWS_CONFIG_FILE"}},
		{"nothing on Windows", windows, nil, []string{"USERPROFILE"}},
		{"Windows variables elsewhere", "linux", vars("USERPROFILE", "C:"), []string{"HOME is not set"}},
		{"one file named", "linux", vars("AWS_CONFIG_FILE", "/c"), []string{"AWS_SHARED_CREDENTIALS_FILE"}},
		{"a tilde", "linux", vars("AWS_CONFIG_FILE", "~/c", "AWS_SHARED_CREDENTIALS_FILE", "/d"), []string{"AWS_CONFIG_FILE"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := Locate(tc.goos, func(name string) string { return tc.env[name] })
			var e *fault.Error
			if !errors.As(err, &e) || e.Hint == "" || e.Code != fault.FileUnreadable {
				t.Fatalf("got %v", err)
			}
			for _, words := range tc.want {
				if !strings.Contains(err.Error(), words) {
					t.Errorf("%v: does not say %q", err, words)
				}
			}
		})
	}
}

func TestShownPaths(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ path, home, want string }{
		{"/home/u/.aws/config", "/home/u", "~/.aws/config"},
		{"/home/u/.aws/config", "/home/u/", "~/.aws/config"},
		{"/home/user2/.aws/config", "/home/u", "/home/user2/.aws/config"},
		{"/home/u", "/home/u", "/home/u"},
		{"/.aws/config", "/", "/.aws/config"},
		{"/c", "", "/c"},
		{`C:\u\.aws\config`, `C:\u`, `~\.aws\config`},
	} {
		if got := shown(tc.path, tc.home); got != tc.want {
			t.Errorf("shown(%q, %q) = %q, want %q", tc.path, tc.home, got, tc.want)
		}
	}
}
