/* A probe's page: the path with the sizes that pass to each hop, what was found,
 * what is excluded or open, and every packet that measured something. */

const OUTCOMES = ["no answer", "the target answered", "a router answered",
	"refused: too big", "unreachable"];
const FINDING_TITLES = {
	"path-mtu": "Path MTU", "pmtu-black-hole": "Path MTU black hole",
	"too-big-ignored": "\"Too big\" ignored", "mss-clamped": "MSS clamped",
	"df-cleared": "Don't-fragment bit cleared", "port-state": "Port",
	"fragments-dropped": "Fragments dropped", "reset-origin": "Reset",
	"idle-timeout": "Idle timeout",
};
const findingTitle = (word) => FINDING_TITLES[word] ||
	word[0].toUpperCase() + word.slice(1).replace(/-/g, " ");

function readProbe(line, text) {
	return {time: timeOf(line[1]), hopLimit: line[2], isWhole: line[3] === 1,
		method: text(line[4]), bytes: line[5], outcome: line[6],
		rtt: line[7], frame: line[8], answerFrame: line[9],
		claimedMtu: line[10]};
}

/* The hop up to which a probe was sent: the target's for the whole way. */
function hopOf(probe, distance) {
	return probe.isWhole && distance ? distance : probe.hopLimit;
}

/* Of each hop: the largest size that got there, the smallest above it that
 * went there and was not heard of. */
function sizesOfHops(model) {
	const {distance} = model.summary;

	return model.hops.map((hop) => {
		let passed = 0, lost = 0;

		for (const probe of model.probes) {
			const isThere = probe.outcome === 1 || probe.outcome === 2;

			if (isThere && hopOf(probe, distance) >= hop.ttl)
				passed = Math.max(passed, probe.bytes);
		}
		for (const probe of model.probes)
			if ((probe.outcome === 0 || probe.outcome === 3) &&
				probe.bytes > passed &&
				hopOf(probe, distance) === hop.ttl &&
				(lost === 0 || probe.bytes < lost))
				lost = probe.bytes;
		return {hop, passed, lost};
	});
}

/* Whether a finding is about the link that leads to a hop. */
function isGuiltyLink(finding, ttl) {
	return finding.after_hop !== undefined &&
		finding.before_hop !== undefined &&
		ttl > finding.after_hop && ttl <= finding.before_hop;
}

function pathMap(model, sizes) {
	const guilty = (ttl) => model.findings.find((one) =>
		one.direction !== "reverse" && isGuiltyLink(one, ttl));
	const item = ({hop, passed}) => {
		const finding = guilty(hop.ttl);
		const isTarget = hop.address === model.summary.target;

		return el("li", {class: (finding ? "guilty" : "") +
			(hop.address ? "" : " silent")},
		finding ? el("span", {class: "cross", role: "img", "aria-label":
			findingTitle(finding.finding) + " before this hop"}, "╳")
			: null,
		el("b", {}, isTarget ? "target" : "hop " + hop.ttl),
		el("span", {}, hop.address || "no answer"),
		el("span", {class: "faint"}, !model.hasSizes ? ""
			: passed ? passed + " bytes pass" : "no size known"));
	};

	return el("ol", {class: "path"},
		el("li", {}, el("b", {}, "this host"), el("span", {class: "faint"},
			"MTU " + model.summary.interface_mtu)),
		sizes.map(item));
}

function tripsOf(model, ttl) {
	const trips = model.probes.filter((probe) => probe.rtt >= 0 &&
		hopOf(probe, model.summary.distance) === ttl)
		.map((probe) => probe.rtt);

	return {average: trips.length === 0 ? null
		: trips.reduce((a, b) => a + b, 0) / trips.length,
	worst: trips.reduce((a, b) => Math.max(a, b), 0)};
}

function hopTable(model, sizes) {
	const heads = ["hop", "address", "best", "average", "worst", "sent",
		"lost", ...model.hasSizes ? ["largest that passed",
			"smallest that did not"] : []];
	const row = ({hop, passed, lost}) => {
		const trips = tripsOf(model, hop.ttl);

		return el("tr", {}, [hop.ttl, hop.address || "no answer",
			hop.rtt_ms === undefined ? "" : durationText(hop.rtt_ms * 1e6),
			trips.average === null ? "" : durationText(trips.average),
			trips.average === null ? "" : durationText(trips.worst),
			hop.sent, hop.lost, ...model.hasSizes
				? [passed || "", lost || ""] : []].map((cell, at) =>
			el("td", {class: at === 1 ? "" : "number"}, String(cell))));
	};

	return el("div", {class: "wide", tabindex: "0", role: "region",
		"aria-label": "Hops"}, el("table", {id: "hops"},
		el("thead", {}, el("tr", {}, heads.map((head) =>
			el("th", {scope: "col"}, head)))),
		el("tbody", {}, sizes.map(row))));
}

