// Package console makes the link that signs a browser in to the AWS console
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_enable-console-custom-url.html),
// and hands it over once, through a page on this machine.
package console
