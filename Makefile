# culprit: says who broke a connection, and shows the packets that prove it.
#
#   make          build/culprit, and its manual pages where there is scdoc
#   make deps     install what `make` needs and finds missing (apt-get)
#   make demo     install what is missing, build, judge real captures
#   make quick    rules, unit tests, traces, mutants: for between two edits
#   make check    install what is missing, build, run all tests
#   make bench    speed, as ratios against other tools in one run
#   make lint     clang-tidy and cppcheck
#   make fuzz     the fuzz harnesses, FUZZ_SECONDS each
#   make lab      real kernels, planted culprits (root); ONLY=pattern
#   make probe-matrix   400 random holes in paths of real kernels (root)
#   make probe-two-faults  random paths with two faults each (root)
#   make probe-idle     105 idle time-outs of real devices, at every hop (root)
#   make probe-reset    72 devices that reset on certain bytes, at every hop (root)
#   make probe-valgrind the probe under valgrind, on hostile paths (root)
#   make install  PREFIX=/usr/local DESTDIR=; and make uninstall

# Rules of make's own are tried for each of a thousand files, in vain.
MAKEFLAGS += --no-builtin-rules

PREFIX ?= /usr/local
CC ?= cc
BUILD ?= build
FUZZ_SECONDS ?= 60
JOBS ?= $(shell nproc)
# V=1 shows the whole commands
Q := $(if $(V),,@)
say = $(if $(V),,@echo "  $(1) $(2)")

VERSION := 0.1.0
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wold-style-definition -Wpointer-arith \
	-Wcast-qual -Wwrite-strings -Wvla -Wformat=2 -Wundef -Wswitch-enum \
	-Wimplicit-fallthrough -Wconversion -Wno-missing-field-initializers
CFLAGS ?= -O2 -g
# Used where the compiler has them; the last one where it does not know 3.
HARDENING := -fPIE -fstack-protector-strong -fstack-clash-protection \
	-fcf-protection -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 \
	-D_FORTIFY_SOURCE=2
# So is this: it makes the same program in whatever folder it is built.
ANYWHERE := -ffile-prefix-map=$(CURDIR)=.
ALL_CFLAGS = -std=c17 -D_GNU_SOURCE -DCULPRIT_VERSION='"$(VERSION)"' -I. \
	$(WARNINGS) $(WERROR) @$(FLAGS)/compile $(CPPFLAGS) $(CFLAGS) -pthread \
	-MMD -MP
ALL_LDFLAGS = @$(FLAGS)/compile $(CFLAGS) -pthread -Wl,-z,relro,-z,now \
	$(LDFLAGS)
LDLIBS = @$(FLAGS)/link -lm

# C files of folders, and of the folders in them.
files_of = $(sort $(wildcard $(addsuffix /$(2),$(1)) $(addsuffix /*/$(2),$(1))))
ROOMS := capture analysis report probe cli
SOURCES := $(call files_of,$(ROOMS),*.c)
OBJECTS := $(SOURCES:%.c=$(BUILD)/objects/%.o)

.PHONY: all
all: $(BUILD)/culprit man

$(BUILD)/culprit: $(OBJECTS) $(BUILD)/flags/link
	$(call say,LD,$@)
	$(Q)$(CC) -pie $(ALL_LDFLAGS) -o $@ $(OBJECTS) $(LDLIBS)

$(BUILD)/objects/%.o: %.c $(BUILD)/flags/compile
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(ROOM_CFLAGS) -c -o $@ $<

$(BUILD)/objects/cli/%.o: ROOM_CFLAGS = $(CLI_CFLAGS)

-include $(OBJECTS:.o=.d) $(SUPPORT_OBJECTS:.o=.d)

# Flags of libraries and hardening, found out once for each build. The two
# files keep their time when nothing in them changed.
FLAGS := $(BUILD)/flags

$(FLAGS)/compile $(FLAGS)/link: $(FLAGS)/found
	@:

$(FLAGS)/found: make/flags.sh make/library.sh packages Makefile \
		tests/tests.mk tests/fuzz/fuzz.mk
	@CC='$(CC)' CFLAGS='$(CPPFLAGS) $(CFLAGS)' LDFLAGS='$(LDFLAGS)' \
		sh make/flags.sh $(FLAGS) $(HARDENING) $(ANYWHERE)
	@touch $@

# deps/GROUP installs what is missing of that group of the file `packages`;
# quiet and without network when nothing is.
.PHONY: deps
deps: deps/build deps/docs
deps/%: ; @CC='$(CC)' sh make/deps.sh $*

# The fonts of --png go into the program as they are.
FONTS ?= /usr/share/fonts/truetype/dejavu
$(BUILD)/objects/report/raster_fonts.o: CPPFLAGS += -DFONT_FOLDER='"$(FONTS)"'
$(BUILD)/objects/report/raster_fonts.o: $(FONTS)/DejaVuSansMono.ttf \
	$(FONTS)/DejaVuSansMono-Bold.ttf
$(FONTS)/%.ttf:
	@echo "culprit can't be built: $@ is missing. Debian calls its package" \
		"fonts-dejavu-core ('make deps'); FONTS=FOLDER names another place." >&2
	@exit 1

include report/page/page.mk
include tests/tests.mk
include tests/lint.mk
include tests/lab/lab.mk
include docs/man/man.mk

.PHONY: demo
demo: deps/build deps/demo
	@$(MAKE) --no-print-directory -j$(JOBS) all lab-tools
	@sh tests/demo.sh $(BUILD)/culprit

.PHONY: rooms
rooms:
	@python3 tests/rooms.py $(BUILD)/objects

# A folder that holds the sources is not a folder of a build.
.PHONY: clean
clean:
	@case '$(CURDIR)/' in '$(patsubst %/,%,$(abspath $(BUILD)))/'*) \
		echo "BUILD=$(BUILD) holds the sources; nothing is removed" >&2; \
		exit 1 ;; esac
	rm -rf $(BUILD)

.PHONY: install
install: all install-docs
	install -d "$(DESTDIR)$(PREFIX)/bin"
	install -m 755 $(BUILD)/culprit "$(DESTDIR)$(PREFIX)/bin/culprit"

.PHONY: uninstall
uninstall: uninstall-docs
	rm -f "$(DESTDIR)$(PREFIX)/bin/culprit"
