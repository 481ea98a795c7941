package output

// dotenv is for docker run --env-file, which takes each line as it is: no
// quotes, no escapes
// (https://docs.docker.com/reference/cli/docker/container/run/#env).
func dotenv() Format {
	d := dialect{
		name:    "dotenv",
		set:     func(name, value string) string { return name + "=" + value + "\n" },
		refuses: onlyLine,
	}
	return Format{d.name, "plain lines for docker run --env-file", false, d.render}
}
