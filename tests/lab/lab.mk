# The lab: paths of network namespaces with a planted culprit. See docs/lab.md.

LAB_BUILD := build/lab
LAB_CFLAGS ?= -std=c17 -D_GNU_SOURCE -O2 -g -Wall -Wextra -Wshadow \
	-Wconversion -Wpedantic -Wstrict-prototypes -Wmissing-prototypes \
	-Wcast-qual -Wpointer-arith
LAB_WIRE := $(addprefix tests/lab/,wire.c wire_options.c device.c queue.c \
	flows.c forge.c frame.c)
LAB_HEADERS := $(wildcard tests/lab/*.h)
LAB_TOOLS := $(LAB_BUILD)/wire $(LAB_BUILD)/tap
# Debian's own python3: the lab uses nothing but its standard library.
LAB_PYTHON ?= /usr/bin/python3

.PHONY: lab lab-tools for-the-lab golden

# What is missing must be there before anything is built with it.
for-the-lab: deps/build deps/lab
	@$(MAKE) --no-print-directory -j$(JOBS) all lab-tools

lab-tools: $(LAB_TOOLS)

$(LAB_BUILD)/wire: $(LAB_WIRE) $(LAB_HEADERS)
	@mkdir -p $(LAB_BUILD)
	$(call say,CC,$@)
	$(Q)$(CC) $(LAB_CFLAGS) -o $@ $(LAB_WIRE)

$(LAB_BUILD)/tap: tests/lab/tap.c
	@mkdir -p $(LAB_BUILD)
	$(call say,CC,$@)
	$(Q)$(CC) $(LAB_CFLAGS) -o $@ tests/lab/tap.c

# make lab [ONLY=pattern]: plays the scenarios and judges the verdicts. Only a
# run of all of them writes the scoreboard.
lab: for-the-lab
	$(LAB_PYTHON) tests/lab/run.py --varied --program $(BUILD)/culprit \
		$(if $(ONLY),--only '$(ONLY)',--scoreboard docs/scoreboard.md)

# compare against tests/lab/compare.list, on all recordings and pairs of capture
# points, with clocks apart, a NAT between and packets missed. Takes a few
# minutes.
COMPARE_SEEDS ?= 3
.PHONY: compare-lab
compare-lab: all
	@python3 tests/lab/compare_lab.py $(BUILD)/culprit $(COMPARE_SEEDS)

# Takes a new set of recordings into tests/captures/lab.
golden:
	$(LAB_PYTHON) tests/lab/golden.py --collect
