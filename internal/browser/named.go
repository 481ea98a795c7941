package browser

import (
	"hash/fnv"
	"net/url"
	"slices"
	"strings"
)

// family is what browsers have in common on a command line.
type family int

const (
	other family = iota
	firefox
	chromium
)

// known is a browser by the name that people call it.
type known struct {
	name   string
	family family
	// linux, mac and windows are its programs: in PATH, in /Applications, and
	// under the folders of programs, each with commas between.
	linux, mac, windows string
}

func browsers() []known {
	return []known{
		{"firefox", firefox, "firefox,firefox-esr", "Firefox.app/Contents/MacOS/firefox", `Mozilla Firefox\firefox.exe`},
		{"firefox-developer-edition", firefox, "firefox-developer-edition,firefoxdeveloperedition", "Firefox Developer Edition.app/Contents/MacOS/firefox", `Firefox Developer Edition\firefox.exe`},
		{"librewolf", firefox, "librewolf", "LibreWolf.app/Contents/MacOS/librewolf", `LibreWolf\librewolf.exe`},
		{"waterfox", firefox, "waterfox", "Waterfox.app/Contents/MacOS/waterfox", `Waterfox\waterfox.exe`},
		{"zen", firefox, "zen-browser,zen", "Zen.app/Contents/MacOS/zen", `Zen Browser\zen.exe`},
		{"chrome", chromium, "google-chrome,google-chrome-stable", "Google Chrome.app/Contents/MacOS/Google Chrome", `Google\Chrome\Application\chrome.exe`},
		{"chromium", chromium, "chromium,chromium-browser", "Chromium.app/Contents/MacOS/Chromium", `Chromium\Application\chrome.exe`},
		{"edge", chromium, "microsoft-edge,microsoft-edge-stable", "Microsoft Edge.app/Contents/MacOS/Microsoft Edge", `Microsoft\Edge\Application\msedge.exe`},
		{"brave", chromium, "brave-browser,brave", "Brave Browser.app/Contents/MacOS/Brave Browser", `BraveSoftware\Brave-Browser\Application\brave.exe`},
		{"vivaldi", chromium, "vivaldi,vivaldi-stable", "Vivaldi.app/Contents/MacOS/Vivaldi", `Vivaldi\Application\vivaldi.exe`},
		{"opera", chromium, "opera", "Opera.app/Contents/MacOS/Opera", `Opera\opera.exe`},
	}
}

// Names are the browsers that With knows, in the order of their families.
func Names() []string {
	var names []string
	for _, b := range browsers() {
		names = append(names, b.name)
	}
	return names
}

// With is the opener for one browser: of a name that is among Names, else of a
// command that is given in a name's place, as in Setting.
func (o Opener) With(browser string) Opener {
	o.Setting, o.choice, o.exact = browser, o.named(browser), true
	return o
}

// named lists what may start the browser of that name; nil for an unknown one.
func (o Opener) named(name string) [][]string {
	for _, b := range browsers() {
		if b.name == name {
			return o.startedBy(b)
		}
	}
	return nil
}

func (o Opener) startedBy(b known) [][]string {
	var all [][]string
	add := func(path string) { all = append(all, []string{path}) }
	switch o.GOOS {
	case "darwin":
		add("/Applications/" + b.mac)
	case "windows":
		for _, folder := range []string{"ProgramFiles", "ProgramFiles(x86)", "LocalAppData"} {
			if root := o.variable(folder); root != "" {
				add(root + `\` + b.windows)
			}
		}
	default:
		for name := range strings.SplitSeq(b.linux, ",") {
			add(name)
		}
	}
	return all
}

// InContainer opens addresses in a Firefox container of that name, by the
// protocol of granted's extension, which has to be installed
// (https://addons.mozilla.org/firefox/addon/granted/); nothing tells whether it
// is. It needs a browser of Firefox's family: With's, else that of the user's
// choice if it is one, else Firefox; false where With's is none.
func (o Opener) InContainer(name string) (Opener, bool) {
	// The address of a page of this machine needs no escaping.
	link := "ext+granted-containers:name=" + escaped(name) + "&url=%s&color=" + colour(name) + "&icon=fingerprint"
	return o.ofFamily(firefox, "--new-tab", link)
}

// InProfile opens addresses in a profile of the browser's own, in the folder of
// that name, with cookies apart from the others'. It needs a browser of
// Chromium's family, as InContainer needs Firefox.
func (o Opener) InProfile(folder string) (Opener, bool) {
	folder = strings.ReplaceAll(folder, "%", "%%")
	return o.ofFamily(chromium, "--profile-directory="+folder, "--no-first-run", "--no-default-browser-check")
}

// ofFamily is an opener for browsers of one family, with these words on their
// command lines.
func (o Opener) ofFamily(wanted family, words ...string) (Opener, bool) {
	programs := slices.DeleteFunc(o.programs(), func(p []string) bool { return familyOf(p[0]) != wanted })
	if len(programs) == 0 && o.exact {
		return Opener{}, false
	}
	if len(programs) == 0 {
		programs = o.all(wanted)
	}
	o.choice = nil
	for _, program := range programs {
		// The address has its place among the new words.
		program = slices.DeleteFunc(slices.Clone(program), func(word string) bool { return word == "%s" })
		o.choice = append(o.choice, append(program, words...))
	}
	return o, true
}

// all lists what may start a browser of a family.
func (o Opener) all(wanted family) [][]string {
	var programs [][]string
	for _, b := range browsers() {
		if b.family == wanted {
			programs = append(programs, o.startedBy(b)...)
		}
	}
	return programs
}

// familyOf knows a browser by the end of its program's path.
func familyOf(program string) family {
	path := "/" + strings.ReplaceAll(program, `\`, "/")
	for _, b := range browsers() {
		for _, end := range append(strings.Split(b.linux, ","), b.mac, strings.ReplaceAll(b.windows, `\`, "/")) {
			if strings.HasSuffix(path, "/"+end) {
				return b.family
			}
		}
	}
	return other
}

// escaped is a text in a query, and in a word whose % signs mean something.
func escaped(text string) string {
	text = strings.ReplaceAll(url.QueryEscape(text), "+", "%20")
	return strings.ReplaceAll(text, "%", "%%")
}

// colour gives every container one of Firefox's colours, always the same.
func colour(name string) string {
	all := [...]string{"blue", "turquoise", "green", "yellow", "orange", "red", "pink", "purple"}
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(name)) // never fails
	return all[sum.Sum32()%uint32(len(all))]
}
