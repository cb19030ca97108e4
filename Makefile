# What a person does with a checkout. `make help` lists it.

PREFIX ?= /usr/local
PRODUCT = .build/buildkit-installer
SWIFT_FILES = Package.swift Sources Tests
MAKEFLAGS += --no-print-directory

# One file that runs without a Swift toolchain, without symbols: a tenth smaller where the linker need not export
# what nobody imports. Apple's systems bring the runtime along. Debug information would be made and thrown away.
RELEASE = -c release -debug-info-format none -Xlinker -s
ifeq ($(shell uname),Linux)
RELEASE += --static-swift-stdlib -Xlinker --no-export-dynamic
endif

.PHONY: help run build package test screenshots bench install format lint clean packages

help: ## list these targets
	@sed -n 's/^\([a-z]*\):[^#]*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

# Not optimised, without what only debuggers and editors need, in a folder of its own, since other flags mean another build.
RUN = --scratch-path .build-run --disable-index-store -debug-info-format none

run: packages ## build, and open the wizard; without a cluster, try it on this machine
	@[ -d .build-run ] || echo "Building: about 5 minutes on two cores the first time."
	swift build $(RUN) --product buildkit-installer
	@Tests/Lab/run .build-run/debug/buildkit-installer

build: packages ## build one self-contained binary, .build/buildkit-installer
	swift build $(RELEASE) --product buildkit-installer
	@ln -sf release/buildkit-installer $(PRODUCT)

package: packages ## build the files of a release, into .build/package
	.packaging/package

# Those that start clusters, proxies and terminals have lanes of their own, one after the other: all at the same time they
# would only wait for each other, and time out.
LANES = LabTests ChartTests SessionTests DataPathTests ClusterTests
# A few tests at a time: many at once starve those that wait for an answer, and each of a lane runs a dozen tools.
FEW = --experimental-maximum-parallelization-width 3
# A turn of its own has also what computes for minutes: it would starve those that wait for an answer.
SLOW = RevocationOrderTests
EMPTY =
ALL_LANES = $(subst $(EMPTY) $(EMPTY),|,$(LANES))

test: ## set up the lab (real Kubernetes, Envoy, BuildKit) and run every test in it
	Tests/Lab/with swift build --build-tests
	Tests/Lab/with swift test --skip-build $(FEW) --skip '^($(ALL_LANES))\.' --skip '$(SLOW)'
	Tests/Lab/with swift test --skip-build --filter '$(SLOW)'
	for lane in $(LANES); do \
		Tests/Lab/with swift test --skip-build $(FEW) --filter "^$$lane\." || exit 1; \
	done

screenshots: ## regenerate the pictures of all pages
	UPDATE_SCREENSHOTS=1 Tests/Lab/with swift test --filter PicturesTests

bench: build ## run the benchmarks, each with a reference value
	swift build $(RELEASE) --product certificate-bench
	swift build $(RELEASE) --product data-path-bench
	Tests/Lab/with Tests/Bench/run $(PRODUCT) .build/release/certificate-bench .build/release/data-path-bench

install: build ## install to PREFIX (/usr/local), with completions for the shells and a manual page
	install -d "$(DESTDIR)$(PREFIX)/bin"
	install -m 0755 $(PRODUCT) "$(DESTDIR)$(PREFIX)/bin/buildkit-installer"
	$(call share,--generate-completion-script bash,bash-completion/completions/buildkit-installer)
	$(call share,--generate-completion-script fish,fish/vendor_completions.d/buildkit-installer.fish)
	$(call share,--generate-completion-script zsh,zsh/site-functions/_buildkit-installer)
	$(call share,manual,man/man1/buildkit-installer.1)

# $(call share,ARGUMENTS,FILE): puts what the program prints below PREFIX/share.
share = @file="$(DESTDIR)$(PREFIX)/share/$2"; echo "$$file"; umask 022; \
	mkdir -p "$${file%/*}" && $(PRODUCT) $1 >"$$file"

format: ## format the Swift sources
	swift format --in-place --recursive $(SWIFT_FILES)

lint: ## check the formatting
	swift format lint --strict --recursive $(SWIFT_FILES)

clean: ## remove the build output
	swift package clean
	rm -rf $(PRODUCT) .build/package .build-run .build-package

# The libraries that the binary is linked with, of which Linux distributions leave out the headers.
packages:
ifeq ($(shell uname),Linux)
	@Tests/Lab/system-packages libncurses-dev zlib1g-dev
endif
