# Tests. Unit tests are tests/unit/test_*.c, one program each, linked with all
# of culprit but main() and with tests/support/; other tests are programs that
# print TAP. tests/run.py runs them all and prints the closing line
# `N passed, N failed`; `make check ONLY=units` runs one part of them.

UNIT_SOURCES := $(call files_of,tests/unit,test_*.c)
FUZZ_SOURCES := $(call files_of,tests/fuzz,fuzz_*.c)
UNITS := $(UNIT_SOURCES:tests/%.c=$(BUILD)/%)
# What holds the tables of knowledge in place, see tests/knowledge/.
KNOWLEDGE_SOURCES := $(call files_of,tests/knowledge,test_*.c)
KNOWLEDGE := $(KNOWLEDGE_SOURCES:tests/%.c=$(BUILD)/%)
# Text traces to capture files and back; captures damaged by the thousand.
TOOL_SOURCES := $(call files_of,tests/tools,*.c)
TOOLS := $(TOOL_SOURCES:tests/%.c=$(BUILD)/%)
SUPPORT_SOURCES := $(call files_of,tests/support,*.c)
TEST_OBJECTS := $(filter-out $(BUILD)/objects/cli/main.o,$(OBJECTS)) \
	$(SUPPORT_SOURCES:%.c=$(BUILD)/objects/%.o)
TEST_ARCHIVE := $(BUILD)/tests.a

# the newest that is here, with what the fuzz harnesses need if one has it;
# asked for once, and only when it is needed
ifeq ($(origin CLANG),undefined)
CLANG = $(eval CLANG := $(shell sh make/newest.sh clang -fsanitize=fuzzer || \
	sh make/newest.sh clang || echo clang))$(CLANG)
endif

# how programs of tests are linked; LINKER= for the compiler's own linker
ifeq ($(origin LINKER),undefined)
LINKER = $(eval LINKER := $(shell CC='$(CC)' sh make/linker.sh))$(LINKER)
endif

# The lab takes root; nothing is installed for it in vain.
.PHONY: check
check: deps/build deps/check deps/docs
	@[ "$$(id -u)" != 0 ] || sh make/deps.sh lab
	@$(MAKE) --no-print-directory -j$(JOBS) all WERROR=-Werror
	@BUILD='$(BUILD)' FUZZ_SECONDS=$(FUZZ_SECONDS) \
		python3 tests/run.py $(ONLY)

# What tells at once whether an edit was good; installs nothing.
.PHONY: quick
quick:
	@BUILD='$(BUILD)' python3 tests/run.py quick

# The tests of one build; BUILD and CFLAGS tell which.
.PHONY: unit
unit: $(UNITS) $(BUILD)/tools/knowledge

.PHONY: tools
tools: $(TOOLS)

# The mutants of all tables, see tests/knowledge/.
.PHONY: knowledge
knowledge: $(KNOWLEDGE)

$(BUILD)/knowledge/test_mutants: LDLIBS += -Wl,--wrap=verdict_find
$(UNITS): LDLIBS += -lcmocka
$(UNITS): OWN_CFLAGS = $(UNIT_CFLAGS)
$(UNITS) $(TOOLS) $(KNOWLEDGE): $(BUILD)/%: tests/%.c $(TEST_ARCHIVE) $(FLAGS)/link
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) $(LINKER) $(OWN_CFLAGS) -o $@ \
		$< $(TEST_ARCHIVE) $(LDLIBS)

# A program of tests takes from it what it needs: linked in half of the time that
# all objects take.
$(TEST_ARCHIVE): $(TEST_OBJECTS)
	$(call say,AR,$@)
	$(Q)rm -f $@
	$(Q)$(AR) rcsT $@ $(TEST_OBJECTS)

# Traffic whose resets are known: see tests/bench/planted.c.
.PHONY: generator
generator: $(BUILD)/bench/generate

# Culprit run many times, loaded once: see tests/commands/fork_server.py.
.PHONY: fork-server
fork-server: $(BUILD)/fork_server.so

$(BUILD)/fork_server.so: tests/commands/fork_server.c $(FLAGS)/compile
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(ALL_CFLAGS) -fPIC -shared -o $@ $<

-include $(UNITS:=.d) $(TOOLS:=.d) $(KNOWLEDGE:=.d) \
	$(SUPPORT_SOURCES:%.c=$(BUILD)/objects/%.d)

# The same program and tests by clang, under the sanitizers, with what the fuzz
# harnesses want as well: one build for both. Small chunks of flows, so that the
# ends of chunks are met. -g1 names all lines; the rest is for debuggers. A unit
# test's own lines run once, and so do most of cli/: to optimise them takes longer
# than it would save.
SANITIZED := BUILD=$(BUILD)/sanitized HARDENING= WERROR=-Werror \
	CFLAGS="-O1 -g1 -fno-omit-frame-pointer -fsanitize=address,undefined \
	-fno-sanitize-recover=all -fsanitize=fuzzer-no-link \
	-DFLOW_TABLE_CHUNK_BITS=6" \
	UNIT_CFLAGS="-O0 -fno-sanitize=fuzzer-no-link" CLI_CFLAGS=-O0
