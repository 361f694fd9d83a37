/* A comparison's page: the capture points and their clocks, what passed between
 * them, every packet that did not simply arrive and every field that a device
 * changed, and the packets around one of them, a lane for each point. */

const OUTCOME_TITLES = {"lost": "lost", "never-sent": "forged",
	"duplicated": "duplicated", "delayed": "late", "arrived": "arrived",
	"not-recorded": "missed by a recorder", "not-judged": "not judged"};
const RESET_TITLES = {...OUTCOME_TITLES, "never-sent": "forged reset",
	"lost": "lost reset", "arrived": "reset that arrived"};
const OUTCOME_ORDER = ["never-sent", "lost", "duplicated", "delayed",
	"not-recorded", "not-judged", "arrived"];

function readOutcome(line, text, index) {
	let at = 1;
	const next = () => line[at++];
	const one = {
		index, connection: next(), time: timeOf(next()), kind: text(next()),
		grade: text(next()), reason: text(next()), toServer: next() === 1,
		after: next(), before: next(), flags: next(), length: next(),
		ttl: next(), usualTtl: next(), copies: next(), file: next(),
		frame: next(), fileThere: next(), frameThere: next(),
		fileOfProof: next(), proof: next(), change: null,
	};

	one.isReset = (one.flags & 4) !== 0;
	return one;
}

/* In the same list as outcomes: what was done to packets that arrived. */
function readChange(line, text, index) {
	let at = 1;
	const next = () => line[at++];

	return {
		index, connection: next(), change: text(next()),
		toServer: next() === 1, after: next(), before: next(),
		packets: next(), from: text(next()), to: text(next()),
		file: next(), frame: next(), fileThere: next(),
		frameThere: next(), kind: "changed", grade: "", reason: "",
		time: null,
	};
}

function readLanePacket(line) {
	return {
		skipped: line[1], time: timeOf(line[2]), toServer: line[3] === 1,
		flags: line[4], length: line[5], lanes: line[6].map((one) =>
			one === 0 ? null : {file: one[0], frame: one[1],
				since: timeOf(one[2]), ttl: one[3], ipId: one[4],
				window: one[5], tos: one[6], isDf: one[7] === 1,
				sequence: one[8], acknowledged: one[9]}),
	};
}

function readComparisonLine(model, line, text) {
	const {connections} = model;

	switch (line[0]) {
	case "l":
		model.lanes.push(text(line[1]));
		break;
	case "x":
		connections.set(line[1], {client: text(line[2]),
			clientPort: line[3], server: text(line[4]),
			serverPort: line[5], lanes: line[6], packets: [],
			total: 0});
		break;
	case "o":
		model.outcomes.push(readOutcome(line, text,
			model.outcomes.length));
		break;
	case "c":
		model.outcomes.push(readChange(line, text,
			model.outcomes.length));
		break;
	case "u":
		model.leftOut = line.slice(1);
		break;
	case "y":
		model.current = connections.get(line[1]);
		model.current.total = line[2];
		break;
	case "k":
		model.current.packets.push(readLanePacket(line));
		break;
	case "w":
		model.sides.set(line[1], line[2]);
		break;
	default:
		return false;
	}
	return true;
}

const outcomeTitle = (one) => one.change
	? one.change.replace(/-/g, " ") + " changed"
	: (one.isReset ? RESET_TITLES : OUTCOME_TITLES)[one.kind] || one.kind;

const betweenText = (model, one) => "between " + model.lanes[one.after] +
	" and " + model.lanes[one.before] + ", to the " +
	(one.toServer ? "server" : "client");

const connectionText = (one) => endpointText(one.client, one.clientPort) +
	" → " + endpointText(one.server, one.serverPort);

const lanePacketText = (one) => flagsText(one.flags) +
	(one.length ? " " + countText(one.length) + bytesUnit() : "");

function tableElement(id, label, heads, rows) {
	return el("div", {class: "wide", tabindex: "0", role: "region",
		"aria-label": label}, el("table", {id},
		el("thead", {}, el("tr", {}, heads.map((head) =>
			el("th", {scope: "col"}, head)))),
		el("tbody", {}, rows.map((row) => el("tr", {}, row.map((cell) =>
			el("td", {class: typeof cell === "number" ? "number" : ""},
				typeof cell === "number" ? countText(cell)
					: cell)))))));
}

const secondsText = (seconds) => seconds === undefined ? ""
	: durationText(Math.max(0, seconds * 1e9));