const SAID_ELSEWHERE = new Set(["type", "target", "port", "finding", "grade",
	"signature", "evidence", "could_also_be", "advice"]);

/* "survived 7.966 s" of survived_s: 7.966 */
function valueText(key, value) {
	const unit = /_(s|ms)$/.exec(key);

	return (unit ? key.slice(0, unit.index) : key).replace(/_/g, " ") + " " +
		value + (unit ? " " + unit[1] : "");
}

function findingElement(model, finding) {
	const facts = Object.entries(finding)
		.filter(([key]) => !SAID_ELSEWHERE.has(key))
		.map(([key, value]) => valueText(key, value));

	return el("section", {class: "finding"},
		el("h3", {}, findingTitle(finding.finding), " ",
			el("span", {class: "grade grade-" + finding.grade},
				finding.grade)),
		facts.length ? el("p", {}, facts.join(", ")) : null,
		labelled("Do", finding.advice),
		labelled("Or", finding.could_also_be),
		el("ul", {class: "facts"}, finding.evidence.map((one) =>
			evidenceItem(model, one))));
}

function evidenceItem(model, one) {
	const fact = {fact: one.fact, found: one.found || "",
		expected: one.expected || "",
		holds: one.holds === undefined ? 0 : one.holds ? 2 : 1};

	return factElement(model, fact, one.frame ? "#" + one.frame : "");
}

function statementList(title, statements) {
	return statements.length === 0 ? null : el("section", {class: "facts"},
		el("h3", {}, title),
		el("ul", {}, statements.map((one) => el("li", {},
			el("b", {}, findingTitle(one.question) +
				(one.direction ? ", " + one.direction : "")), ": ",
			unbroken(one.reason + (one.settled_by ? " " +
					one.settled_by : ""))))));
}

/* Why connections to the target fail, the likeliest cause first. */
function causeList(causes) {
	const found = causes.filter((one) => one.state === "found")
		.sort((a, b) => a.rank - b.rank);
	const others = (state, title) => {
		const some = causes.filter((one) => one.state === state);

		return some.length === 0 ? null : el("details", {class: "facts"},
			el("summary", {}, title + " (" + some.length + ")"),
			el("ul", {}, some.map((one) => el("li", {},
				el("b", {}, findingTitle(one.cause)), ": ", unbroken([
					one.reason, one.settled_by, one.at_client,
					one.at_server, one.in_log, one.in_network]
					.filter(Boolean).join(" "))))));
	};

	return causes.length === 0 ? [] : [
		el("h2", {}, "Why connections fail"),
		...found.length ? found.map((one) => el("section", {class: "finding"},
			el("h3", {}, findingTitle(one.cause), " ",
				el("span", {class: "grade grade-" + one.grade}, one.grade)),
			el("p", {}, one.reason), labelled("Do", one.advice),
			labelled("Or", one.could_also_be)))
			: [el("p", {}, "No cause was found.")],
		others("excluded", "Causes that are excluded"),
		others("undetermined", "Causes that are not settled"),
	];
}

function outcomeSeries() {
	return [series("no answer", "reset", "cross", 7),
		series("the target answered", "ack", "dot", 5),
		series("a router answered", "client", "dot", 5),
		series("refused: too big", "edge", "ring", 6),
		series("unreachable", "sack", "ring", 6)];
}

function byX(model, xOf, yOf) {
	const all = outcomeSeries();
	const order = model.probes.map((_, index) => index)
		.filter((index) => xOf(model.probes[index]) !== null)
		.sort((a, b) => xOf(model.probes[a]) - xOf(model.probes[b]));

	for (const index of order) {
		const probe = model.probes[index];

		addPoint(all[probe.outcome], xOf(probe), yOf(probe), {index});
	}
	return all.filter((one) => one.x.length);
}

function sizePlot(model) {
	const xOf = (probe) => hopOf(probe, model.summary.distance);

	return {
		title: "Sizes by hop: how far packets were sent, and what came of them",
		xOf,
		series: model.hasSizes ? byX(model, xOf, (probe) => probe.bytes) : [],
		xText: (value) => "hop " + value, isWholeX: true,
		yText: (value) => value + " B", hint: "Hover for a packet, click to " +
			"choose it.",
	};
}

function tripPlot(model) {
	const xOf = (probe) => probe.rtt >= 0 && probe.time !== null
		? probe.time / 1e9 : null;

	return {title: "Round trips", xOf,
		series: byX(model, xOf, (probe) => probe.rtt / 1e6),
		yText: (value) => value + " ms", hint: ""};
}

