package main

import (
	"math"
	"strconv"
	"strings"
)

// scale is how numbers become places.
type scale int

const (
	linear scale = iota
	logarithmic
)

// axis is one side of a plot: the numbers from low to high.
type axis struct {
	scale     scale
	low, high float64
	ticks     []float64
}

// axisFor is the axis that holds all values, and begins and ends at a tick.
func axisFor(s scale, values []float64) axis {
	low, high := math.Inf(1), math.Inf(-1)
	for _, v := range values {
		low, high = min(low, v), max(high, v)
	}
	if s == logarithmic {
		return decades(low, high)
	}
	return even(high)
}

// decades has a tick at each power of ten, from the one below to the one above.
func decades(low, high float64) axis {
	a := axis{scale: logarithmic}
	first, last := math.Floor(math.Log10(low)), math.Ceil(math.Log10(high)-1e-3)
	for e := first; e <= max(last, first+1); e++ {
		a.ticks = append(a.ticks, math.Pow(10, e))
	}
	a.low, a.high = a.ticks[0], a.ticks[len(a.ticks)-1]
	return a
}

// even has at most ten ticks from zero, at a round distance.
func even(high float64) axis {
	step := math.Pow(10, math.Floor(math.Log10(high)))
	for _, part := range []float64{10, 5, 2} {
		if high/(step/part) <= 10 {
			step /= part
			break
		}
	}
	a := axis{scale: linear}
	for i := 0.0; len(a.ticks) == 0 || a.high < high; i++ {
		a.high = i * step
		a.ticks = append(a.ticks, a.high)
	}
	return a
}

// share is where a value is between low (0) and high (1).
func (a axis) share(v float64) float64 {
	if a.scale == logarithmic {
		return math.Log10(v/a.low) / math.Log10(a.high/a.low)
	}
	return (v - a.low) / (a.high - a.low)
}

// number writes 100000 as 100,000 and 0.1 as 0.1.
func number(v float64) string {
	text := strconv.FormatFloat(v, 'f', -1, 64)
	whole, fraction, _ := strings.Cut(text, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if fraction != "" {
		return whole + "." + fraction
	}
	return whole
}
