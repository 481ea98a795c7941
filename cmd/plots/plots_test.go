package main

import (
	"encoding/xml"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestPlotsAreOfThePoints: what the page shows is drawn from the points beside it.
func TestPlotsAreOfThePoints(t *testing.T) {
	t.Parallel()
	const pictures = "../../docs/pictures"
	folder := t.TempDir()
	if err := draw(filepath.Join(pictures, "growth.csv"), folder); err != nil {
		t.Fatal(err)
	}
	for _, p := range plots() {
		want, err1 := os.ReadFile(filepath.Join(folder, p.file))
		got, err2 := os.ReadFile(filepath.Join(pictures, p.file))
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		if string(got) != string(want) {
			t.Errorf("%s is not of these points: run make plots", p.file)
		}
	}
}

const points = "by,count,run,ms\nprofiles,10,a<b,1\nprofiles,1000,a<b,2.5\nprofiles,10,top,5\nprofiles,1000,top,50\nsessions,1,s,1\nsessions,2,s,1\ncalls,1,c,1\ncalls,2,c,1\n"

// TestSVG: a picture is XML, names its axes and units, says its points in
// words, and asks for nothing from elsewhere.
func TestSVG(t *testing.T) {
	t.Parallel()
	all, err := readPoints(strings.NewReader(points))
	if err != nil {
		t.Fatal(err)
	}
	p := plots()[0]
	p.lines = linesOf(all, p.by)
	svg := p.svg()
	decoder := xml.NewDecoder(strings.NewReader(svg))
	for err = error(nil); err == nil; {
		_, err = decoder.Token()
	}
	if !errors.Is(err, io.EOF) {
		t.Errorf("no XML: %v\n%s", err, svg)
	}
	for _, want := range []string{
		p.title, ">ms<", ">" + p.across + "<", ">1,000<", "a&lt;b: 1 at 10, 2.5 at 1,000.", "<title id=", `role="img"`,
		`<path stroke="#f0cf7a" d="M64.0 `,
	} {
		if !strings.Contains(svg, want) {
			t.Errorf("no %q in\n%s", want, svg)
		}
	}
	for _, foreign := range []string{"href", "url(", "<script"} {
		if strings.Contains(svg, foreign) {
			t.Errorf("%q in the picture", foreign)
		}
	}
}

// TestNamesDoNotOverlap: two lines that end at one place have names that do not.
func TestNamesDoNotOverlap(t *testing.T) {
	t.Parallel()
	p := plot{x: linear, y: linear, lines: []line{
		{"first", []point{{"", 1, "", 3}}}, {"second", []point{{"", 1, "", 3}}},
	}}
	var places []string
	for l := range strings.Lines(p.svg()) {
		if strings.Contains(l, "style=\"fill") {
			places = append(places, strings.Fields(l)[2])
		}
	}
	if len(places) != 2 || places[0] == places[1] {
		t.Errorf("names at %v", places)
	}
}

func TestBadPointsAreRefused(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"profiles,0,a,1", "profiles,1,a,0", "profiles,x,a,1", "profiles,1,a", "profiles,1,a,-2"} {
		if got, err := readPoints(strings.NewReader("by,count,run,ms\n" + bad + "\n")); err == nil {
			t.Errorf("%s: %v", bad, got)
		}
	}
	path := filepath.Join(t.TempDir(), "growth.csv")
	if err := os.WriteFile(path, []byte("by,count,run,ms\nprofiles,1,a,1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := draw(path, t.TempDir()); err == nil || !strings.Contains(err.Error(), "no points by sessions") {
		t.Error(err)
	}
	if start(nil) != 2 || start([]string{"missing", t.TempDir()}) != 1 {
		t.Error("a wrong use succeeds")
	}
}

func TestAxes(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		axis  axis
		ticks []float64
	}{
		{axisFor(logarithmic, []float64{10, 99_990}), []float64{10, 100, 1000, 10_000, 100_000}},
		{axisFor(logarithmic, []float64{1}), []float64{1, 10}},
		{axisFor(logarithmic, []float64{3, 40}), []float64{1, 10, 100}},
		{axisFor(linear, []float64{1, 8}), []float64{0, 1, 2, 3, 4, 5, 6, 7, 8}},
		{axisFor(linear, []float64{170}), []float64{0, 20, 40, 60, 80, 100, 120, 140, 160, 180}},
	} {
		if !slices.EqualFunc(test.axis.ticks, test.ticks, func(a, b float64) bool { return math.Abs(a-b) < 1e-9*b+1e-9 }) {
			t.Errorf("%v instead of %v", test.axis.ticks, test.ticks)
		}
		if test.axis.share(test.axis.low) != 0 || test.axis.share(test.axis.high) != 1 {
			t.Errorf("%+v does not end at its ends", test.axis)
		}
	}
}

func TestNumber(t *testing.T) {
	t.Parallel()
	for v, want := range map[float64]string{1: "1", 0.1: "0.1", 1000: "1,000", 100_000: "100,000", 1234.5: "1,234.5"} {
		if got := number(v); got != want {
			t.Errorf("%v: %s", v, got)
		}
	}
}
