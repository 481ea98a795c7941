package cmd

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/viper"
	"go.yaml.in/yaml/v3"

	"assume-role/internal/fault"
	"assume-role/internal/securefile"
)

// settingsFile is a config.yaml. A nil one says nothing.
type settingsFile struct {
	path string
	// root is the mapping that the file is, which knows lines and how a value
	// was written.
	root *yaml.Node
	*viper.Viper
}

// settingsLimit is far above the size of every setting at its longest, in bytes.
const settingsLimit = 1 << 20

// readSettingsFile returns nil where there is no file.
func readSettingsFile(path string) (*settingsFile, error) {
	data, err := securefile.Read(path, settingsLimit)
	if securefile.Missing(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fault.New(fault.FileUnreadable, "cannot read the settings in %s: %s", path, securefile.Cause(err)).Fix("mend that, or move it away").Because(err)
	}
	file := &settingsFile{path: path, Viper: viper.New()}
	values, err := file.parse(data)
	if err != nil {
		return nil, err
	}
	if name := saidTwice(file.root); name != nil {
		return nil, fault.New(fault.InvalidValue, "setting %s is said twice", name.Value).At(file.at(name)).Fix("leave one of the two")
	}
	return file, file.MergeConfigMap(values)
}

// parse reads one YAML document, as nodes and as values. An empty one says
// nothing.
func (f *settingsFile) parse(data []byte) (values map[string]any, err error) {
	var document, second yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	if err = decoder.Decode(&document); err == nil {
		f.root, err = document.Content[0], document.Decode(&values)
	}
	switch {
	case errors.Is(err, io.EOF):
		f.root = &yaml.Node{}
		return nil, nil
	case err != nil:
		return nil, fault.New(fault.ParseError, "%s is not valid YAML%s", f.path, yamlLine(err)).Fix("mend the line").Because(err)
	case !errors.Is(decoder.Decode(&second), io.EOF):
		return nil, fault.New(fault.ParseError, "%s is not one YAML document but several", f.path).Fix("leave out the line ---")
	}
	return values, nil
}

// yamlLine is " (line N)" when the parser's error tells it. The rest of that
// error may quote the file, and is left out.
func yamlLine(err error) string {
	var line int
	for _, word := range strings.SplitAfter(err.Error(), "line ")[1:] {
		if _, scan := fmt.Sscanf(word, "%d", &line); scan == nil {
			return fmt.Sprintf(" (line %d)", line)
		}
	}
	return ""
}

// says is what the file says of a setting, or else the default.
func (f *settingsFile) says(entry setting) (said, error) {
	if f == nil || !f.IsSet(entry.key) {
		return said{text: entry.fallback, from: fromDefault}, nil
	}
	text, err := f.value(entry)
	says := said{text: text, from: fromFile}
	if err != nil {
		says.at = f.origin(entry.key)
		return says, says.refused(entry, err)
	}
	return says, nil
}

// value is a setting of config.yaml as text; a list is joined by commas. A
// number or a date is the text that was written: YAML reads 0123 as 83.
func (f *settingsFile) value(entry setting) (string, error) {
	switch value := f.Get(entry.key).(type) {
	case nil:
		return "", nil
	case []any:
		if !entry.list {
			return "", errors.New("must be one value, not a list")
		}
		return joined(value)
	case map[string]any:
		return "", errors.New("must be a value, not a section")
	case string:
		return value, nil
	default:
		if _, written := nodeOf(f.root, entry.key); written != nil && written.Kind == yaml.ScalarNode {
			return written.Value, nil
		}
		return fmt.Sprint(value), nil
	}
}

// joined are the words of a list.
func joined(list []any) (string, error) {
	words := make([]string, len(list))
	for i, word := range list {
		switch word.(type) {
		case nil, []any, map[string]any:
			return "", errors.New("must be a list of words")
		}
		words[i] = fmt.Sprint(word)
	}
	return strings.Join(words, ","), nil
}
