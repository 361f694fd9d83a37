# Tests. Unit tests are tests/unit/test_*.c, one program each, linked with all
# of culprit but main(); other tests are programs that print TAP. tests/run.py
# runs them all and prints the closing line `N passed, N failed`;
# `make check ONLY=units` runs one part of them.

UNIT_SOURCES := $(sort $(wildcard tests/unit/test_*.c))
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer

.PHONY: check
check: tools/build tools/check tools/docs
	@$(MAKE) --no-print-directory -j$(JOBS) all WERROR=-Werror
	@FUZZ_SECONDS=$(FUZZ_SECONDS) python3 tests/run.py $(ONLY)

# Whether clang warns where gcc does not; nothing is linked.
.PHONY: clang
clang:
	@$(MAKE) --no-print-directory objects CC=$(CLANG) WERROR=-Werror \
		BUILD=build/clang CFLAGS=-O1

.PHONY: objects
objects: $(OBJECTS) $(UNIT_SOURCES:%.c=$(BUILD)/objects/%.o)

# The tests of one build; BUILD and CFLAGS tell which.
.PHONY: unit
unit: $(UNIT_SOURCES:tests/unit/%.c=$(BUILD)/unit/%) $(BUILD)/tools/path_knowledge

$(BUILD)/unit/%: tests/unit/%.c $(LIBRARY_OBJECTS)
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(ALL_CFLAGS) -o $@ $< $(LIBRARY_OBJECTS) -lcmocka $(LDLIBS)

# The verdicts of all committed recordings, pinned anew in tests/verdicts.txt;
# each line that changes has its reason in the commit that changes it.
.PHONY: verdicts
verdicts: all
	@python3 tests/commands/test_verdicts.py --update $(BUILD)/culprit

# The same program and tests under the sanitizers, in build/sanitized.
.PHONY: sanitized
sanitized:
	@$(MAKE) --no-print-directory all unit tools BUILD=build/sanitized \
		CFLAGS="-O1 -g $(SANITIZE)" HARDENING= WERROR=-Werror

# For developers: text traces to capture files and back, in build/tools.
TOOLS := $(patsubst tests/tools/%.c,$(BUILD)/tools/%,$(wildcard tests/tools/*.c))

.PHONY: tools
tools: tools/build $(TOOLS)

$(BUILD)/tools/%: tests/tools/%.c $(LIBRARY_OBJECTS)
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(ALL_CFLAGS) -o $@ $< $(LIBRARY_OBJECTS) $(LDLIBS)

# Every small capture under tests/captures, cut at 200 places and with 10,000
# single bits turned over; `make check` tries some of each. Takes its time, and
# takes up the log of a run of the same build that was cut short.
.PHONY: mutations
mutations: sanitized
	@MUTATION_CUTS=200 MUTATION_FLIPS=10000 \
		MUTATION_LOG=build/sanitized/mutations.log python3 \
		tests/commands/test_mutations.py build/sanitized/culprit

# The probe on random paths of the lab, as often as it takes to be sure of it;
# `make check` tries a few. Takes half an hour and root.
PROBE_CASES ?= 200
PROBE_JOBS ?= 2
.PHONY: probe-matrix
probe-matrix: tools/lab all lab-tools
	@$(PROBE_MATRIX) $(BUILD)/culprit
	@$(PROBE_MATRIX) --seed 2 --loss 2 $(BUILD)/culprit
PROBE_MATRIX = $(LAB_PYTHON) tests/probe/test_random_holes.py \
	--cases $(PROBE_CASES) --jobs $(PROBE_JOBS)

# The probe under valgrind, as answers lie to it.
.PHONY: probe-valgrind
probe-valgrind: tools/lab tools/valgrind all lab-tools
	@$(LAB_PYTHON) tests/probe/test_application.py tests/valgrind.sh
	@$(LAB_PYTHON) tests/probe/test_hostile.py tests/valgrind.sh

-include tests/fuzz/fuzz.mk
-include tests/bench/bench.mk
