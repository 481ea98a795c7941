package profile

// IsRegion reports whether a text can be a region's name, as a host name's
// label has it. New regions appear, so no list decides.
func IsRegion(text string) bool {
	return text != "" && checkRegion(given{Value: Value{Text: text}}) == nil
}