function clockText(point) {
	const offset = point.clock_offset_s;

	if (point.position === 1)
		return "reference for the others";
	if (offset === undefined)
		return "not known";
	return durationText(Math.abs(offset) * 1e9) +
		(offset < 0 ? " behind" : " ahead") +
		(point.clock_skew_ppm ? ", runs " +
			Math.abs(point.clock_skew_ppm).toFixed(1) + " ppm " +
			(point.clock_skew_ppm < 0 ? "slower" : "faster") : "");
}

function pointTable(points) {
	const row = (point) => {
		const first = makeClock(point.first_time);
		const last = makeClock(point.last_time);

		return [point.name, point.packets, point.only_here,
			point.not_recorded, clockText(point),
			first.known ? first.day(0) + " " + first.time(0, 3) : "",
			last.known ? last.time(0, 3) : ""];
	};

	return tableElement("points", "Capture points", ["capture point",
		"packets", "connections only here", "missed by its recorder",
		"clock", "first packet", "last"], points.map(row));
}

function spanTable(spans) {
	const row = (one) => {
		const isToServer = one.direction === "to-server";

		return [(isToServer ? one.after : one.before) + " → " +
			(isToServer ? one.before : one.after), one.sent,
		one.arrived, one.lost, one.never_sent, one.duplicated,
		one.delayed, one.not_recorded, one.not_judged,
		secondsText(one.delay_least_s), secondsText(one.delay_median_s),
		secondsText(one.delay_most_s)];
	};

	return tableElement("spans", "Packets between the points", ["from, to",
		"sent", "arrived", "lost", "forged", "duplicated", "late",
		"missed by a recorder", "not judged", "under way at least",
		"median", "at most"], [...spans.filter((one) =>
		one.direction === "to-server"), ...spans.filter((one) =>
		one.direction !== "to-server")].map(row));
}

/* Alike ones together, the worst first. */
function sumUpOutcomes(outcomes) {
	const sums = new Map();

	for (const one of outcomes) {
		const key = [one.kind, one.change || "", one.grade, one.reason,
			one.after, one.before, one.toServer,
			one.isReset === true].join(" ");
		const sum = sums.get(key) || {key, one, packets: 0,
			connections: new Set()};

		sum.packets += one.change ? one.packets : 1;
		sum.connections.add(one.connection);
		sums.set(key, sum);
		one.key = key;
	}
	const place = (sum) => {
		const at = OUTCOME_ORDER.indexOf(sum.one.kind);

		return at < 0 ? OUTCOME_ORDER.indexOf("delayed") + 0.5 : at;
	};

	return [...sums.values()].sort((a, b) => place(a) - place(b) ||
		GRADES.indexOf(a.one.grade) - GRADES.indexOf(b.one.grade) ||
		b.packets - a.packets);
}

/* The sums as a table whose rows choose what is listed. */
function sumTable(model, sums, choose) {
	const row = ({key, one, packets, connections}) => [
		el("button", {class: "link", onclick: () => choose(key)},
			outcomeTitle(one)),
		el("span", {class: "grade grade-" + one.grade}, one.grade),
		betweenText(model, one), packets, connections.size,
		one.change ? one.from && "e.g. " + one.from + " → " + one.to
			: model.glossary.get(one.reason) || ""];

	return tableElement("sums", "What became of packets", ["what", "grade",
		"where", "packets", "connections", "known by"], sums.map(row));
}

function makeOutcomeList(model, view, onOpen) {
	const at = (index) => model.outcomes[view.shown[index]];

	return new List({
		label: "Packets that did not simply arrive", className: "outcomes",
		rowHeight: isNarrow() ? 60 : 26, length: 0, rowClass: () => "",
		row: (index) => {
			const one = at(index);

			return [
				el("span", {class: "frame"}, "#" + one.frame),
				el("span", {class: "time"}, one.change
					? plural(one.packets, "packet", "packets")
					: model.clock.time(one.time, 3)),
				el("span", {class: "failure"}, outcomeTitle(one)),
				el("span", {class: "grade grade-" + one.grade},
					one.grade),
				el("span", {class: "where"}, betweenText(model, one)),
				el("span", {class: "flow"}, connectionText(
					model.connections.get(one.connection))),
			];
		},
		onSelect: (index) => onOpen(at(index)),
	});
}

const searchTextOfOutcome = (model, one) => [outcomeTitle(one), one.kind,
	one.grade, one.reason, betweenText(model, one), connectionText(
		model.connections.get(one.connection)), "#" + one.frame,
	one.from || "", one.to || ""].join(" ").toLowerCase();

