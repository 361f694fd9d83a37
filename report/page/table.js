/* The overview's table: failure, culprit and grade with counts and times. */

const GRADES = ["certain", "likely", "possible", "undetermined"];

function sumUp(rows, shown) {
	const sums = new Map();

	for (const index of shown) {
		const row = rows[index];
		const key = row.mechanism + " " + row.culprit + " " + row.grade;
		let sum = sums.get(key);

		if (!sum)
			sums.set(key, sum = {mechanism: row.mechanism,
				culprit: row.culprit, grade: row.grade, count: 0,
				first: null, last: null, servers: new Set(),
				hops: new Set()});
		sum.count++;
		if (row.time !== null) {
			sum.first = sum.first === null ? row.time
				: Math.min(sum.first, row.time);
			sum.last = sum.last === null ? row.time
				: Math.max(sum.last, row.time);
		}
		sum.servers.add(endpointText(row.server, row.serverPort));
		sum.hops.add(row.hop);
	}
	return [...sums.values()].sort((a, b) =>
		(a.mechanism === "orderly") - (b.mechanism === "orderly") ||
		b.count - a.count ||
		GRADES.indexOf(a.grade) - GRADES.indexOf(b.grade));
}

function whereText(sum) {
	const hops = [...sum.hops].filter(Boolean).sort((a, b) => a - b);
	const where = sum.servers.size === 1 ? [...sum.servers][0]
		: plural(sum.servers.size, "server", "servers");

	return where + (hops.length === 1 ? ", hop " + hops[0]
		: hops.length > 1 ? ", hops " + hops[0] + " to " +
			hops[hops.length - 1] : "");
}

function sumRow(sum, clock, filter) {
	const isOnce = sum.first === sum.last;
	const choose = () => {
		filter.chosen.set("mechanism", sum.mechanism);
		filter.chosen.set("culprit", sum.culprit);
		filter.chosen.set("grade", sum.grade);
		filter.apply();
	};

	return el("tr", {},
		el("td", {class: "number"}, countText(sum.count)),
		el("td", {}, el("button", {class: "link", onclick: choose},
			mechanismTitle(sum.mechanism))),
		el("td", {}, culpritTitle(sum.culprit)),
		el("td", {class: "grade-" + sum.grade}, sum.grade),
		el("td", {class: "time"}, clock.time(sum.first, 0)),
		el("td", {class: "time"}, isOnce ? "" : clock.time(sum.last, 0)),
		el("td", {}, whereText(sum)));
}

/* Drawn anew for what the filter shows. */
function makeTable(model, filter) {
	const body = el("tbody", {});
	const heads = ["count", "failure", "culprit", "grade", "first", "last",
		"where"];
	const table = el("div", {class: "wide", tabindex: "0", role: "region",
		"aria-label": "Overview: failures by culprit and grade"},
	el("table", {id: "overview"},
		el("thead", {}, el("tr", {}, heads.map((head) =>
			el("th", {scope: "col"}, head)))), body));

	return {
		element: table,
		draw: () => body.replaceChildren(...sumUp(model.rows, filter.shown)
			.map((sum) => sumRow(sum, model.clock, filter))),
	};
}
