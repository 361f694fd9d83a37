/* The fields of one packet, and the facts that cite it. */

function tcpFields(packet) {
	const more = packet.more || {};
	const fields = [["flags", flagsText(packet.flags)]];

	if (packet.sequence !== undefined) {
		fields.push(["sequence", countText(packet.start) + " to " +
			countText(packet.end) + " (raw " +
			(packet.sequence >>> 0) + ")"]);
		if (packet.flags & 16)
			fields.push(["acknowledgment", (packet.ack === undefined ? ""
				: countText(packet.ack) + " ") + "(raw " +
				(packet.acknowledged >>> 0) + ")"]);
	}
	fields.push(["payload", countText(packet.length) + " bytes"]);
	if (packet.window !== undefined)
		fields.push(["window", packet.edge === undefined
			? countText(packet.window)
			: countText(packet.edge - packet.ack) + " bytes (" +
				packet.window + " as sent)"]);
	if (packet.tsval !== undefined)
		fields.push(["timestamps", (packet.tsval >>> 0) + ", echoes " +
			(packet.tsecr >>> 0)]);
	if (more.mss !== undefined)
		fields.push(["maximum segment size", String(more.mss)]);
	if (more.scale !== undefined)
		fields.push(["window scale", String(more.scale)]);
	if (packet.sacks && packet.ack !== undefined)
		fields.push(["SACK", sackRanges(packet).map(([from, to]) =>
			countText(from) + " to " + countText(to)).join(", ")]);
	if (packet.rtt !== undefined)
		fields.push(["round trip", durationText(packet.rtt)]);
	return fields;
}

/* [[start, end]...], as the sequence numbers of the plot. */
function sackRanges(packet) {
	const ranges = [];

	for (let at = 0; at < packet.sacks.length; at += 2) {
		const start = packet.ack + packet.sacks[at];

		ranges.push([start, start + packet.sacks[at + 1]]);
	}
	return ranges;
}

function packetFields(packet, clock) {
	const fields = [
		["time", clock.day(packet.time) + " " + clock.time(packet.time, 9) +
			" UTC"],
		["from", senderText(packet)],
		["to", SIDES[+!packet.toClient]],
		...packet.isIcmp ? [["error", packet.icmp]] : tcpFields(packet),
		["TTL", String(packet.ttl)],
		["IP ID", packet.ipId === undefined ? "not known"
			: "0x" + packet.ipId.toString(16).padStart(4, "0") + " (" +
				packet.ipId + ")" + (packet.isDf ? ", DF" : "")],
	];

	if (packet.tos)
		fields.push(["traffic class", "0x" + packet.tos.toString(16)]);
	if (packet.label)
		fields.push(["flow label", "0x" + packet.label.toString(16)]);
	if (packet.odd)
		fields.push(["seen here as", packet.odd]);
	if (packet.note)
		fields.push(["note", packet.note]);
	return fields;
}

function factsOfPacket(packet, row) {
	return row === null || !row.detail ? [] : row.detail.evidence.filter(
		(one) => one.frame === packet.frame && packet.file === row.file);
}

function factText(fact) {
	const found = fact.found ? ": " + fact.found : "";

	const said = fact.fact + (fact.holds === 1 ? " does not hold" : "") + found;

	return fact.holds === 2 || !fact.expected ? said
		: said + ", expected " + fact.expected;
}

/* Drawn anew by `draw`; empty at first. */
function makePacketFields(model, row) {
	const box = el("section", {class: "packet", id: "packet",
		"aria-label": "Packet", "aria-live": "polite"},
	el("p", {class: "faint"}, "Choose a packet in the ladder or in a plot."));

	return {
		element: box,
		draw: (packet) => {
			const facts = factsOfPacket(packet, row);
			const file = model.summary.files.length > 1
				? " of " + model.summary.files[packet.file] : "";

			box.replaceChildren(
				el("h3", {}, "Packet #" + packet.frame + file),
				el("dl", {}, packetFields(packet, model.clock).map(
					([name, value]) => [el("dt", {}, name),
						el("dd", {}, value)])),
				facts.length ? el("h4", {}, "What it shows") : "",
				facts.length ? el("ul", {}, facts.map((fact) =>
					el("li", {}, factMark(fact), factText(fact))))
					: "");
		},
	};
}

/* A fact as an item of a list, that tells on request what it means. `frames` is
 * behind it. */
function factElement(model, fact, frames) {
	const meaning = model.glossary.get(fact.fact);
	const line = [factMark(fact), factText(fact),
		frames ? el("span", {class: "faint"}, " " + frames) : null];

	return el("li", {}, meaning === undefined ? line
		: el("details", {}, el("summary", {}, line),
			el("p", {class: "meaning"}, meaning +
				(fact.holds === 2 ? "" : fact.holds === 1
					? " (This does not hold.)"
					: " (Whether this holds is not known.)"))));
}

/* What a fact speaks for, or (of a path) whether it holds, as a sign with a
 * name. */
function factMark(fact) {
	const [sign, name, shade] = fact.weight === undefined
		? [["?", "not known", 0], ["−", "does not hold", 1],
			["+", "holds", 2]][fact.holds]
		: [["·", "neutral", 1], ["+", "for this verdict", 2],
			["−", "for another explanation", 0]][fact.weight];

	return el("span", {class: "mark mark-" + shade, role: "img",
		"aria-label": name}, sign);
}
