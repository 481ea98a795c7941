package cmd

import (
	"fmt"
	"slices"
	"strings"

	"assume-role/internal/awsfile"
	"assume-role/internal/creds"
	"assume-role/internal/fault"
)

// plainFiles are the AWS files, to be edited; variables may make them one.
type plainFiles struct{ credentials, config *awsfile.File }

func (f *plainFiles) both() []*awsfile.File {
	if f.credentials == f.config {
		return []*awsfile.File{f.config}
	}
	return []*awsfile.File{f.credentials, f.config}
}

// showDiffs prints what edits change.
func (a *app) showDiffs(files *plainFiles) error {
	for _, f := range files.both() {
		if err := a.showDiff(f); err != nil {
			return err
		}
	}
	return nil
}

// save shows the edits on stderr and writes them. The keys are in the key store
// by now, so that an end half-way loses none.
func (a *app) save(files *plainFiles) error {
	for _, f := range files.both() {
		if f.Changed() {
			a.announce(f)
		}
		if err := a.saveAWSFile(f); err != nil {
			a.note("nothing is lost: the keys are in the key store, and what this was to change in the file is as it was")
			return err
		}
	}
	return nil
}

func (a *app) plainFiles() (*plainFiles, error) {
	files, err := a.files()
	if err != nil {
		return nil, err
	}
	credentials, err := loadAWSFile(files.Credentials, files.Home, "credentials")
	if err != nil {
		return nil, err
	}
	if files.Config.Path == files.Credentials.Path {
		return &plainFiles{credentials, credentials}, nil
	}
	config, err := a.configFile()
	if err != nil {
		return nil, err
	}
	return &plainFiles{credentials, config}, nil
}

// The settings that make up a key, and those of a session.
const (
	settingID     = "aws_access_key_id"
	settingSecret = "aws_secret_access_key"
)

func sessionSettings() []string { return []string{"aws_session_token", "aws_security_token"} }

// plainPair is a long-lived key that stands in the AWS files: in one of them,
// or in both.
type plainPair struct {
	namedKey
	places []place
}

// place is a section of a file.
type place struct {
	file    *awsfile.File
	section string
	// origin is the line of the key's id, of a half pair that of the half.
	origin fault.Origin
}

// places are a profile's sections, the one that counts first.
func (f *plainFiles) places(name string) []place {
	credentials, config := place{file: f.credentials, section: name}, place{file: f.config, section: f.config.Profile(name)}
	if credentials == config {
		return []place{config}
	}
	return []place{credentials, config}
}

func (p plainPair) where() string {
	var all []string
	for _, at := range p.places {
		all = append(all, at.origin.String())
	}
	return strings.Join(all, ", ")
}

// plainPairs finds the keys of the profiles named, or of all that have some.
func (a *app) plainPairs(files *plainFiles, names []string) ([]plainPair, error) {
	all := len(names) == 0
	config, err := a.config()
	if err != nil {
		return nil, err
	}
	if all {
		names = config.Names()
	}
	var pairs []plainPair
	for _, name := range slices.Compact(slices.Sorted(slices.Values(names))) {
		section, err := config.Profile(name)
		if section == nil {
			return nil, err
		}
		_, id := section.Get(settingID)
		_, secret := section.Get(settingSecret)
		pair := plainPair{namedKey: namedKey{profile: name}}
		if id || secret {
			err = pair.find(files, a.note)
		} else {
			err = nil
		}
		switch {
		case err != nil:
			return nil, err
		case len(pair.places) > 0:
			pairs = append(pairs, pair)
		case !all:
			return nil, fault.New(fault.NoCredentials, "no long-lived access key of it is in the AWS files").In(name).At(section.Origin).
				Fix("see where its credentials come from with: assume-role explain %s", name)
		}
	}
	return pairs, nil
}

// find looks into both files. Of two keys only one could be kept, so that is an
// error; the credentials file's comes first.
func (p *plainPair) find(files *plainFiles, note func(string)) error {
	for _, at := range files.places(p.profile) {
		key, err := at.read(p.profile)
		switch {
		case err != nil:
			return err
		case key.Temporary():
			note(fmt.Sprintf("profile %q: the keys at %s have a session token: they are temporary, and stay there", p.profile, at.origin))
		case key.AccessKeyID == "":
		case len(p.places) > 0 && !sameKey(key, p.key):
			return twoKeys(p.profile, p.places[0].origin, at.origin)
		default:
			p.key, p.places = key, append(p.places, at)
		}
	}
	return nil
}

// read returns the key of a section, empty where it has none.
func (at *place) read(name string) (creds.Credentials, error) {
	ids, secrets := at.values(settingID), at.values(settingSecret)
	switch {
	case len(ids) == 0 && len(secrets) == 0:
		return creds.Credentials{}, nil
	case len(ids) == 0:
		return creds.Credentials{}, halfKey(name, settingSecret, settingID, secrets[0].Origin)
	case len(secrets) == 0:
		return creds.Credentials{}, halfKey(name, settingID, settingSecret, ids[0].Origin)
	}
	at.origin = ids[len(ids)-1].Origin
	for _, all := range [][]awsfile.Value{ids, secrets} {
		for _, v := range all {
			if last := all[len(all)-1]; v.Text != last.Text {
				return creds.Credentials{}, twoKeys(name, v.Origin, last.Origin)
			}
		}
	}
	key := creds.Credentials{AccessKeyID: ids[0].Text, SecretAccessKey: creds.Secret(secrets[0].Text)}
	for _, token := range sessionSettings() {
		if tokens := at.values(token); len(tokens) > 0 {
			key.SessionToken = creds.Secret(tokens[0].Text)
			return key, nil
		}
	}
	if err := checkKey(key); err != nil {
		return creds.Credentials{}, err.In(name).At(at.origin)
	}
	if accounts := at.values("aws_account_id"); len(accounts) > 0 {
		key.AccountID = accounts[len(accounts)-1].Text
	}
	return key, nil
}

// values are those that are not empty.
func (at *place) values(setting string) []awsfile.Value {
	return slices.DeleteFunc(at.file.Values(at.section, setting), func(v awsfile.Value) bool { return v.Text == "" })
}

func halfKey(name, there, missing string, at fault.Origin) error {
	return fault.New(fault.PartialCredentials, "%s stands without %s", there, missing).In(name).At(at).
		Fix("add what is missing, or remove it; nothing was changed")
}

func twoKeys(name string, one, other fault.Origin) error {
	return fault.New(fault.TwoSources, "there are two different keys of it, here and at %s", other).In(name).At(one).
		Fix("remove the one that you do not use; nothing was changed")
}

// takeOut removes the pair from the files' texts; process leaves the line that
// asks for the profile in its place.
func (p plainPair) takeOut(process bool) error {
	for i, at := range p.places {
		at.file.Unset(at.section, settingID, settingSecret)
		if process && i == 0 {
			if err := at.setProcess(p.profile); err != nil {
				return err
			}
		}
	}
	return nil
}
