/* A capture's incidents: how many over time, who and where, all of them. */

const TIME_BARS = 48, FACET_VALUES = 8;

/* Failures over time; a bar is a button that chooses its stretch of time. */
class TimeBars {
	constructor(model, filter) {
		const times = model.rows.map((row) => row.time)
			.filter((time) => time !== null);

		this.clock = model.clock;
		this.filter = filter;
		this.first = times.reduce((a, b) => Math.min(a, b), Infinity);
		this.last = times.reduce((a, b) => Math.max(a, b), -Infinity);
		this.span = Math.max(this.last - this.first, 1e9) / TIME_BARS;
		this.bars = el("div", {class: "bars", role: "group",
			"aria-label": "Failures over time; a bar chooses its time",
			onkeydown: (event) => this.key(event)});
		this.ends = el("div", {class: "ends faint"});
		/* nothing to see of what happened at once */
		this.element = this.last - this.first < 1e9 ? null
			: el("div", {class: "over-time"}, this.bars, this.ends);
	}

	bar(count, most, index) {
		const {clock, filter, first, span} = this;
		const isLast = index === TIME_BARS - 1;
		const range = [first + index * span,
			first + (index + 1) * span + (isLast ? 1 : 0)];
		const isChosen = filter.range !== null && filter.range[0] === range[0];
		const label = clock.time(range[0], 0) + " to " +
			clock.time(range[1], 0) + ": " +
			plural(count, "failure", "failures");
		const fill = el("span", {class: "fill"});

		fill.style.height = count ? Math.max(4, 100 * count / most) + "%"
			: "0";
		return el("button", {"aria-label": label, title: label, class: "bar",
			"aria-pressed": String(isChosen),
			tabindex: index === 0 ? "0" : "-1",
			onclick: () => filter.setRange(isChosen ? null : range),
		}, fill);
	}

	key(event) {
		const move = {ArrowRight: 1, ArrowLeft: -1}[event.key];
		const all = [...this.bars.children];
		const to = all[all.indexOf(document.activeElement) + (move || 0)];

		if (!move || !to)
			return;
		event.preventDefault();
		for (const one of all)
			one.tabIndex = one === to ? 0 : -1;
		to.focus();
	}

	draw() {
		const counts = new Array(TIME_BARS).fill(0);

		if (this.element === null)
			return;
		for (const time of this.filter.timesWithout())
			counts[Math.min(TIME_BARS - 1,
				Math.floor((time - this.first) / this.span))]++;
		const most = counts.reduce((a, b) => Math.max(a, b), 1);

		this.bars.replaceChildren(...counts.map((count, index) =>
			this.bar(count, most, index)));
		this.ends.replaceChildren(
			el("span", {}, this.clock.time(this.first, 0)),
			el("span", {}, "at most " + countText(most) + " in " +
				durationText(this.span)),
			el("span", {}, this.clock.time(this.last, 0)));
	}
}

function makeFacets(filter) {
	const box = el("div", {class: "facets"});
	const widened = new Set();

	function facetElement(facet) {
		const counts = filter.counts(facet.key);
		const chosen = filter.chosen.get(facet.key);
		const show = facet.show || ((value) => value);
		const most = widened.has(facet.key) ? 100 : FACET_VALUES;

		if (counts.length < 2 && chosen === undefined)
			return null;
		return el("section", {class: "facet"},
			el("h3", {}, facet.title),
			el("ul", {}, counts.slice(0, most).map(([value, count]) =>
				el("li", {}, el("button", {
					class: "chip",
					"aria-pressed": String(value === chosen),
					onclick: () => filter.toggle(facet.key, value),
				}, el("span", {}, show(value)),
				el("span", {class: "number"}, countText(count)))))),
			counts.length > most ? el("button", {class: "link",
				onclick: () => {
					widened.add(facet.key);
					filter.apply();
				}}, plural(counts.length - most, "more", "more"))
				: null);
	}
	return {
		element: box,
		draw: () => box.replaceChildren(
			...FACETS.map(facetElement).filter(Boolean)),
	};
}

function makeIncidentList(model, filter, onOpen) {
	const row = (index) => model.rows[filter.shown[index]];

	return new List({
		label: "Failed connections", className: "incidents",
		rowHeight: isNarrow() ? 44 : 26, length: 0,
		rowClass: (index) => row(index).isExample ? "example" : "",
		row: (index) => {
			const one = row(index);

			return [
				el("span", {class: "frame"}, "#" + one.frame),
				el("span", {class: "time"},
					model.clock.time(one.time, 3)),
				el("span", {class: "failure"},
					mechanismTitle(one.mechanism)),
				el("span", {class: "culprit"},
					culpritTitle(one.culprit)),
				el("span", {class: "grade grade-" + one.grade},
					one.grade),
				el("span", {class: "flow"}, endpointText(one.client,
					one.clientPort) + " → " + endpointText(
					one.server, one.serverPort)),
			];
		},
		onSelect: (index) => onOpen(row(index)),
	});
}

const isNarrow = () => matchMedia("(max-width: 640px)").matches;
const bytesUnit = () => isNarrow() ? " B" : " bytes";

function searchField(filter, hint) {
	const input = el("input", {type: "search", id: "search",
		placeholder: hint || "address, port, failure, name, #frame",
		"aria-keyshortcuts": "/",
		oninput: () => filter.search(input.value)});

	return {input, element: el("p", {class: "search"},
		el("label", {for: "search"}, "Search "), input)};
}

/* The sections of the overview; onOpen is called with an incident's row. */
function makeOverview(model, onOpen) {
	const status = el("p", {role: "status", id: "shown"});
	const filter = new Filter(model.rows, () => {
		table.draw();
		bars.draw();
		facets.draw();
		list.refresh(filter.shown.length);
		clear.hidden = !filter.isActive();
		status.replaceChildren(filter.isActive()
			? countText(filter.shown.length) + " of " +
				plural(model.rows.length, "failed connection",
					"failed connections")
			: plural(model.rows.length, "failed connection",
				"failed connections"));
	});
	const search = searchField(filter);
	const clear = el("button", {id: "clear", onclick: () => {
		search.input.value = "";
		filter.clear();
	}}, "Show all");
	const table = makeTable(model, filter);
	const bars = new TimeBars(model, filter);
	const facets = makeFacets(filter);
	const list = makeIncidentList(model, filter, onOpen);

	return {
		filter, list, search: search.input,
		elements: [
			el("section", {"aria-label": "Overview"},
				el("h2", {}, "Who ended what"), table.element,
				bars.element),
			el("section", {class: "find", "aria-label": "Find"},
				el("div", {class: "find-line"}, search.element, status,
					clear), facets.element),
			el("section", {"aria-label": "Failed connections"},
				list.box),
		],
	};
}
