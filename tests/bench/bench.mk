# Speed and memory, as ratios against other tools in the same run. BENCH=quick
# takes captures a tenth as large, KEEP=1 leaves them in build/bench.

BENCH ?= full

$(BUILD)/bench/generate: $(wildcard tests/bench/generate.c \
		tests/bench/planted.[ch] tests/bench/segment.[ch]) $(FLAGS)/compile
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(ALL_CFLAGS) -o $@ $(filter %.c,$^)

# For callgrind, see there.
$(BUILD)/bench/json_cost: tests/bench/json_cost.c $(TEST_ARCHIVE) \
		$(FLAGS)/link
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $< $(TEST_ARCHIVE) \
		$(LDLIBS)

.PHONY: bench
bench: deps/check deps/bench for-the-lab
	@$(MAKE) --no-print-directory $(BUILD)/bench/generate
	@python3 tests/bench/bench.py $(BUILD) $(BENCH)
