# Man pages and completions. The pages take scdoc; without it culprit is built
# and installed all the same.

MAN_SOURCES := $(sort $(wildcard docs/man/*.scd))
MAN_PAGES := $(MAN_SOURCES:docs/man/%.scd=$(BUILD)/man/%)
# by the number of its section
MAN_FOLDER = $(DESTDIR)$(PREFIX)/share/man/man
BASH_FOLDER = $(DESTDIR)$(PREFIX)/share/bash-completion/completions
ZSH_FOLDER = $(DESTDIR)$(PREFIX)/share/zsh/site-functions

.PHONY: man
man: $(if $(shell command -v scdoc),$(MAN_PAGES),no-man)

.PHONY: no-man
no-man:
	@echo "  no scdoc: the manual pages are not built"

$(BUILD)/man/%: docs/man/%.scd
	@mkdir -p $(@D)
	$(call say,MAN,$@)
	$(Q)scdoc <$< >$@.new
	@mv $@.new $@

.PHONY: install-docs
install-docs: man
	install -d "$(MAN_FOLDER)1" "$(MAN_FOLDER)5" "$(BASH_FOLDER)" \
		"$(ZSH_FOLDER)"
	for page in $(BUILD)/man/*.[15]; do \
		[ ! -f "$$page" ] || install -m 644 "$$page" \
			"$(MAN_FOLDER)$${page##*.}/" || exit 1; done
	install -m 644 docs/completions/culprit.bash "$(BASH_FOLDER)/culprit"
	install -m 644 docs/completions/_culprit "$(ZSH_FOLDER)/_culprit"

.PHONY: uninstall-docs
uninstall-docs:
	for page in $(MAN_PAGES:$(BUILD)/man/%=%); do \
		rm -f "$(MAN_FOLDER)$${page##*.}/$$page" || exit 1; done
	rm -f "$(BASH_FOLDER)/culprit" "$(ZSH_FOLDER)/_culprit"
