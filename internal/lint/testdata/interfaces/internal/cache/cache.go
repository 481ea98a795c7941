package cache

type small interface {
	Get() string
	Set(string)
}

type big interface { // want "3 methods"
	Get() string
	Set(string)
	Delete()
}
