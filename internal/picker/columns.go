package picker

import (
	"strings"

	"assume-role/internal/terminal"
)

// longestName is the width that the column of names has at most: one long name
// must not push the other columns off the screen.
const longestName = 60

// between stands between two columns.
const between = "  "

// cellWidths are the widths of the columns of these rows, the name's first.
func cellWidths(list List, names []string, indexes []int) []int {
	widths := []int{0}
	for _, index := range indexes {
		widths[0] = min(longestName, max(widths[0], terminal.Width(names[index])))
		for i, cell := range list.Row(index).Cells {
			if i+1 == len(widths) {
				widths = append(widths, 0)
			}
			widths[i+1] = max(widths[i+1], terminal.Width(terminal.Visible(cell)))
		}
	}
	return widths
}

// rowText is a name and what stands beside it, in columns.
func rowText(row Row, name string, widths []int) string {
	var text strings.Builder
	text.WriteString(terminal.Pad(name, widths[0]))
	for i, cell := range row.Cells {
		if widths[i+1] > 0 {
			text.WriteString(between + terminal.Pad(terminal.Visible(cell), widths[i+1]))
		}
	}
	if row.Mark != "" {
		text.WriteString(between + terminal.Visible(row.Mark))
	}
	return text.String()
}
