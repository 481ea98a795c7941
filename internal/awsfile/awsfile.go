// Package awsfile edits the shared AWS config and credentials files: it adds,
// changes and removes settings and sections, and leaves every byte that is not
// concerned as it is. The form of the files is AWS's
// (https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html).
package awsfile
