# Tests. Unit tests are tests/unit/test_*.c, one program each, linked with all
# of culprit but main(); other tests are programs that print TAP. tests/run.py
# runs them all and prints the closing line `N passed, N failed`.

UNIT_SOURCES := $(sort $(wildcard tests/unit/test_*.c))
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer

.PHONY: check
check: tools/build tools/check
	@$(MAKE) --no-print-directory all WERROR=-Werror
	@python3 tests/run.py

# The tests of one build; BUILD and CFLAGS tell which.
.PHONY: unit
unit: $(UNIT_SOURCES:tests/unit/%.c=$(BUILD)/unit/%)

$(BUILD)/unit/%: tests/unit/%.c $(LIBRARY_OBJECTS)
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(ALL_CFLAGS) -o $@ $< $(LIBRARY_OBJECTS) -lcmocka $(LDLIBS)

# The same program and tests under the sanitizers, in build/sanitized.
.PHONY: sanitized
sanitized:
	@$(MAKE) --no-print-directory all unit BUILD=build/sanitized \
		CFLAGS="-O1 -g $(SANITIZE)" HARDENING= WERROR=-Werror

# For developers: text traces to capture files and back, in build/tools.
TOOLS := $(patsubst tests/tools/%.c,$(BUILD)/tools/%,$(wildcard tests/tools/*.c))

.PHONY: tools
tools: tools/build $(TOOLS)

$(BUILD)/tools/%: tests/tools/%.c $(LIBRARY_OBJECTS)
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(ALL_CFLAGS) -o $@ $< $(LIBRARY_OBJECTS) $(LDLIBS)

-include tests/fuzz/fuzz.mk
-include tests/bench/bench.mk
