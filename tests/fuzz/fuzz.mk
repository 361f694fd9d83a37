# Fuzzing. Each tests/fuzz/fuzz_NAME.c is one libFuzzer harness, linked with
# all of culprit but main(), of the sanitized build. Seeds are kept in
# tests/fuzz/corpus/NAME/; what a run finds goes to
# build/sanitized/fuzz/corpus/NAME/, a crash to findings/NAME-... beside it.
#
#   make fuzz                     all of them, FUZZ_SECONDS each
#   make fuzz ONLY=recording      one of them

FUZZ_NAMES := $(FUZZ_SOURCES:tests/fuzz/fuzz_%.c=%)
HARNESSES := $(FUZZ_NAMES:%=$(BUILD)/fuzz/fuzz_%)

.PHONY: fuzz
fuzz: deps/build deps/check
	@$(MAKE) --no-print-directory -j$(JOBS) fuzz-programs
	@sh tests/fuzz/run.sh $(BUILD)/sanitized/fuzz $(FUZZ_SECONDS) \
		$(or $(ONLY),$(FUZZ_NAMES))

# Asked for together with the other programs of the same build: after them.
.PHONY: fuzz-programs
fuzz-programs: $(filter sanitized,$(MAKECMDGOALS))
	@$(MAKE) --no-print-directory harnesses CC='$(CLANG)' $(SANITIZED)

.PHONY: harnesses
harnesses: $(HARNESSES)

$(HARNESSES): $(BUILD)/fuzz/%: tests/fuzz/%.c $(TEST_ARCHIVE) $(FLAGS)/link
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) $(LINKER) -fsanitize=fuzzer \
		-o $@ $< $(TEST_ARCHIVE) $(LDLIBS)

-include $(HARNESSES:=.d)
