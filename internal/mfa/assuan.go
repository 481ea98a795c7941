package mfa

import (
	"bufio"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/terminal"
)

// assuan is the client's side of the protocol that pinentries speak
// (https://www.gnupg.org/documentation/manuals/assuan/Client-requests.html).
type assuan struct {
	from io.Reader
	to   io.Writer
}

// assuanLine is a command. One that may be refused is none that matters.
type assuanLine struct {
	command, argument string
	mayFail           bool
}

const (
	// maxAssuan is how long a line may be, in bytes, and maxReplies how many
	// lines an answer may have.
	maxAssuan  = 1000
	maxReplies = 100
)

// The codes of libgpg-error that mean that the person said no. Above 16 bits
// an error says where it comes from.
const (
	gpgCanceled      = 99
	gpgFullyCanceled = 198
	gpgCode          = 0xffff
)

// getPIN says the lines, asks, and returns what was typed.
func (a assuan) getPIN(lines []assuanLine) (creds.Secret, error) {
	replies := bufio.NewReaderSize(a.from, 2*maxAssuan)
	if _, err := reply(replies); err != nil { // its greeting
		return "", err
	}
	for _, line := range lines {
		if err := a.say(line.command + " " + percent(line.argument)); err != nil {
			return "", err
		}
		if _, err := reply(replies); err != nil && (!line.mayFail || !isRefusal(err)) {
			return "", err
		}
	}
	if err := a.say("GETPIN"); err != nil {
		return "", err
	}
	pin, err := reply(replies)
	if err == nil {
		_ = a.say("BYE") // it ends at the end of its input, too
	}
	return pin, err
}

func (a assuan) say(line string) error {
	if len(line) >= maxAssuan {
		return errors.New("the question is too long for it")
	}
	_, err := io.WriteString(a.to, line+"\n")
	return err
}

// refusal is an answer ERR.
type refusal string

func (r refusal) Error() string { return string(r) }

func isRefusal(err error) bool {
	var r refusal
	return errors.As(err, &r)
}

// reply reads up to OK and returns the data before it.
func reply(from *bufio.Reader) (creds.Secret, error) {
	var data strings.Builder
	for range maxReplies {
		line, err := from.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			return "", errors.New("it does not speak as a pinentry does")
		}
		if err != nil {
			return "", fmt.Errorf("it ended without an answer: %w", err)
		}
		switch word, rest, _ := strings.Cut(strings.TrimRight(string(line), "\r\n"), " "); word {
		case "OK":
			return creds.Secret(data.String()), nil
		case "D":
			data.WriteString(unpercent(rest))
		case "ERR":
			return "", refused(rest)
		case "S", "#", "":
		default:
			return "", errors.New("it does not speak as a pinentry does")
		}
	}
	return "", errors.New("it does not speak as a pinentry does")
}

// refused is what ERR CODE TEXT means.
func refused(text string) error {
	number, words, _ := strings.Cut(text, " ")
	code, err := strconv.ParseUint(number, 10, 32)
	if gpg := code & gpgCode; err == nil && (gpg == gpgCanceled || gpg == gpgFullyCanceled) {
		return fault.ErrInterrupted
	}
	if words == "" {
		words = "error " + number
	}
	return refusal("it says: " + terminal.Visible(words))
}

// percent writes what would end a line, and the sign itself, as %XX.
func percent(text string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(text)
}

// unpercent is the inverse of percent, for any byte.
func unpercent(text string) string {
	var plain strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '%' && i+2 < len(text) {
			if b, err := hex.DecodeString(text[i+1 : i+3]); err == nil {
				plain.WriteByte(b[0])
				i += 2
				continue
			}
		}
		plain.WriteByte(text[i])
	}
	return plain.String()
}
