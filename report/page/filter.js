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

function makeFilter(rows, onChange) {
	const filter = {chosen: new Map(), words: [], range: null, shown: []};
	const values = new Map(FACETS.map((facet) => [facet.key, []]));
	const texts = [];

	for (const row of rows)
		for (const facet of FACETS)
			values.get(facet.key).push(facet.of(row));

	const hasWords = (index) => {
		texts[index] = texts[index] || searchTextOf(rows[index]);
		return filter.words.every((word) => texts[index].includes(word));
	};
	/* The first and second reason why a row is not shown, of which a facet
	 * may leave its own out. */
	const passes = (index, without) => {
		for (const [key, value] of filter.chosen)
			if (key !== without && values.get(key)[index] !== value)
				return false;
		if (without !== "time" && filter.range) {
			const time = rows[index].time;

			if (time === null || time < filter.range[0] ||
				time >= filter.range[1])
				return false;
		}
		return hasWords(index);
	};

	filter.apply = () => {
		filter.shown = [];
		for (let index = 0; index < rows.length; index++)
			if (passes(index, null))
				filter.shown.push(index);
		onChange();
	};
	filter.toggle = (key, value) => {
		if (filter.chosen.get(key) === value)
			filter.chosen.delete(key);
		else
			filter.chosen.set(key, value);
		filter.apply();
	};
	filter.search = (text) => {
		filter.words = text.toLowerCase().split(/\s+/).filter(Boolean);
		filter.apply();
	};
	filter.setRange = (range) => {
		filter.range = range;
		filter.apply();
	};
	filter.clear = () => {
		filter.chosen.clear();
		filter.words = [];
		filter.range = null;
		filter.apply();
	};
	filter.isActive = () => filter.chosen.size > 0 ||
		filter.words.length > 0 || filter.range !== null;
	/* [[value, count]...], most frequent first, of what the other choices
	 * leave. */
	filter.counts = (key) => {
		const counts = new Map(), list = values.get(key);

		for (let index = 0; index < rows.length; index++)
			if (passes(index, key))
				counts.set(list[index],
					(counts.get(list[index]) || 0) + 1);
		return [...counts].sort((a, b) => b[1] - a[1] ||
			(a[0] < b[0] ? -1 : 1));
	};
	filter.timesWithout = () => {
		const times = [];

		for (let index = 0; index < rows.length; index++)
			if (rows[index].time !== null && passes(index, "time"))
				times.push(rows[index].time);
		return times;
	};
	return filter;
}
