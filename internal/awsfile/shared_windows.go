package awsfile

// Shared is for Unix. On Windows few files have two names, and finding out
// takes a handle of the file.
func (f *File) Shared() bool { return false }
