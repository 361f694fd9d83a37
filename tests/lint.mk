# make lint: clang-tidy (.clang-tidy) and cppcheck (tests/cppcheck.txt) over
# all C. A file is looked at again when it, a header or the rules changed.

# the newest that is here; asked for once, and only when it is needed
ifeq ($(origin CLANG_TIDY),undefined)
CLANG_TIDY = $(eval CLANG_TIDY := $(shell sh make/newest.sh clang-tidy || \
	echo clang-tidy))$(CLANG_TIDY)
endif
LINT_SOURCES := $(SOURCES) $(call files_of,tests tests/*,*.c)
LINT_HEADERS := $(call files_of,$(ROOMS),*.h) \
	$(call files_of,tests tests/*,*.h)
LINT_DEFINES := -D_GNU_SOURCE -DCULPRIT_VERSION='"$(VERSION)"' -I.

.PHONY: lint
lint: deps/build deps/check deps/lint
	@$(MAKE) --no-print-directory -j$(JOBS) -k tidy
	@$(MAKE) --no-print-directory cppcheck
	@python3 tests/dead_fields.py

.PHONY: tidy
tidy: $(LINT_SOURCES:%.c=$(BUILD)/lint/%.tidy)

$(BUILD)/lint/%.tidy: %.c $(LINT_HEADERS) .clang-tidy $(FLAGS)/compile
	@mkdir -p $(@D)
	$(call say,TIDY,$<)
	$(Q)$(CLANG_TIDY) --quiet $< -- -std=c17 $(LINT_DEFINES) \
		$$(grep '^-I' $(FLAGS)/compile) 2>$@.log || \
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
