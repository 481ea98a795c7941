package cache

var other []string