.PHONY: sanitized
sanitized:
	@$(MAKE) --no-print-directory $(BUILD)/sanitized/culprit unit tools \
		CC='$(CLANG)' $(SANITIZED)

# The verdicts of all committed recordings, pinned anew in tests/verdicts.txt;
# each line that changes has its reason in the commit that changes it.
.PHONY: verdicts
verdicts: all
	@python3 tests/commands/test_verdicts.py --update $(BUILD)/culprit

# How every command looks on a terminal, pinned anew in tests/screens; every line
# that changes is to be read.
.PHONY: screens
screens: all
	@python3 tests/commands/test_screens.py --update $(BUILD)/culprit

# The parts of docs/evidence.md, docs/thresholds.md, docs/paths.md and the manual that
# are the program's own tables, and docs/culprit.schema.json.
.PHONY: evidence
evidence: $(BUILD)/tools/knowledge $(BUILD)/tools/path_knowledge
	@python3 tests/docs/sync.py --write
	@python3 tests/docs/paths.py --write

# Whether clang warns where gcc does not; nothing is compiled to its end. The
# sanitized build and its harnesses are clang's with the same warnings: beside them
# `clang-rest` is enough.
.PHONY: clang clang-rest
clang clang-rest:
	@$(MAKE) --no-print-directory warnings-$@ CC='$(CLANG)' WERROR=-Werror \
		BUILD=$(BUILD)/clang CFLAGS=-O1

WARNED_REST := $(patsubst %.c,$(BUILD)/warnings/%,$(KNOWLEDGE_SOURCES) \
	$(wildcard tests/commands/*.c))
WARNED := $(WARNED_REST) $(patsubst %.c,$(BUILD)/warnings/%,$(SOURCES) \
	$(UNIT_SOURCES) $(TOOL_SOURCES) $(SUPPORT_SOURCES) $(FUZZ_SOURCES))

.PHONY: warnings-clang warnings-clang-rest
warnings-clang: $(WARNED)
warnings-clang-rest: $(WARNED_REST)

$(WARNED): $(BUILD)/warnings/%: %.c $(FLAGS)/compile
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -fsyntax-only -MF $@.d -MT $@ $<
	@touch $@

-include $(WARNED:=.d)

# Every small capture under tests/captures, cut at 200 places and with 10,000
# single bits turned over; `make check` tries some of each. Takes its time, and
# takes up the log of a run of the same build that was cut short.
.PHONY: mutations
mutations: sanitized
	@MUTATION_CUTS=200 MUTATION_FLIPS=10000 \
		MUTATION_LOG=$(BUILD)/sanitized/mutations.log python3 \
		tests/commands/test_mutations.py $(BUILD)/sanitized/culprit

# Random conversations of known truth, many more than `make check` plays.
PROPERTIES ?= 1000000
.PHONY: properties
properties: $(BUILD)/unit/test_conversations
	@PROPERTIES=$(PROPERTIES) $<

# The probe on random paths of the lab, as often as it takes to be sure of it;
# `make check` tries a few. Takes half an hour and root.
PROBE_CASES ?= 200
PROBE_JOBS ?= 2
.PHONY: probe-matrix
probe-matrix: for-the-lab
	@$(PROBE_MATRIX) $(BUILD)/culprit
	@$(PROBE_MATRIX) --seed 2 --loss 2 $(BUILD)/culprit
PROBE_MATRIX = $(LAB_PYTHON) tests/probe/test_random_holes.py \
	--cases $(PROBE_CASES) --jobs $(PROBE_JOBS)

# Random paths with two faults each: PROBE_SEED, PROBE_PATHS. Takes root.
PROBE_SEED ?= 1
PROBE_PATHS ?= 100
.PHONY: probe-two-faults
probe-two-faults: for-the-lab
	@$(LAB_PYTHON) tests/probe/test_two_faults.py --cases $(PROBE_PATHS) \
		--seed $(PROBE_SEED) --jobs $(PROBE_JOBS) $(BUILD)/culprit

# Paths whose routers, devices and servers are unlike Linux' or misconfigured;
# `make check` plays a few. Takes an hour and root.
.PHONY: probe-odd-paths
probe-odd-paths: for-the-lab
	@$(LAB_PYTHON) tests/probe/test_odd_paths.py --all \
		--jobs $(PROBE_JOBS) $(BUILD)/culprit

# Idle time-outs of every kind at every hop; `make check` tries a few. Takes ten
# minutes and root.
.PHONY: probe-idle
probe-idle: for-the-lab
	@$(LAB_PYTHON) tests/probe/idle_matrix.py $(BUILD)/culprit

.PHONY: probe-reset
probe-reset: for-the-lab
	@$(LAB_PYTHON) tests/probe/reset_matrix.py $(BUILD)/culprit

# The probe under valgrind, as answers lie to it.
.PHONY: probe-valgrind
probe-valgrind: deps/valgrind for-the-lab
	@$(LAB_PYTHON) tests/probe/test_application.py tests/valgrind.sh
	@$(LAB_PYTHON) tests/probe/test_hostile.py tests/valgrind.sh

include tests/fuzz/fuzz.mk
include tests/bench/bench.mk
