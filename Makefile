# Everything that is done to this repository. It needs Go, git and make; what
# else a target needs comes from the Go module proxy, at the version pinned in
# go.mod or tools/go.mod.
#
#   make            lists the targets
#   make test       GOTEST='-run TestX -v' PKG=./internal/cache narrow it
#   make fuzz       FUZZTIME=1m PKG=./internal/profile

GO       ?= go
PKG      ?= ./...
GOTEST   ?=
FUZZTIME ?= 10s
PREFIX   ?= $(or $(shell $(GO) env GOBIN),$(shell $(GO) env GOPATH)/bin)

# A machine with no HOME at all (some CI) still needs a place for Go's caches.
ifeq ($(strip $(HOME)),)
export HOME := $(CURDIR)/.home
endif

# A tree without .git, or one that git does not trust, builds, too: only what
# is installed says which commit it came from, and only where git can tell.
export GOFLAGS := $(strip $(GOFLAGS) -buildvcs=false)
VERSION ?= $(or $(patsubst v%,%,$(shell git describe --tags --always --dirty 2>/dev/null)),unknown)
STAMP   := $(if $(shell git rev-parse HEAD 2>/dev/null),true,false)
LDFLAGS  = -s -w -X assume-role/cmd.version=$(VERSION)

# Go's own tag: net/http without HTTP/2, which nothing here speaks (a rule of
# internal/lint), half a megabyte.
TAGS    := nethttpomithttp2

# Only the macOS keychain needs cgo; elsewhere a static binary starts faster.
GOOS := $(shell $(GO) env GOOS)
CGO  := $(if $(filter darwin,$(GOOS)),1,0)
BIN  := bin/assume-role$(shell $(GO) env GOEXE)

# Without this every process under the race detector sleeps for a second at its
# end, and the tests start thousands.
export GORACE := $(strip $(GORACE) atexit_sleep_ms=0)

# The race detector needs cgo, so a C compiler that finds its headers.
RACE := $(if $(shell tools/has-cc && echo yes),-race)

.DEFAULT_GOAL := help
.PHONY: help build install demo test race fuzz bench growth plots instructions lint docs pictures man completions release-check clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

build: ## build bin/assume-role
	CGO_ENABLED=$(CGO) $(GO) build -trimpath -buildvcs=$(STAMP) -tags '$(TAGS)' -ldflags '$(LDFLAGS)' -o $(BIN) .

install: build ## copy it to PREFIX, by default where `go install` puts programs
	mkdir -p '$(PREFIX)'
	install -m 0755 $(BIN) '$(PREFIX)/'

demo: build ## show the main job against an AWS on this machine, in a home of its own
	$(GO) run ./cmd/demo $(BIN)

test: ## run every test, with the race detector where a C compiler exists
	$(if $(RACE),CGO_ENABLED=1) $(GO) test -count=1 -timeout=9m $(RACE) $(GOTEST) $(PKG)

race: ## run every test with the race detector, three times, in random order
	CGO_ENABLED=1 $(GO) test -count=3 -timeout=30m -race -shuffle=on $(GOTEST) $(PKG)

fuzz: ## run each fuzz target for FUZZTIME (10s)
	GO='$(GO)' tools/fuzz $(FUZZTIME) $(PKG)

# What is measured, with words of its own in ARGS: `make bench ARGS=-update`.
MEASURE = $(GO) test -count=1 -timeout=30m -v ./internal/bench -args -measure '$(CURDIR)/$(BIN)'

bench: build ## measure start-up, warm and cold runs; ARGS=-update writes docs/performance.md
	$(MEASURE) -test.run '^Test(Budgets|ColdChainsMakeTheirCalls)$$' $(ARGS)

growth: build ## measure how cost grows, into docs/pictures/growth.csv, and draw it
	$(MEASURE) -test.run '^TestGrowth$$' -growth '$(CURDIR)/docs/pictures/growth.csv'
	$(MAKE) plots

plots: ## draw the plots of docs/performance.md from docs/pictures/growth.csv
	$(GO) run ./cmd/plots docs/pictures/growth.csv docs/pictures

instructions: build ## count the instructions of some runs; OLD=PATH beside another binary
	$(MEASURE) -test.run '^TestInstructions$$' -instructions $(if $(OLD),-other '$(OLD)')

pictures: build ## record docs/pictures again, from real runs
	$(GO) run ./cmd/record $(BIN) docs/pictures

docs: ## write the generated pages again
	$(GO) test -count=1 ./cmd -run '^TestDocs$$' -args -update

# What packages carry beside the program, the same from the same commit: the
# manual's date is the commit's.
MAN         ?= bin/man
COMPLETIONS ?= bin/completions

man: export SOURCE_DATE_EPOCH := $(or $(SOURCE_DATE_EPOCH),$(shell git log -1 --format=%ct 2>/dev/null),0)
man: ## write the manual's pages into MAN (bin/man)
	$(GO) run ./cmd/pages man '$(MAN)'

completions: ## write the completions of four shells into COMPLETIONS (bin/completions)
	$(GO) run ./cmd/pages completions '$(COMPLETIONS)'

# Builds goreleaser, and all programs twice, once without Go's build cache:
# about ten minutes. Not part of .ci/run.
release-check: ## prove what can be proven of a release of HEAD without making one
	GO='$(GO)' tools/release/check

clean: ## remove what was built
	chmod -R u+w bin .home 2>/dev/null || true
	rm -rf bin .home

# What `make lint` checks, each also a target of its own.
LINTS := lint-format lint-vet lint-modules lint-static lint-dead lint-layers lint-docs lint-release lint-vulns
.PHONY: $(LINTS)

lint: $(LINTS) ## check form, three systems, layers, docs, the release's files and known vulnerabilities
	@echo 'lint: all passed'

lint-format:
	@test -z "$$(gofmt -l main.go cmd internal tools | tee /dev/stderr)" || { echo 'lint: run gofmt -w on these files' >&2; exit 1; }

# The tests are vetted for each system, too, so they compile there.
lint-vet:
	$(GO) vet ./...
	for os in linux windows darwin; do \
		GOOS=$$os CGO_ENABLED=0 $(GO) vet ./... && \
		GOOS=$$os CGO_ENABLED=0 $(GO) build -tags '$(TAGS)' -o bin/cross/ . || exit 1; \
	done

lint-modules:
	$(GO) mod tidy -diff
	$(GO) mod verify

lint-static:
	$(GO) build -modfile=tools/go.mod -o bin/tools/ honnef.co/go/tools/cmd/staticcheck
	for os in linux windows darwin; do GOOS=$$os CGO_ENABLED=0 bin/tools/staticcheck ./... || exit 1; done

lint-dead:
	GO='$(GO)' tools/deadcode

lint-layers:
	$(GO) test -count=1 ./internal/lint

lint-docs:
	$(GO) test -count=1 ./cmd -run '^TestDocs$$'

lint-release:
	GO='$(GO)' tools/release/consistent

lint-vulns:
	GO='$(GO)' tools/vulns
