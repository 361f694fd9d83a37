# Man pages (scdoc) and completions.

MAN_SOURCES := $(sort $(wildcard docs/man/*.scd))
MAN_PAGES := $(MAN_SOURCES:docs/man/%.scd=$(BUILD)/man/%)

$(BUILD)/man/%: docs/man/%.scd | tools/docs
	@mkdir -p $(@D)
	scdoc <$< >$@.new
	@mv $@.new $@

.PHONY: man
man: $(MAN_PAGES)

.PHONY: install-docs
install-docs: man
	install -d $(DESTDIR)$(PREFIX)/share/man/man1 \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions \
		$(DESTDIR)$(PREFIX)/share/zsh/site-functions
	install -m 644 $(MAN_PAGES) $(DESTDIR)$(PREFIX)/share/man/man1/
	install -m 644 docs/completions/culprit.bash \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions/culprit
	install -m 644 docs/completions/_culprit \
		$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_culprit
