package awsfake

// settling is something that AWS's services learn late of: after a change, so
// many looks still see what was there before. What is asked of IAM itself is
// always new.
type settling[T any] struct {
	now, before T
	// left is how many looks still see before.
	left int
}

// change sets a new value, which that many looks do not see yet.
func (s *settling[T]) change(v T, looks int) {
	if s.left == 0 {
		s.before = s.now
	}
	s.now, s.left = v, looks
}

// seen is one look.
func (s *settling[T]) seen() T {
	if s.left == 0 {
		return s.now
	}
	s.left--
	return s.before
}
