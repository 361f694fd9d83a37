/* One incident, or one connection to which nothing happened: what was found,
 * its packets, the plots. Choosing a packet anywhere shows it everywhere. */

function sentenceList(title, items) {
	return items.length === 0 ? null : el("section", {class: "facts"},
		el("h3", {}, title), el("ul", {}, items));
}

function evidenceElements(model, detail) {
	const item = (fact) => factElement(model, fact, fact.frame
		? "#" + fact.frame + (fact.against ? " against #" + fact.against : "")
		: "");

	return [
		sentenceList("Facts", [...detail.evidence].sort((a, b) =>
			(a.weight || 3) - (b.weight || 3)).map(item)),
		sentenceList("Or", detail.also.map((other) => el("li", {},
			mechanismTitle(other.mechanism) + ", culprit " +
			culpritTitle(other.culprit) +
			(other.why ? ": " + other.why : "")))),
		sentenceList("Not decided", detail.undecided.map((open) =>
			el("li", {}, open.fact +
				(open.settledBy ? ": " + open.settledBy : "")))),
	];
}

function labelled(label, text) {
	return text ? el("p", {class: "labelled"}, el("b", {}, label + " "),
		unbroken(text))
		: null;
}

function shellQuoted(text) {
	return /^[\w@%+=:,./-]+$/.test(text) ? text
		: "'" + text.replace(/'/g, "'\\''") + "'";
}

function moreElement(model, row) {
	const file = model.summary.files[row.file];
	const page = model.pages.get(row.index);

	if (page !== undefined)
		return el("p", {class: "labelled"}, el("b", {},
			"All of its packets "), el("a", {href: page}, page));

	if (!file || file === "-" || model.summary.kind === "connection" ||
		model.summary.files.length > 1)
		return null;
	return el("p", {class: "labelled"}, el("b", {}, "All of its packets "),
		el("code", {}, unbroken("culprit timeline --html connection.html " +
			"--frame " + row.frame + " " + shellQuoted(file))));
}

function gapText(detail) {
	const [survived, longest, died, shortest] = detail.gaps;

	if (!died)
		return "";
	return durationText(shortest) + " or more failed (" + died +
		")" + (survived ? "; " + survived + " idle times survived, the " +
			"longest " + durationText(longest) : "") +
		(detail.timers ? ". Timers that fit: " + detail.timers : "");
}

function mtuText(detail) {
	const [passed, failed, isReverse] = detail.mtu;

	return !failed ? "" : (isReverse ? "server to client" : "client to server") +
		": IP packets of " + failed + " bytes never passed" +
		(passed ? ", of " + passed + " bytes did" : "");
}

/* Of an incident for whose evidence the page had no room. */
function exampleElement(model, row) {
	const example = model.rows.find((one) => one.isExample && one.detail &&
		one.group === row.group);

	return el("p", {}, "Its evidence is not in this page, which would grow " +
		"too large. ", example ? el("button", {id: "example",
		onclick: () => model.open(example)}, "Show the example of its group, #" +
			example.frame) : null);
}

function verdictElements(model, row) {
	const detail = row.detail;
	const clock = model.clock;
	const head = el("p", {class: "words"},
		el("span", {class: "grade grade-" + row.grade}, row.grade),
		" culprit: " + culpritTitle(row.culprit) + ", sender: " +
			culpritTitle(row.sender) +
			(row.hop ? " (hop " + row.hop + ")" : "") + "; " +
			endpointText(row.client, row.clientPort) + " → " +
			endpointText(row.server, row.serverPort) + "; packet #" +
			row.frame + ", " + clock.day(row.time) + " " +
			clock.time(row.time, 3) + " UTC");

	if (!detail)
		return [head, exampleElement(model, row)];
	return [
		head,
		el("p", {class: "summary"}, detail.summary),
		detail.detail ? el("p", {}, detail.detail) : null,
		labelled("Said in clear", detail.wireText),
		labelled("Looks like", detail.pattern),
		labelled("Trigger", detail.trigger),
		labelled("Idle", gapText(detail)),
		detail.detail ? null : labelled("Sizes", mtuText(detail)),
		labelled("Recorded at", detail.place),
		detail.isWeakened ? el("p", {class: "faint"}, "Packets are missing " +
			"from the capture: the grade is lower for that.") : null,
		detail.isGuessed ? el("p", {class: "faint"}, "No SYN was captured: " +
			"which side is the client is a guess.") : null,
		labelled("Do", detail.advice),
	];
}

/* Its ladder, plots and fields, linked to each other. */
function packetElements(model, row, flow) {
	derive(flow);
	const fields = makePacketFields(model, row);
	let chosen = -1;
	const describe = (packet) => "#" + packet.frame + "  " +
		model.clock.time(packet.time) + "  " + senderText(packet) + "  " +
		packetText(packet) + "  ttl " + packet.ttl;
	const choose = (index, isFromLadder) => {
		const packet = flow.packets[index];

		if (!packet)
			return;
		chosen = index;
		fields.draw(packet);
		for (const plot of plots)
			plot.mark(packet.time === null ? null
				: secondsSince(flow, packet.time), describe(packet));
		if (!isFromLadder)
			ladder.show(index);
	};
	const ladder = makeLadder(flow, row, model.clock,
		(index, isByUser) => isByUser && choose(index, true));
	const plots = makePlots(flow, {
		select: (index) => choose(index, false),
		hover: (index) => describe(flow.packets[index]),
		step: (by) => choose(Math.max(0, Math.min(flow.packets.length - 1,
			chosen + by)), false),
	});
	const fatal = row === null ? -1 : flow.packets.findIndex((packet) =>
		packet.frame === row.frame && packet.file === row.file);
	const few = flow.isExcerpt ? "The packets that decide it"
		: plural(flow.total, "packet", "packets");

	return {
		elements: [el("h3", {}, few), ladder.element, fields.element,
			...plots.map((plot) => plot.element)],
		begin: () => {
			if (fatal >= 0)
				choose(fatal, false);
		},
	};
}

/* Puts an incident into `host`; `row` is null for a mere connection. */
function showIncident(host, model, row, flow) {
	const title = row ? mechanismTitle(row.mechanism)
		: "Nothing failed on this connection";
	const heading = el("h2", {id: "incident-title", tabindex: "-1"}, title);
	const drawn = flow || (row && row.detail && row.detail.excerpts.length
		? flowOfExcerpts(row) : null);
	const packets = drawn ? packetElements(model, row, drawn) : null;
	const survival = row && row.detail && row.detail.gaps[2] > 0 &&
		row.idle > 0 && row.detail.gaps[0] + row.detail.gaps[2] > 1
		? new Plot(survivalPlot(model, row), {step: () => {}}) : null;

	host.replaceChildren(...[heading,
		...row ? verdictElements(model, row)
			: [el("p", {}, endpointText(flow.client, flow.clientPort) +
				" → " + endpointText(flow.server, flow.serverPort))],
		...packets ? packets.elements : [],
		survival ? survival.element : null,
		...row && row.detail ? evidenceElements(model, row.detail) : [],
		row ? moreElement(model, row) : null,
	].filter(Boolean));
	if (packets)
		packets.begin();
	return heading;
}
