# Fuzzing. Each tests/fuzz/fuzz_NAME.c is one libFuzzer harness, linked with
# all of culprit but main(), everything compiled by clang with coverage and
# sanitizers in build/fuzz. Seeds are kept in tests/fuzz/corpus/NAME/; what a
# run finds goes to build/fuzz/corpus/NAME/, a crash to
# build/fuzz/findings/NAME-...
#
#   make fuzz                     all of them, FUZZ_SECONDS each
#   make fuzz ONLY=recording      one of them

FUZZ_BUILD := build/fuzz
FUZZ_SOURCES := $(sort $(wildcard tests/fuzz/fuzz_*.c))
FUZZ_NAMES := $(FUZZ_SOURCES:tests/fuzz/fuzz_%.c=%)
FUZZ_PROGRAMS := $(FUZZ_NAMES:%=$(FUZZ_BUILD)/fuzz_%)
FUZZ_OBJECTS := $(LIBRARY_OBJECTS:$(BUILD)/objects/%=$(FUZZ_BUILD)/objects/%)
FUZZ_SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer
FUZZ_FLAGS := -std=c17 -D_GNU_SOURCE -DCULPRIT_VERSION='"$(VERSION)"' -I. \
	-DFLOW_TABLE_CHUNK_BITS=6 $(WARNINGS) -O1 -g -pthread -MMD -MP \
	$(FUZZ_SANITIZE)

# as in the Makefile
$(FUZZ_BUILD)/objects/probe/engine/route.o: FUZZ_FLAGS += \
	-DDUMBNET_VERSION='"$(shell dumbnet-config --version)"'

$(FUZZ_BUILD)/objects/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CLANG) $(FUZZ_FLAGS) -fsanitize=fuzzer-no-link -c -o $@ $<

$(FUZZ_BUILD)/fuzz_%: tests/fuzz/fuzz_%.c $(FUZZ_OBJECTS)
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CLANG) $(FUZZ_FLAGS) -fsanitize=fuzzer -o $@ $< $(FUZZ_OBJECTS) \
		$(LDLIBS)

.SECONDARY: $(FUZZ_OBJECTS) # or make would delete them

-include $(FUZZ_OBJECTS:.o=.d) $(FUZZ_PROGRAMS:=.d)

.PHONY: fuzz-programs
fuzz-programs: tools/build tools/check $(FUZZ_PROGRAMS)

.PHONY: fuzz
fuzz: fuzz-programs
	@sh tests/fuzz/run.sh $(FUZZ_BUILD) $(FUZZ_SECONDS) \
		$(or $(ONLY),$(FUZZ_NAMES))
