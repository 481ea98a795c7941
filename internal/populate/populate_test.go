package populate

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"assume-role/internal/awsfile"
	"assume-role/internal/sso"
)

const (
	mine = `# My own file; touch it not.
[default]
region=eu-west-1   # home

; an old habit
[profile  mine]
	` + `
output = json
s3 =
  max_concurrent_requests = 20

[sso-session corp]
sso_start_url = https://d-abc.awsapps.com/start
sso_region = eu-central-1
`
	begin = "# >>> assume-role: sso populate corp >>>\n"
	head  = "# Profiles of `assume-role sso populate corp`: run it again to update them\n# template = {account_name}-{role_name}\n# region = eu-central-1\n"
	end   = "# <<< assume-role: sso populate corp <<<\n"
)

func written(name, account, role string) string {
	return fmt.Sprintf("[profile %s]\nsso_session = corp\nsso_account_id = %s\nsso_role_name = %s\nregion = eu-central-1\n\n", name, account, role)
}

func file(t *testing.T, text string) *awsfile.File {
	t.Helper()
	f, err := awsfile.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func account(id, name string, roles ...string) sso.Account {
	return sso.Account{ID: id, Name: name, Roles: roles}
}

func request(accounts ...sso.Account) Request {
	return Request{Session: "corp", DefaultRegion: "eu-central-1", Accounts: accounts}
}

func apply(t *testing.T, f *awsfile.File, r Request) *Report {
	t.Helper()
	report, err := Apply(f, r)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func become(t *testing.T, f *awsfile.File, want string) {
	t.Helper()
	if got := f.Text(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

const one, two = "111111111111", "222222222222"

func TestApply(t *testing.T) {
	t.Parallel()
	f := file(t, mine)
	r := request(account(two, "Shop (prod)", "Reader", "Admin"), account(one, "Shop (dev)", "Admin"))
	report := apply(t, f, r)
	if fmt.Sprint(report.Added) != "[Shop-prod-Reader Shop-prod-Admin Shop-dev-Admin]" {
		t.Errorf("added %v", report.Added)
	}
	want := mine + "\n" + begin + head + written("Shop-dev-Admin", one, "Admin") + written("Shop-prod-Admin", two, "Admin") +
		written("Shop-prod-Reader", two, "Reader") + end
	become(t, f, want)

	// Again: nothing changes, in whatever order the portal answers.
	slices.Reverse(r.Accounts)
	if report = apply(t, f, r); report.Unchanged != 3 || report.Added != nil || report.Changed != nil {
		t.Errorf("%+v", report)
	}
	become(t, f, want)

	// Without accounts nothing is left but with --prune.
	if report = apply(t, f, request()); len(report.Gone) != 3 {
		t.Errorf("%+v", report)
	}
	become(t, f, want)
	r = request()
	r.Prune = true
	if report = apply(t, f, r); len(report.Removed) != 3 || report.Edited != nil {
		t.Errorf("%+v", report)
	}
	become(t, f, mine)
}

func TestApplyInCRLF(t *testing.T) {
	t.Parallel()
	crlf := strings.ReplaceAll(mine, "\n", "\r\n")
	f := file(t, crlf)
	r := request(account(one, "dev", "Admin"))
	apply(t, f, r)
	want := crlf + strings.ReplaceAll("\n"+begin+head+written("dev-Admin", one, "Admin")+end, "\n", "\r\n")
	become(t, f, want)
	if report := apply(t, f, r); report.Unchanged != 1 {
		t.Errorf("%+v", report)
	}
	become(t, f, want)
}

// What the user put into the block stays, but for what makes the profile.
func TestEditsInTheBlockStay(t *testing.T) {
	t.Parallel()
	edited := "[profile dev-Admin]\n# careful\nsso_session = corp\nsso_account_id=111111111111\nSSO_Role_Name = Admin # mine\nregion = us-east-1\noutput = json\n\n"
	own := "[profile own]\nrole_arn = arn:aws:iam::111111111111:role/X\nsource_profile = dev-Admin\n\n"
	text := mine + "\n" + begin + head + "# a note of mine\n" + edited + own + end + "\n[profile behind]\n"
	f := file(t, text)
	r := request(account(one, "dev", "Admin"))
	if report := apply(t, f, r); report.Unchanged != 1 {
		t.Errorf("%+v", report)
	}
	become(t, f, text)

	// A region that is given counts; the comment stays.
	r.Region = "eu-west-3"
	if report := apply(t, f, r); fmt.Sprint(report.Changed) != "[dev-Admin]" {
		t.Errorf("%+v", report)
	}
	become(t, f, strings.ReplaceAll(strings.Replace(text, "us-east-1", "eu-west-3", 1), "# region = eu-central-1", "# region = eu-west-3"))

	// Pruning says that somebody edited it; the user's own section stays.
	r = request()
	r.Prune = true
	if report := apply(t, f, r); fmt.Sprint(report.Edited) != "[dev-Admin]" || !f.Has("profile own") || f.Has("profile dev-Admin") {
		t.Errorf("%+v\n%s", report, f.Text())
	}
}

func TestNamesAreUnique(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text  string
		r     Request
		names string
		said  string
	}{
		"two of one name": {"", request(account(one, "dev", "A"), account(two, "dev", "A")), "dev-A-111111111111 dev-A-222222222222", ""},
		"reduced to one":  {"", request(account(one, "dev!", "A"), account(two, "dév", "A"), account("333333333333", "d v", "A")), "d-v-A-222222222222 d-v-A-333333333333 dev-A", ""},
		"roles in one":    {"", request(account(one, "dev", "A=B", "A,B")), "dev-A-B-111111111111 dev-A-B-111111111111-2", ""},
		"the user's":      {"[profile dev-A]\nregion = x\n", request(account(one, "dev", "A")), "dev-A-111111111111", "[dev-A-111111111111 in place of dev-A]"},
		"quoted":          {"[profile 'dev-A']\n", request(account(one, "dev", "A")), "dev-A-111111111111", "[dev-A-111111111111 in place of dev-A]"},
		"both taken":      {"[profile dev-A]\n[profile dev-A-111111111111]\n", request(account(one, "dev", "A")), "dev-A-111111111111-2", "[dev-A-111111111111-2 in place of dev-A]"},
		"default":         {"", Request{Session: "corp", Template: "{account_name}", Accounts: []sso.Account{account(one, "default", "A")}}, "default-111111111111", "[default-111111111111 in place of default]"},
		"nothing left":    {"", Request{Session: "corp", Template: "{account_name}", Accounts: []sso.Account{account(one, "日本", "A")}}, "111111111111", ""},
		"no ink":          {"", request(account(one, "日本", "A")), "111111111111-A", ""},
		"no name":         {"", request(account(one, "", "A")), "111111111111-A", ""},
		"elsewhere":       {"", Request{Session: "corp", Taken: []string{"dev-A"}, Accounts: []sso.Account{account(one, "dev", "A")}}, "dev-A-111111111111", "[dev-A-111111111111 in place of dev-A]"},
		"a template":      {"", Request{Session: "corp", Template: "{session}/{role_name}@{account_id}", Accounts: []sso.Account{account(one, "dev", "A b")}}, "corp/A-b@111111111111", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := file(t, c.text)
			report := apply(t, f, c.r)
			slices.Sort(report.Added)
			if got := strings.Join(report.Added, " "); got != c.names {
				t.Errorf("got %s, want %s", got, c.names)
			}
			if got := fmt.Sprint(report.Renamed); c.said != "" && got != c.said {
				t.Errorf("said %s, want %s", got, c.said)
			}
			before := f.Text()
			if again := apply(t, f, c.r); again.Unchanged != len(report.Added) || again.Renamed != nil {
				t.Errorf("again: %+v", again)
			}
			become(t, f, before)
		})
	}
}

// Who has a name keeps it when another account comes that would get it, too.
func TestNamesStay(t *testing.T) {
	t.Parallel()
	f := file(t, "")
	apply(t, f, request(account(two, "dev", "A")))
	report := apply(t, f, request(account(one, "dev", "A"), account(two, "dev", "A")))
	if fmt.Sprint(report.Added) != "[dev-A-111111111111]" || report.Unchanged != 1 {
		t.Errorf("%+v", report)
	}
	// The user takes the name of one: ours gives way, and the old one is not
	// merged with the user's.
	text := f.Text() + "[profile dev-A]\noutput = json\n"
	f = file(t, text)
	r := request(account(one, "dev", "A"), account(two, "dev", "A"))
	r.Prune = true
	report = apply(t, f, r)
	if fmt.Sprint(report.Added, report.Removed) != "[dev-A-222222222222] [dev-A]" {
		t.Errorf("%+v", report)
	}
	if role, ok := f.Get("profile dev-A", "sso_role_name"); ok {
		t.Errorf("the user's profile has the role %s", role)
	}
}

// An account that was given another name has new profiles; the old ones stay
// until they are pruned. The template and the region are those of last time.
func TestRenamedAccount(t *testing.T) {
	t.Parallel()
	f := file(t, "")
	r := request(account(one, "old", "A"))
	r.Template, r.Region = "{role_name}.{account_name}", "eu-north-1"
	apply(t, f, r)
	report := apply(t, f, request(account(one, "new", "A")))
	if fmt.Sprint(report.Added, report.Gone) != "[A.new] [A.old]" {
		t.Errorf("%+v", report)
	}
	if region, _ := f.Get("profile A.new", "region"); region != "eu-north-1" {
		t.Errorf("region %s", region)
	}
	r = request(account(one, "new", "A"))
	r.Prune = true
	if report = apply(t, f, r); fmt.Sprint(report.Removed) != "[A.old]" || f.Has("profile A.old") {
		t.Errorf("%+v", report)
	}
}

func TestNamesThatAreRefused(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"a\nb", "a\rb", "a\x00b", "a\x1b[31mb", "a\u0085b", "a\u2028b", "a]\n[profile x", "[a", "a\xffb", "\t", strings.Repeat("a", longestName+1)} {
		f := file(t, "")
		apply(t, f, request(account(one, "dev", "A"), account(two, "ok", "A")))
		before := f.Text()
		for _, r := range []Request{request(account(one, bad, "A"), account(two, "ok", "A")), request(account(one, "dev", "A", bad), account(two, "ok", "A"))} {
			r.Prune = true
			report := apply(t, f, r)
			if len(report.Refused) != 1 || strings.ContainsAny(report.Refused[0], "\n\r\x00\x1b") || !strings.Contains(report.Refused[0], one) {
				t.Errorf("%q: %q", bad, report.Refused)
			}
			become(t, f, before) // what was there of the account stays
		}
	}
}

// A role that no line can carry is refused, and stops no other.
func TestRolesThatAreRefused(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{" A", "A ", "A #b", "#A", ";", "A\u200bB", "A\u202eB", "\ufeffA"} {
		f := file(t, "")
		report := apply(t, f, request(account(one, "dev", "Ok", bad)))
		if len(report.Refused) != 1 || fmt.Sprint(report.Added) != "[dev-Ok]" {
			t.Errorf("%q: %+v", bad, report)
		}
	}
	r := request(account(one, "dev", "Ok"))
	r.Session = "a #b"
	if _, err := Apply(file(t, ""), r); err == nil {
		t.Error("a session that no line can carry is taken")
	}
}

func TestAccountsWithoutProfiles(t *testing.T) {
	t.Parallel()
	f := file(t, "")
	apply(t, f, request(account(one, "dev", "A"), account(two, "ops", "A")))
	r := request(sso.Account{ID: one, Name: "dev", Hidden: true}, account(two, "ops"))
	r.Prune = true
	report := apply(t, f, r)
	if fmt.Sprint(report.Hidden, report.Empty, report.Removed) != "[dev (111111111111)] [ops (222222222222)] [ops-A]" {
		t.Errorf("%+v", report)
	}
	if !f.Has("profile dev-A") {
		t.Error("a profile of an account that the portal hid is gone")
	}
}

func TestTemplates(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"", "{", "{account}", "{account_name", "a\nb", " {role_name}", "{{ .AccountName }}", "{}"} {
		if err := CheckTemplate(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
	for _, good := range []string{"x", "{account_name}", "}{role_name}", DefaultTemplate} {
		if err := CheckTemplate(good); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
}

func TestReduce(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "", "a": "a", "a b": "a-b", "  a  ": "a", "a (b)": "a-b", "é": "", "-a-": "a", "a#b;c=d": "a-b-c-d", "A_z.0@/+-9": "A_z.0@/+-9", "a\nb": "a-b",
	} {
		if got := Reduce(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

func TestApplyRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{begin + "[profile x]\n", begin + end + begin + end, begin + "k = v\n" + end} {
		f, err := awsfile.Parse("[default]\n" + text)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Apply(f, request(account(one, "dev", "A"))); err == nil {
			t.Errorf("%q is taken", text)
		}
		if f.Changed() {
			t.Errorf("%q: changed", text)
		}
	}
	if _, err := Apply(file(t, ""), Request{Session: "corp", Template: "{x}"}); err == nil {
		t.Error("a template is taken")
	}
	f := file(t, begin+headTemplate+"{x}\n"+end)
	f.Name = "~/.aws/config"
	if _, err := Apply(f, request(account(one, "dev", "A"))); err == nil || !strings.Contains(err.Error(), `"{x}" is no template for names (~/.aws/config)`) || !strings.Contains(err.Error(), "--template") {
		t.Errorf("a template of the file's: %v", err)
	}
}

func BenchmarkApply(b *testing.B) {
	var accounts []sso.Account
	for i := range 600 {
		accounts = append(accounts, account(fmt.Sprintf("%012d", i), fmt.Sprintf("account %d", i), "Admin", "Reader"))
	}
	for b.Loop() {
		f, _ := awsfile.Parse(mine)
		for range 2 {
			if _, err := Apply(f, request(accounts...)); err != nil {
				b.Fatal(err)
			}
		}
	}
}
