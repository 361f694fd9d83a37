# Speed and memory, as ratios against other tools in the same run. BENCH=quick
# takes captures a tenth as large, KEEP=1 leaves them in build/bench.

BENCH ?= full

$(BUILD)/bench/generate: tests/bench/generate.c tests/bench/segment.c \
		tests/bench/segment.h | tools/build
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -o $@ $(filter %.c,$^)

.PHONY: bench
bench: all tools/check tools/bench tools/lab lab-tools \
		$(BUILD)/bench/generate
	@python3 tests/bench/bench.py $(BUILD) $(BENCH)
