// Package browser opens an address in the user's browser, where there is one.
package browser
