package picker

import (
	"bytes"
	"unicode/utf8"

	"assume-role/internal/terminal"
)

// action is what a key does.
type action int

const (
	nothing action = iota
	insert         // the key's text
	deleteLast
	deleteWord
	deleteAll
	up
	down
	pageUp
	pageDown
	first
	last
	choose
	cancel
	endOfInput // cancels where nothing is typed
	suspend
)

// key is one key, or one paste.
type key struct {
	action action
	text   string
}

const (
	escape    = 0x1b
	enterByte = '\r'
	// longestSequence bounds what a terminal sends for one key.
	longestSequence = 32
	// longestQuery bounds what is searched for, in bytes.
	longestQuery = 256
)

// decoder turns the bytes of a terminal into keys
// (https://invisible-island.net/xterm/ctlseqs/ctlseqs.html, "PC-Style Function
// Keys" and "Bracketed Paste Mode"). It takes any bytes.
type decoder struct {
	partial []byte // of a key
	pasting bool
	pasted  []byte
}

// waiting reports whether more bytes may belong to the last one: Esc is a key,
// and begins others.
func (d *decoder) waiting() bool { return len(d.partial) > 0 }

// flush is called when nothing follows: a lone Esc is the key, anything else
// that is incomplete is nothing.
func (d *decoder) flush() key {
	alone := len(d.partial) == 1 && d.partial[0] == escape && !d.pasting
	d.partial = nil
	if alone {
		return key{action: cancel}
	}
	return key{}
}

// feed takes one byte and returns the key that it completes, if any.
func (d *decoder) feed(b byte) key {
	d.partial = append(d.partial, b)
	switch {
	case d.partial[0] == escape:
		return d.sequence()
	case b < utf8.RuneSelf || utf8.FullRune(d.partial):
		return d.character()
	}
	return key{}
}

// character is a key without an escape sequence, or with what is no UTF-8
// nothing.
func (d *decoder) character() key {
	typed := d.partial
	d.partial = nil
	if d.pasting {
		d.paste(typed)
		return key{}
	}
	if len(typed) == 1 && typed[0] < ' ' || typed[0] == 0x7f {
		return key{action: control(typed[0])}
	}
	return key{insert, printable(typed)}
}

// paste keeps as much of a paste as can be searched for.
func (d *decoder) paste(text []byte) {
	if len(d.pasted) < longestQuery {
		d.pasted = append(d.pasted, text...)
	}
}

// printable leaves out what a terminal would obey or hide, and what is no
// text. White space is a space: a line's end in a paste chooses nothing.
func printable(text []byte) string {
	var kept []byte
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		switch c := text[:size]; {
		case r == '\n', r == '\r', r == '\t':
			kept = append(kept, ' ')
		case terminal.Visible(string(c)) == string(c):
			kept = append(kept, c...)
		}
		text = text[size:]
	}
	return string(kept)
}

// control is what a control character does.
func control(b byte) action {
	switch b {
	case enterByte, '\n':
		return choose
	case 0x03, 0x07: // Ctrl-C, Ctrl-G
		return cancel
	case 0x04: // Ctrl-D
		return endOfInput
	case 0x08, 0x7f:
		return deleteLast
	case 0x0e: // Ctrl-N
		return down
	case 0x10: // Ctrl-P
		return up
	case 0x15: // Ctrl-U
		return deleteAll
	case 0x17: // Ctrl-W
		return deleteWord
	case 0x1a: // Ctrl-Z
		return suspend
	}
	return nothing
}

// sequence looks at what follows an Esc.
func (d *decoder) sequence() key {
	whole := d.partial
	if len(whole) == 1 {
		return key{}
	}
	switch introducer := whole[1]; {
	case introducer == escape: // the first one was the key
		d.partial = whole[1:]
		return key{action: cancel}
	case introducer != '[' && introducer != 'O':
		d.partial = nil // Alt and a key
		return key{}
	case len(whole) == 2 || incomplete(whole):
		return key{}
	}
	d.partial = nil
	return d.named(whole[1:])
}

// incomplete reports whether a sequence goes on: its last byte is a parameter,
// or it is a function key of the Linux console (Esc [ [ A).
func incomplete(whole []byte) bool {
	final := whole[len(whole)-1]
	if len(whole) == 3 && whole[1] == '[' && final == '[' {
		return true
	}
	return final >= ' ' && final < '@' && len(whole) < longestSequence
}

// named is the key that a sequence stands for, without its Esc.
func (d *decoder) named(sequence []byte) key {
	switch string(sequence) {
	case "[200~":
		d.pasting, d.pasted = true, nil
		return key{}
	case "[201~":
		return d.endPaste()
	}
	if d.pasting || sequence[1] == '[' {
		return key{}
	}
	return key{action: functionKey(sequence)}
}

func (d *decoder) endPaste() key {
	text := d.pasted
	d.pasting, d.pasted = false, nil
	return key{insert, printable(text)}
}

// functionKey goes by the first parameter and the final byte: Shift, Ctrl and
// the like, which follow the first parameter, change nothing.
func functionKey(sequence []byte) action {
	if string(sequence) == "OM" { // Enter on the keypad
		return choose
	}
	final := sequence[len(sequence)-1]
	parameter, _, _ := bytes.Cut(sequence[1:len(sequence)-1], []byte{';'})
	switch final {
	case 'A':
		return up
	case 'B':
		return down
	case 'H':
		return first
	case 'F':
		return last
	case '~':
		return numberedKey(string(parameter))
	}
	return nothing
}

// numberedKey is one of the VT220's editing keys.
func numberedKey(parameter string) action {
	switch parameter {
	case "1", "7":
		return first
	case "4", "8":
		return last
	case "5":
		return pageUp
	case "6":
		return pageDown
	}
	return nothing
}