/* Table, search and list of outcomes. */
function makeOutcomeView(model, onOpen) {
	const view = {shown: [], key: null, words: []};
	const sums = sumUpOutcomes(model.outcomes);
	const texts = [];
	const status = el("p", {role: "status", id: "shown"});
	const hasWords = (one) => view.words.every((word) =>
		(texts[one.index] = texts[one.index] ||
			searchTextOfOutcome(model, one)).includes(word));
	const apply = () => {
		view.shown = model.outcomes.filter((one) =>
			(view.key === null || one.key === view.key) &&
			hasWords(one)).map((one) => one.index);
		list.refresh(view.shown.length);
		clear.hidden = view.key === null && view.words.length === 0;
		status.replaceChildren(countText(view.shown.length) +
			(clear.hidden ? "" : " of " +
				countText(model.outcomes.length)) + " listed");
	};
	const choose = (key) => {
		view.key = key;
		apply();
		list.select(0, false);
	};
	const search = searchField({search: (text) => {
		view.words = text.toLowerCase().split(/\s+/).filter(Boolean);
		apply();
	}}, "address, port, what, where, #frame");
	const clear = el("button", {id: "clear", onclick: () => {
		search.input.value = "";
		view.key = null;
		view.words = [];
		apply();
	}}, "Show all");
	const list = makeOutcomeList(model, view, onOpen);
	const show = (one) => {
		if (!view.shown.includes(one.index))
			clear.click();
		list.show(view.shown.indexOf(one.index));
	};

	apply();
	return {list, show, search: search.input, first: sums.length
		? sums[0].one : null, elements: [
		sumTable(model, sums, choose),
		el("section", {class: "find", "aria-label": "Find"},
			el("div", {class: "find-line"}, search.element, status,
				clear)),
		list.box]};
}

function leftOutText([outcomes, changes, connections]) {
	const parts = [
		outcomes && plural(outcomes, "packet", "packets"),
		changes && plural(changes, "change", "changes"),
		connections && "the packets of " + plural(connections,
			"connection", "connections")].filter(Boolean);

	return parts.length ? "Not listed here, because the page would grow too " +
		"large: " + parts.join(", ") + "." : "";
}

function comparisonHead(model, points) {
	const {summary} = model;
	const totals = model.objects.find((one) => one.type === "comparison");

	setHead(points.map((one) => one.name).join(" → "), [
		model.clock.day(0) + " " + model.clock.time(0, 0) + " UTC",
		plural(summary.packets, "packet", "packets"),
		plural(totals.shared, "connection", "connections") +
			" in common",
		totals.turned > totals.shared / 2 ? "the order is turned: the " +
			"clients are at the end of the last point" : "",
		totals.answered_between ? plural(totals.answered_between,
			"connection was", "connections were") +
			" answered between the points" : "",
		summary.complete ? "" : "not the whole captures",
	].filter(Boolean).join(" · "));
	return totals;
}

/* The incidents of all points, each with its verdict. */
function comparedIncidents(model, outcomes) {
	const host = el("section", {id: "incident",
		"aria-labelledby": "incident-title"});
	const open = (row) => {
		showIncident(host, model, row, null);
		const at = model.sides.get(row.index);

		if (at !== undefined)
			host.append(el("p", {}, el("button", {id: "side",
				onclick: () => {
					outcomes.show(model.outcomes[at]);
					outcomes.list.box.scrollIntoView();
				}}, "Where its packet was lost or came from")));
	};
	const list = makeIncidentList(model,
		{shown: model.rows.map((row) => row.index)}, open);

	list.refresh(model.rows.length);
	model.open = (row) => list.show(row.index);
	return {list, element: el("section", {"aria-label":
		"Failed connections"}, el("h2", {}, "Failed connections"),
	list.box, host)};
}

function showComparison(model) {
	const ofType = (type) => model.objects.filter((one) => one.type === type);
	const points = ofType("capture_point");
	const totals = comparisonHead(model, points);
	const host = el("section", {id: "lanes"});
	const outcomes = makeOutcomeView(model,
		(one) => showLanes(host, model, one));
	const incidents = model.rows.length
		? comparedIncidents(model, outcomes) : null;
	const left = leftOutText(model.leftOut);

	byId("main").append(...[
		el("h2", {}, "Capture points"), pointTable(points),
		totals.shared ? el("h2", {}, "Between them") : el("p", {},
			"These captures have no connection in common: there is " +
			"nothing to be compared."),
		totals.shared ? spanTable(ofType("span")) : null,
		totals.shared ? el("h2", {}, "What became of packets") : null,
		...totals.shared && model.outcomes.length ? outcomes.elements
			: [totals.shared ? el("p", {}, "Nothing that could be " +
				"judged was lost, forged or changed between these " +
				"points.") : null],
		left ? el("p", {class: "faint"}, left) : null,
		host, incidents && incidents.element,
	].filter(Boolean));
	if (model.outcomes.length) {
		addKeys(outcomes);
		outcomes.show(outcomes.first);
	}
	if (incidents)
		incidents.list.show(0);
}
