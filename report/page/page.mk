# The parts of the HTML report that are the same in all (report/page/): one
# script and one style, with their hashes in the page's security policy.
# In the order in which they stand in the page.
PAGE_SCRIPTS := $(addprefix report/page/,text.js data.js packets.js filter.js \
	list.js table.js overview.js ladder.js plot.js plots.js packet.js \
	incident.js path.js lanes.js comparison.js main.js)
PAGE_FILES := $(PAGE_SCRIPTS) report/page/page.css report/page/body.html \
	report/page/uplot/uPlot.iife.min.js report/page/uplot/uPlot.min.css \
	report/page/uplot/LICENSE

$(BUILD)/page/tail.html: $(PAGE_FILES) report/page/assemble.sh report/page/page.mk
	$(call say,PAGE,$@)
	$(Q)sh report/page/assemble.sh $(@D) $(PAGE_SCRIPTS)

$(BUILD)/objects/report/page/page_assets.o: $(BUILD)/page/tail.html
$(BUILD)/objects/report/page/page_assets.o: \
	CPPFLAGS += -DPAGE_FOLDER='"$(BUILD)/page"'
