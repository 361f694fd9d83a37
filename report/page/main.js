/* What the page shows, by what it is of. */

const byId = (id) => document.getElementById(id);

function headText(summary, clock) {
	const parts = [];
	const day = clock.day(0);
	const last = makeClock(summary.last_time);

	if (day)
		parts.push(day + " " + clock.time(0, 0) + " to " +
			(last.day(0) === day ? "" : last.day(0) + " ") +
			last.time(0, 0) + " UTC");
	parts.push(plural(summary.packets, "packet", "packets"),
		plural(summary.flows, "connection", "connections"));
	if (summary.unjudged_resets)
		parts.push(plural(summary.unjudged_resets, "reset", "resets") +
			" not judged");
	if (summary.evicted_flows)
		parts.push(plural(summary.evicted_flows, "connection",
			"connections") + " evicted from memory");
	if (summary.lost_packets)
		parts.push(plural(summary.lost_packets, "packet", "packets") +
			" lost by the capture");
	if (!summary.complete)
		parts.push("not the whole capture");
	return parts.join(" · ");
}

function setHead(title, facts) {
	byId("title").replaceChildren(...breakable(title));
	byId("facts").replaceChildren(facts);
	document.title = title + " · culprit";
}

function baseName(path) {
	return path.slice(path.lastIndexOf("/") + 1) || path;
}

function addKeys(overview) {
	addEventListener("keydown", (event) => {
		const isTyping = event.target instanceof HTMLInputElement;

		if (event.key === "/" && !isTyping) {
			event.preventDefault();
			overview.search.focus();
		} else if (event.key === "Escape") {
			byId("clear").click();
			overview.list.box.focus();
		}
	});
}

function showCapture(model) {
	const main = byId("main");
	const host = el("section", {id: "incident", "aria-live": "off",
		"aria-labelledby": "incident-title"});
	const open = (row) => showIncident(host, model, row, row.flow);

	if (model.rows.length === 0) {
		main.append(el("p", {}, "No connection failed here."));
		return;
	}
	const overview = makeOverview(model, open);

	model.open = (row) => {
		if (!overview.filter.shown.includes(row.index))
			byId("clear").click();
		overview.list.show(overview.filter.shown.indexOf(row.index));
	};

	main.append(...overview.elements, host);
	addKeys(overview);
	overview.filter.apply();
	const worst = model.rows.reduce((best, row) => !row.isExample ||
		(best !== null && best.group <= row.group) ? best : row, null);

	if (worst !== null)
		overview.list.show(overview.filter.shown.indexOf(worst.index));
}

function showConnection(model) {
	const main = byId("main");
	const host = el("section", {id: "incident",
		"aria-labelledby": "incident-title"});
	const flow = model.flows[0];

	if (model.pages.has(-1))
		main.append(el("p", {}, el("a", {href: model.pages.get(-1)},
			"All failures of the capture")));
	main.append(host);
	if (!flow)
		host.append(el("p", {}, "No connection failed here."));
	else if (flow.packets.length === 0)
		host.append(el("p", {}, "No packet of this connection is in the " +
			"capture."));
	else
		showIncident(host, model, model.rows[0] || null, flow);
}

function start() {
	const model = readData(byId("data").textContent);
	const summary = model.summary;

	if (summary.kind === "path") {
		showPath(model);
	} else if (summary.kind === "comparison") {
		showComparison(model);
	} else {
		setHead(summary.files.map(baseName).join(", ") || "culprit report",
			headText(summary, model.clock));
		if (summary.kind === "connection")
			showConnection(model);
		else
			showCapture(model);
	}
	byId("foot").replaceChildren("culprit " + (summary.version || "") +
		". All times of day are UTC. Keys: / searches, Escape shows all, " +
		"arrows, j and k, Home and End go through lists; in a plot arrows go " +
		"from packet to packet, + and - zoom, 0 shows all. Plots: uPlot " +
		"1.6.32, MIT licence.");
}

start();
