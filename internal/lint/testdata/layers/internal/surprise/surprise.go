package surprise // want "has no rank"
