package populate

import (
	"strings"
	"testing"

	"assume-role/internal/awsfile"
	"assume-role/internal/sso"
)

// FuzzApply: whatever the portal calls its accounts and roles, what the file
// says outside of the block stays, each role has one profile of a plain name,
// and a second run changes nothing.
func FuzzApply(f *testing.F) {
	for _, text := range []string{"", mine, "[profile a-b]\nk = v", "[default]\r\nregion = x\r\n", begin + "[profile z]\n" + end} {
		f.Add(text, "a", "b", "a b", "{account_name}-{role_name}")
		f.Add(text, "a]\n[profile x", "b", "c", "{role_name}")
	}
	f.Add("", "default", "", "-", "{account_name}")
	f.Fuzz(func(t *testing.T, text, first, second, role, template string) {
		file, err := awsfile.Parse(text)
		if err != nil {
			return
		}
		if file.SetBlock(Owner("corp"), nil) != nil {
			return
		}
		_, before := file.Parts()
		r := request(account(one, first, role, "R"), account(two, second, role))
		r.Template = template
		report, err := Apply(file, r)
		if err != nil {
			return
		}
		if roles := len(report.Added); roles > 3 || len(report.Refused) == 0 && role != "R" && role != "" && roles != 3 {
			t.Fatalf("%+v", report)
		}
		for _, name := range report.Added {
			if name == "" || name == "default" || Reduce(name) != name {
				t.Fatalf("the name %q", name)
			}
		}
		whole := file.Text()
		if _, err := awsfile.Parse(whole); err != nil {
			t.Fatal(err)
		}
		for i, part := range before {
			if i < len(before)-1 && !strings.Contains(whole, part.Text) {
				t.Fatalf("%q is not in %q any more", part.Text, whole)
			}
		}
		if again, err := Apply(file, r); err != nil || file.Text() != whole || again.Unchanged != len(report.Added) {
			t.Fatalf("%v: %+v, then %+v:\n%q\n%q", err, report, again, whole, file.Text())
		}
		r.Accounts, r.Prune = []sso.Account{}, true
		if _, err := Apply(file, r); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(file.Text(), "sso populate corp") && !strings.Contains(text, "sso populate corp") {
			t.Fatalf("something is left: %q", file.Text())
		}
	})
}
