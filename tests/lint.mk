# make lint: clang-tidy (.clang-tidy) and cppcheck (tests/cppcheck.txt) over
# all C. A file is looked at again when it, a header or the rules changed.

CLANG_TIDY ?= clang-tidy-14
LINT_SOURCES := $(SOURCES) $(sort $(wildcard tests/*/*.c))
LINT_HEADERS := $(wildcard $(addsuffix /*.h,$(ROOMS)) tests/*.h tests/*/*.h)
LINT_DEFINES := -D_GNU_SOURCE -DCULPRIT_VERSION='"$(VERSION)"' \
	-DDUMBNET_VERSION='""' -I. -I$(BUILD)

.PHONY: lint
lint: tools/build tools/check tools/lint
	@$(MAKE) --no-print-directory -j$(JOBS) -k tidy
	@$(MAKE) --no-print-directory cppcheck
	@python3 tests/dead_fields.py

.PHONY: tidy
tidy: $(LINT_SOURCES:%.c=$(BUILD)/lint/%.tidy)

$(BUILD)/lint/%.tidy: %.c $(LINT_HEADERS) .clang-tidy
	@mkdir -p $(@D)
	$(call say,TIDY,$<)
	$(Q)$(CLANG_TIDY) --quiet $< -- -std=c17 $(LINT_DEFINES) 2>$@.log || \
		{ grep -E 'error:' $@.log; exit 1; }
	@touch $@

.PHONY: cppcheck
cppcheck:
	$(call say,CPPCHECK,all rooms)
	$(Q)cppcheck --std=c11 --quiet -j$(JOBS) --error-exitcode=1 --inline-suppr \
		--enable=warning,style,performance,portability \
		--suppressions-list=tests/cppcheck.txt \
		--template='{file}:{line}: {id}: {message}' \
		$(LINT_DEFINES) $(ROOMS)
