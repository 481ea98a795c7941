package profile

import "testing"

// Both spellings of a FIPS pseudo-region, and names that only look like one.
func TestFIPSPseudoRegion(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"fips-us-east-1":     "us-east-1",
		"us-east-1-fips":     "us-east-1",
		"us-gov-west-1-fips": "us-gov-west-1",
		"us-fips-east-1":     "us-east-1",
		"us-east-1":          "",
		"fips":               "",
		"aws-global":         "",
		"fips-":              "",
		"-fips":              "",
		"-fips-":             "-",
	} {
		region, is := fipsPseudoRegion(name)
		if is != (want != "") || is && region != want {
			t.Errorf("%s: %q, %v", name, region, is)
		}
	}
}

func TestCheckFIPS(t *testing.T) {
	t.Parallel()
	for region, partition := range map[string]string{
		"us-east-1": "aws", "us-east-2": "aws", "us-west-1": "aws", "us-west-2": "aws",
		"us-gov-east-1": "aws-us-gov", "us-gov-west-1": "aws-us-gov",
	} {
		if err := (Endpoint{Region: region, Partition: partition, FIPS: true}).CheckFIPS(); err != nil {
			t.Errorf("%s: %v", region, err)
		}
	}
	for region, partition := range map[string]string{
		"ca-central-1": "aws", "eu-west-1": "aws", "cn-north-1": "aws-cn", "eusc-de-east-1": "aws-eusc", "us-iso-east-1": "aws-iso",
	} {
		e := Endpoint{Region: region, Partition: partition, FIPS: true}
		if err := e.CheckFIPS(); err == nil || err.Hint == "" {
			t.Errorf("%s: %v", region, err)
		}
		if e.FIPS = false; e.CheckFIPS() != nil {
			t.Errorf("%s is refused without FIPS", region)
		}
	}
}
