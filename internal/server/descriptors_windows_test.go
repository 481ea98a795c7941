package server

// descriptors is how many sockets this process may open.
func descriptors() int { return 1 << 20 }
