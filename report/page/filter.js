/* Which incidents are shown: those that have every chosen value, the words of
 * the search, and a time within the chosen range. */

const FACETS = [
	{key: "mechanism", title: "Failure", of: (row) => row.mechanism,
		show: mechanismTitle},
	{key: "culprit", title: "Culprit", of: (row) => row.culprit,
		show: culpritTitle},
	{key: "grade", title: "Grade", of: (row) => row.grade},
	{key: "server", title: "Server",
		of: (row) => endpointText(row.server, row.serverPort)},
	{key: "client", title: "Client", of: (row) => row.client},
	{key: "port", title: "Server port", of: (row) => String(row.serverPort)},
	{key: "hop", title: "Hop of the sender",
		of: (row) => row.hop ? String(row.hop) : "not known"},
	{key: "trigger", title: "Trigger", of: (row) => row.trigger || "none known"},
];

function searchTextOf(row) {
	return [row.mechanism, mechanismTitle(row.mechanism), row.culprit,
		row.sender, row.grade, endpointText(row.client, row.clientPort),
		endpointText(row.server, row.serverPort), row.trigger,
		"#" + row.frame, row.detail ? row.detail.wireText : ""]
		.join(" ").toLowerCase();
}

class Filter {
	/* onChange is called when other rows are shown. */
	constructor(rows, onChange) {
		this.rows = rows;
		this.onChange = onChange;
		this.chosen = new Map(); /* of facets */
		this.words = [];
		this.range = null; /* [from, to) in ns */
		this.shown = []; /* indices of rows */
		this.texts = [];
		this.values = new Map(FACETS.map((facet) =>
			[facet.key, rows.map(facet.of)]));
	}

	hasWords(index) {
		if (this.words.length === 0)
			return true;
		this.texts[index] = this.texts[index] ||
			searchTextOf(this.rows[index]);
		return this.words.every((word) => this.texts[index].includes(word));
	}

	/* `without`: a facet, or "time", that is left out. */
	passes(index, without) {
		for (const [key, value] of this.chosen)
			if (key !== without && this.values.get(key)[index] !== value)
				return false;
		if (without !== "time" && this.range) {
			const {time} = this.rows[index];

			if (time === null || time < this.range[0] ||
				time >= this.range[1])
				return false;
		}
		return this.hasWords(index);
	}

	apply() {
		this.shown = [];
		for (let index = 0; index < this.rows.length; index++)
			if (this.passes(index, null))
				this.shown.push(index);
		this.onChange();
	}

	toggle(key, value) {
		if (this.chosen.get(key) === value)
			this.chosen.delete(key);
		else
			this.chosen.set(key, value);
		this.apply();
	}

	search(text) {
		this.words = text.toLowerCase().split(/\s+/).filter(Boolean);
		this.apply();
	}

	setRange(range) {
		this.range = range;
		this.apply();
	}

	clear() {
		this.chosen.clear();
		this.words = [];
		this.range = null;
		this.apply();
	}

	isActive() {
		return this.chosen.size > 0 || this.words.length > 0 ||
			this.range !== null;
	}

	/* [[value, count]...], most frequent first, of what the other choices
	 * leave. */
	counts(key) {
		const counts = new Map(), list = this.values.get(key);

		for (let index = 0; index < this.rows.length; index++)
			if (this.passes(index, key))
				counts.set(list[index],
					(counts.get(list[index]) || 0) + 1);
		return [...counts].sort((a, b) => b[1] - a[1] ||
			(a[0] < b[0] ? -1 : 1));
	}

	timesWithout() {
		const times = [];

		for (let index = 0; index < this.rows.length; index++)
			if (this.rows[index].time !== null &&
				this.passes(index, "time"))
				times.push(this.rows[index].time);
		return times;
	}
}
