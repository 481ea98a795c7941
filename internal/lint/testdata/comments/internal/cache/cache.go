package cache // want "package cache has no comment"

type Open struct{} // want "Open has no comment"

func (Open) Read() {} // want "Read has no comment"

// Close has one.
func (*Open) Close() {}

type closed struct{}

func (closed) Read() {}

const (
	Limit int = 1 // this one counts as a comment
)

func Limits() {} // want "Limits has no comment"

// These share one.
const (
	First  = 1
	Second = 2
)

var (
	A = 1 // A has one.
	B = 2 // B, too.
)

// These are types.
type (
	C int // want "C has no comment"
	// D has one.
	D int
)

func Do() {} // want "Do has no comment"

func do() {}
