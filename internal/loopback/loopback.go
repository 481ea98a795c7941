// Package loopback receives a browser's answer on this machine, as RFC 8252
// describes for native applications (section 7.3).
package loopback
