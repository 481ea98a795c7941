package assume

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"io"
	"net/url"
	"slices"
	"strings"

	"assume-role/internal/creds"
	"assume-role/internal/profile"
)

// roleAttribute holds the roles of an assertion; AWS knows it in this case
// only.
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html.
const roleAttribute = "https://aws.amazon.com/SAML/Attributes/Role"

// longestAssertion is the limit of SAMLAssertion, in characters of base64.
const longestAssertion = 100_000

// assertion is a SAML response in the form that AWS takes, and the roles that
// it offers, sorted. flaw is why they could not be read, in a clause.
type assertion struct {
	text  creds.Secret
	pairs []profile.RolePair
	flaw  string
}

// readAssertion reads what a program printed: base64, perhaps in lines, and
// perhaps escaped for a URL. Whether it is genuine is for AWS to tell. why says
// what is wrong with it and quotes nothing of it.
func readAssertion(printed creds.Secret) (a assertion, why string) {
	text := strings.Join(strings.Fields(printed.Reveal()), "")
	if strings.Contains(text, "%") {
		if plain, err := url.PathUnescape(text); err == nil {
			text = plain
		}
	}
	switch {
	case text == "":
		return a, "printed nothing"
	case len(text) > longestAssertion:
		return a, "printed more than the 100,000 characters that AWS takes"
	case text[0] == '<':
		return a, "printed XML and not its base64"
	}
	document, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return a, "did not print base64"
	}
	a.text = creds.Secret(text)
	if a.pairs, err = rolesIn(document); err != nil {
		a.flaw = err.Error()
	}
	return a, ""
}

// samlAttribute is one attribute of an assertion.
type samlAttribute struct {
	Name   string   `xml:"Name,attr"`
	Values []string `xml:"AttributeValue"`
}

// rolesIn collects the values of the role attribute, wherever they stand: AWS
// checks the form of the whole. The errors quote nothing.
func rolesIn(document []byte) ([]profile.RolePair, error) {
	var pairs []profile.RolePair
	whole := false
	for d := xml.NewDecoder(bytes.NewReader(document)); ; {
		token, err := d.Token()
		switch {
		case err == io.EOF && whole:
			return sorted(pairs), nil
		case err != nil:
			return nil, errors.New("it is no XML")
		}
		switch t := token.(type) {
		case xml.Directive:
			return nil, errors.New("it declares a document type")
		case xml.StartElement:
			whole = true
			found, err := pairsOf(d, t)
			if err != nil {
				return nil, err
			}
			pairs = append(pairs, found...)
		}
	}
}

// pairsOf reads an element if it is the role attribute; what it holds that is
// no pair is AWS's to refuse.
func pairsOf(d *xml.Decoder, start xml.StartElement) ([]profile.RolePair, error) {
	if start.Name.Local != "Attribute" {
		return nil, nil
	}
	var attribute samlAttribute
	if err := d.DecodeElement(&attribute, &start); err != nil {
		return nil, errors.New("it is no XML")
	}
	if attribute.Name != roleAttribute {
		return nil, nil
	}
	var pairs []profile.RolePair
	for _, value := range attribute.Values {
		if pair, ok := profile.ParseRolePair(value); ok {
			pairs = append(pairs, pair)
		}
	}
	return pairs, nil
}

func sorted(pairs []profile.RolePair) []profile.RolePair {
	slices.SortFunc(pairs, func(a, b profile.RolePair) int {
		return cmp.Or(cmp.Compare(a.Role, b.Role), cmp.Compare(a.Provider, b.Provider))
	})
	return slices.Compact(pairs)
}
