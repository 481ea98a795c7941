package cmd_test

import (
	"strings"
	"testing"

	services "assume-role/internal/console"
)

// TestServicesPage holds the list of docs/console.md to the services.
func TestServicesPage(t *testing.T) {
	holdPage(t, "../docs/console.md", func(page string) string {
		return between(page, "<!-- generated: services -->\n", "<!-- end -->", servicesText())
	})
}

// servicesText lists each service's names, the services by letter.
func servicesText() string {
	var b strings.Builder
	letter := ""
	for _, name := range services.Names() {
		service, _ := services.Lookup(name)
		if service.Names[0] != name {
			continue
		}
		text := "`" + strings.Join(service.Names, "` `") + "`"
		switch {
		case letter == "":
			b.WriteString(text)
		case letter != name[:1]:
			b.WriteString("\n\n" + text)
		default:
			b.WriteString(" · " + text)
		}
		letter = name[:1]
	}
	return b.String() + "\n"
}
