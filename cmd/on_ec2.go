package cmd

import (
	"bytes"
	"runtime"
	"strings"

	"assume-role/internal/securefile"
)

// onEC2 reports whether this machine is an EC2 instance. Its firmware says so:
// no packet is sent, so that elsewhere a run without credentials ends at once.
// Linux shows the firmware's words in files; on other systems
// AWS_EC2_METADATA_SERVICE_ENDPOINT asks for the metadata.
// See https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/identify_ec2_instances.html.
func onEC2() bool { return runtime.GOOS == "linux" && instanceIn("/sys") }

// instanceIn looks at what the kernel tells in its folder: the vendor of
// Nitro's and metal's boards, the id that Xen's instances begin with.
func instanceIn(sys string) bool {
	for _, vendor := range []string{"/devices/virtual/dmi/id/sys_vendor", "/devices/virtual/dmi/id/board_vendor"} {
		if firmwareWord(sys+vendor) == "Amazon EC2" {
			return true
		}
	}
	return strings.HasPrefix(strings.ToLower(firmwareWord(sys+"/hypervisor/uuid")), "ec2")
}

// firmwareLimit is a page, the most that such a file holds, in bytes.
const firmwareLimit = 4096

func firmwareWord(path string) string {
	text, err := securefile.Read(path, firmwareLimit)
	if err != nil {
		return "" // no such firmware
	}
	return string(bytes.TrimSpace(text))
}
