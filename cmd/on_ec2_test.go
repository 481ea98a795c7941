package cmd

import (
	"os"
	"path/filepath"
	"testing"
)

func TestInstanceIn(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		file, text string
		want       bool
	}{
		"Nitro":                  {"devices/virtual/dmi/id/sys_vendor", "Amazon EC2\n", true},
		"metal":                  {"devices/virtual/dmi/id/board_vendor", "Amazon EC2\n", true},
		"Xen":                    {"hypervisor/uuid", "ec2e1916-9099-7caf-fd21-012345abcdef\n", true},
		"Xen in capitals":        {"hypervisor/uuid", "EC2E1916-9099-7CAF-FD21-012345ABCDEF\n", true},
		"another Xen":            {"hypervisor/uuid", "45e12aec-dcd1-b213-94ed-012345abcdef\n", false},
		"another vendor":         {"devices/virtual/dmi/id/sys_vendor", "QEMU\n", false},
		"a laptop":               {"devices/virtual/dmi/id/product_name", "Amazon EC2\n", false},
		"a vendor with its name": {"devices/virtual/dmi/id/sys_vendor", "Not Amazon EC2\n", false},
		"too much":               {"devices/virtual/dmi/id/sys_vendor", "Amazon EC2" + string(make([]byte, firmwareLimit)), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sys := t.TempDir()
			path := filepath.Join(sys, tc.file)
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(tc.text), 0o600); err != nil {
				t.Fatal(err)
			}
			if got := instanceIn(sys); got != tc.want {
				t.Error(got)
			}
		})
	}
}

func TestNoFirmwareIsNoInstance(t *testing.T) {
	t.Parallel()
	if instanceIn(filepath.Join(t.TempDir(), "missing")) {
		t.Error("nothing is an instance")
	}
}
