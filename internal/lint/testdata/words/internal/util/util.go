package util // want "named util"
