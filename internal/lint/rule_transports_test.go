package lint

import (
	"go/ast"
	"slices"
)

// transportRule: whoever speaks HTTP makes the transport, with its own dialer
// and so its limits and its proxies. That one speaks HTTP/1.1: net/http adds
// HTTP/2 only to transports without a dialer, or where it is told to
// (https://pkg.go.dev/net/http#hdr-HTTP_2). So the released program may be
// built without it.
func transportRule(t *tree) []finding {
	var all []finding
	for _, p := range t.pkgs {
		for _, f := range p.code() {
			ast.Inspect(f.ast, func(n ast.Node) bool {
				if why := transportProblem(n); why != "" {
					all = append(all, t.at(n.Pos(), "%s", why))
				}
				return true
			})
		}
	}
	return all
}

func transportProblem(n ast.Node) string {
	if name := selected(n); slices.Contains(sharedTransports(), name) {
		return name + " has no limits of ours"
	}
	if name, ok := n.(*ast.Ident); ok && slices.Contains(speakHTTP2(), name.Name) {
		return name.Name + " is of HTTP/2, which the program is built without"
	}
	literal, ok := n.(*ast.CompositeLit)
	if !ok {
		return ""
	}
	switch name := selected(literal.Type); {
	case name == "http.Transport" && !sets(literal, "DialContext"):
		return "a transport without DialContext speaks HTTP/2 where it can"
	case name == "http.Client" && !sets(literal, "Transport"):
		return "a client without Transport has http.DefaultTransport"
	}
	return ""
}

func sharedTransports() []string {
	return []string{"http.DefaultTransport", "http.DefaultClient", "http.Get", "http.Head", "http.Post", "http.PostForm"}
}

func speakHTTP2() []string {
	return []string{"ForceAttemptHTTP2", "HTTP2", "SetHTTP2", "UnencryptedHTTP2", "SetUnencryptedHTTP2", "TLSNextProto", "NextProtos"}
}

// sets reports whether a literal names the field.
func sets(literal *ast.CompositeLit, field string) bool {
	return slices.ContainsFunc(literal.Elts, func(e ast.Expr) bool {
		pair, ok := e.(*ast.KeyValueExpr)
		if !ok {
			return false
		}
		name, ok := pair.Key.(*ast.Ident)
		return ok && name.Name == field
	})
}
