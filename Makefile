# culprit: says who broke a connection, and shows the packets that prove it.
#
#   make          build/culprit
#   make demo     install what is missing, build, judge real captures
#   make check    install what is missing, build, run all tests
#   make bench    speed, as ratios against other tools in one run
#   make lint     clang-tidy and cppcheck
#   make fuzz     the fuzz harnesses, FUZZ_SECONDS each
#   make lab      real kernels, planted culprits (root); ONLY=pattern
#   make probe-matrix   400 random holes in paths of real kernels (root)
#   make probe-valgrind the probe under valgrind, on hostile paths (root)
#   make install  PREFIX=/usr/local DESTDIR=

PREFIX ?= /usr/local
CC ?= cc
CLANG ?= clang-14
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
	-Wimplicit-fallthrough -Wno-missing-field-initializers
CFLAGS ?= -O2 -g
HARDENING := -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fPIE
ALL_CFLAGS := -std=c17 -D_GNU_SOURCE -DCULPRIT_VERSION='"$(VERSION)"' -I. \
	$(WARNINGS) $(WERROR) $(CFLAGS) -pthread -MMD -MP
LDLIBS := -lpcap -lnet -ldumbnet -lmnl -lcap-ng -lseccomp -lz -lzstd -llzma -lm

ROOMS := capture analysis report probe cli
SOURCES := $(foreach room,$(ROOMS),\
	$(sort $(wildcard $(room)/*.c $(room)/*/*.c)))
OBJECTS := $(SOURCES:%.c=$(BUILD)/objects/%.o)
# The trace language and the simulated path: for tests and harnesses only.
SUPPORT_SOURCES := $(sort $(wildcard tests/support/*.c))
SUPPORT_OBJECTS := $(SUPPORT_SOURCES:%.c=$(BUILD)/objects/%.o)
# everything but main(), for tests and harnesses
LIBRARY_OBJECTS := $(filter-out $(BUILD)/objects/cli/main.o,$(OBJECTS)) \
	$(SUPPORT_OBJECTS)

.PHONY: all
all: tools/build $(BUILD)/culprit

# Installs what is missing; quiet and without network when nothing is.
.PHONY: tools/%
tools/%: ; @sh tests/install-packages.sh $*

$(BUILD)/culprit: $(OBJECTS)
	$(call say,LD,$@)
	$(Q)$(CC) -pie -Wl,-z,relro,-z,now $(CFLAGS) -pthread -o $@ $^ $(LDLIBS)

$(BUILD)/objects/%.o: %.c | tools/build
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(HARDENING) -c -o $@ $<

# libdnet says its version only to its own script.
$(BUILD)/objects/probe/engine/route.o: ALL_CFLAGS += \
	-DDUMBNET_VERSION='"$(shell dumbnet-config --version)"'

-include $(OBJECTS:.o=.d) $(SUPPORT_OBJECTS:.o=.d)

include tests/tests.mk
include tests/lint.mk
-include tests/lab/lab.mk
-include docs/man/man.mk

.PHONY: demo
demo: tools/build tools/demo
	@$(MAKE) --no-print-directory -j$(JOBS) all lab-tools
	@sh tests/demo.sh $(BUILD)/culprit

.PHONY: rooms
rooms:
	@python3 tests/rooms.py $(BUILD)/objects

.PHONY: clean
clean:
	rm -rf build

.PHONY: install
install: all
	install -d $(DESTDIR)$(PREFIX)/bin
	install -m 755 $(BUILD)/culprit $(DESTDIR)$(PREFIX)/bin/culprit
	@if [ -d docs/man ]; then $(MAKE) --no-print-directory install-docs; fi