/* Idle times that connections survived, and did not. */
function idlePlot(model) {
	const all = [series("no answer after it", "foreign", "cross", 9),
		series("survived", "ack", "dot", 6),
		series("reset after it", "again", "ring", 7)];
	const tests = model.idleTests.filter((one) => one.idle > 0)
		.sort((a, b) => a.idle - b.idle);

	tests.forEach((one, index) => {
		all[one.outcome].x.push(Math.log10(one.idle / 1e9));
		all[one.outcome].y.push(index + 1);
	});
	for (const one of all)
		one.packet = null;
	return {title: "Idle connections: survival against idle time, the tests " +
		"in the order of theirs",
		series: all.filter((one) => one.x.length),
		...IDLE_AXIS, yText: (value) => String(value), isWhole: true,
		hint: ""};
}

function probeText(probe, clock) {
	return "#" + probe.frame + "  " + clock.time(probe.time) + "  " +
		probe.method + "  " + probe.bytes + " bytes, hop limit " +
		probe.hopLimit + ": " + OUTCOMES[probe.outcome] +
		(probe.rtt >= 0 ? " after " + durationText(probe.rtt) : "") +
		(probe.claimedMtu ? ", MTU " + probe.claimedMtu : "") +
		(probe.answerFrame ? " (#" + probe.answerFrame + ")" : "");
}

function probeList(model, onSelect) {
	return new List({label: "Packets that measured something",
		className: "probes", rowHeight: isNarrow() ? 44 : 26,
		length: model.probes.length,
		rowClass: (index) => model.probes[index].outcome === 0 ? "gap" : "",
		row: (index) => [el("span", {}, probeText(model.probes[index],
			model.clock))],
		onSelect});
}

function linkedPlots(model) {
	const chosen = el("p", {id: "probe", "aria-live": "polite"});
	const plots = [];
	const choose = (index, isFromList) => {
		const probe = model.probes[index];

		if (!probe)
			return;
		chosen.replaceChildren(probeText(probe, model.clock));
		for (const {plot, xOf} of plots)
			plot.mark(xOf(probe));
		if (!isFromList)
			list.show(index);
	};
	const list = probeList(model,
		(index, isByUser) => isByUser && choose(index, true));
	const events = {
		select: (index) => choose(index, false),
		hover: (index) => probeText(model.probes[index], model.clock),
		step: (by) => choose(Math.max(0, Math.min(model.probes.length - 1,
			list.selected + by)), false),
	};

	for (const spec of [sizePlot(model), tripPlot(model)])
		if (spec.series.length)
			plots.push({plot: new Plot(spec, events), xOf: spec.xOf});
	return {plots, list, chosen};
}

function showPath(model) {
	const {summary} = model;
	const ofType = (type) => model.objects.filter((one) => one.type === type);
	const name = endpointText(summary.target, summary.port);

	model.hops = ofType("hop");
	model.findings = ofType("finding");
	model.hasSizes = ofType("summary").some((one) =>
		/\b(mtu|reverse)\b/.test(one.experiments || ""));
	const sizes = sizesOfHops(model);
	const linked = linkedPlots(model);
	const idle = model.idleTests.length
		? new Plot(idlePlot(model), {step: () => {}}) : null;

	setHead("Path to " + name, [model.clock.day(0) + " " +
		model.clock.time(0, 0) + " UTC", summary.distance
		? plural(summary.distance, "hop", "hops") : "distance not known",
	summary.peer_mss ? "MSS " + summary.peer_mss + " forward, " +
		summary.own_mss + " back" : "", countText(summary.sent) +
		" packets sent, " + countText(summary.heard) + " heard",
	summary.complete ? "" : "interrupted"].filter(Boolean).join(" · "));
	byId("main").append(...[
		el("h2", {}, "Path"), pathMap(model, sizes),
		el("h2", {}, "Found"),
		...model.findings.length ? model.findings.map((one) =>
			findingElement(model, one))
			: [el("p", {}, "Nothing was found that is wrong.")],
		...causeList(ofType("cause")),
		el("h2", {}, "Measured"), hopTable(model, sizes),
		...linked.plots.map(({plot}) => plot.element),
		idle && idle.element,
		model.probes.length ? el("section", {"aria-label": "Packets"},
			el("h3", {}, "Packets that measured something"), linked.chosen,
			linked.list.box) : null,
		statementList("Excluded", ofType("excluded")),
		statementList("Not determined", ofType("undetermined")),
	].filter(Boolean));
}
