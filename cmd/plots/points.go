package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
)

// point is one line of the file: what grows, how far, which run, milliseconds.
type point struct {
	by    string
	count float64
	run   string
	ms    float64
}

// readPoints reads by,count,run,ms. Both numbers are above zero, as a
// logarithmic axis needs them.
func readPoints(r io.Reader) ([]point, error) {
	rows := csv.NewReader(r)
	rows.FieldsPerRecord = 4
	all, err := rows.ReadAll()
	if err != nil {
		return nil, err
	}
	var points []point
	for i, row := range all {
		if i == 0 {
			continue // the names of the columns
		}
		count, err1 := strconv.ParseFloat(row[1], 64)
		ms, err2 := strconv.ParseFloat(row[3], 64)
		if err1 != nil || err2 != nil || count <= 0 || ms <= 0 {
			return nil, fmt.Errorf("line %d: %q has no two numbers above zero", i+1, row)
		}
		points = append(points, point{row[0], count, row[2], ms})
	}
	return points, nil
}

// line is the points of one run, by what grows.
type line struct {
	run    string
	points []point
}

// linesOf are the lines of one plot, the one that ends highest first.
func linesOf(points []point, by string) []line {
	var lines []line
	for _, p := range points {
		if p.by != by {
			continue
		}
		i := slices.IndexFunc(lines, func(l line) bool { return l.run == p.run })
		if i < 0 {
			lines, i = append(lines, line{run: p.run}), len(lines)
		}
		lines[i].points = append(lines[i].points, p)
	}
	slices.SortStableFunc(lines, func(a, b line) int {
		if a.last().ms > b.last().ms {
			return -1
		}
		return 1
	})
	return lines
}

func (l line) last() point { return l.points[len(l.points)-1] }
