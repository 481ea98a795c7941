package fine // want "named fine"
