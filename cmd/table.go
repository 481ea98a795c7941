package cmd

import "unicode/utf8"

// table has two spaces between its columns.
func table(rows [][]string) []byte {
	widths := columnWidths(rows)
	var text []byte
	for _, row := range rows {
		text = append(appendRow(text, row, widths), '\n')
	}
	return text
}

func columnWidths(rows [][]string) []int {
	var widths []int
	for _, row := range rows {
		widths = append(widths, make([]int, max(0, len(row)-len(widths)))...)
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	return widths
}

func appendRow(table []byte, row []string, widths []int) []byte {
	for i, cell := range row {
		table = append(table, cell...)
		for n := utf8.RuneCountInString(cell); i < len(row)-1 && n < widths[i]+2; n++ {
			table = append(table, ' ')
		}
	}
	return table
}
