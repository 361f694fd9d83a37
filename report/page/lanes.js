/* The packets of a compared connection: a lane for each capture point, from the
 * client to the server. An arrow that ends on the way with a cross was lost, one
 * that begins there was forged. */

/* Where a lane stands, in percent. */
const lanePlace = (lane, count) => count < 2 ? 50 : 100 * lane / (count - 1);

function isOf(packet, one) {
	return packet.lanes.some((seen) => seen !== null &&
		((seen.frame === one.frame && seen.file === one.file) ||
			(one.frameThere && seen.frame === one.frameThere &&
				seen.file === one.fileThere)));
}

const severity = (one) => OUTCOME_ORDER.indexOf(one.kind);

/* The worst outcome of each packet of a connection, by its packets' indices. */
function outcomesOf(model, connection, id) {
	const found = new Map();
	const own = model.outcomes.filter((one) => one.connection === id &&
		!one.change);
	const byFrame = new Map();

	/* the worst one last: it stays */
	own.sort((a, b) => severity(b) - severity(a));
	for (const one of own) {
		byFrame.set(one.file + ":" + one.frame, one);
		if (one.frameThere)
			byFrame.set(one.fileThere + ":" + one.frameThere, one);
	}
	connection.packets.forEach((packet, index) => {
		for (const seen of packet.lanes) {
			const one = seen && byFrame.get(seen.file + ":" + seen.frame);

			if (one && (!found.has(index) ||
				severity(one) < severity(found.get(index))))
				found.set(index, one);
		}
	});
	return found;
}

/* From the first lane that has it, from the client, to the last. */
function laneEnds(packet) {
	const has = packet.lanes.map((seen, lane) => seen ? lane : -1)
		.filter((lane) => lane >= 0);

	return [has[0], has[has.length - 1]];
}

/* Half a gap is added where it ended on the way, or began there. */
function laneArrow(packet, outcome) {
	const count = packet.lanes.length;
	const [left, right] = laneEnds(packet);
	const half = lanePlace(1, count) / 2;
	const [first, last] = packet.toServer ? [left, right] : [right, left];
	const isBegun = packet.toServer ? first === 0 : first === count - 1;
	const isEnded = packet.toServer ? last === count - 1 : last === 0;
	const kind = outcome ? outcome.kind : "";
	const isMissed = kind === "not-recorded" || kind === "not-judged";
	const isDoubtful = !outcome || isMissed;
	const from = lanePlace(left, count) - ((packet.toServer ? !isBegun
		: !isEnded) ? half : 0);
	const to = lanePlace(right, count) + ((packet.toServer ? !isEnded
		: !isBegun) ? half : 0);
	const arrow = el("span", {class: ["arrow", "between",
		packet.toServer ? "right" : "left",
		packet.flags & 4 ? "bad" : "",
		isEnded ? "" : isDoubtful ? "open" : "lost",
		isBegun ? "" : isDoubtful ? "again" : "forged"].join(" ")},
	el("span", {class: "label"}, lanePacketText(packet)));

	arrow.style.left = from + "%";
	arrow.style.right = 100 - to + "%";
	return arrow;
}

function laneNotes(packet, outcome) {
	const [left, right] = laneEnds(packet);
	const count = packet.lanes.length;
	const isEverywhere = left === 0 && right === count - 1;

	if (!outcome || outcome.kind === "arrived")
		return isEverywhere ? "" : "recorded at " +
			packet.lanes.filter(Boolean).length + " of " + count;
	return outcomeTitle(outcome) + " (" + outcome.grade + ")";
}

/* [{packet, text}...] and where each packet's row is. */
function laneRows(connection) {
	const rows = [], rowOf = [];
	const leftOut = (count) => "… " + plural(count, "packet", "packets") +
		" left out …";
	let known = 0;

	connection.packets.forEach((packet, index) => {
		known += packet.skipped + 1;
		if (packet.skipped)
			rows.push({index, text: leftOut(packet.skipped)});
		rowOf.push(rows.length);
		rows.push({index, text: ""});
	});
	if (connection.total > known && rows.length)
		rows.push({index: connection.packets.length - 1,
			text: leftOut(connection.total - known)});
	return {rows, rowOf};
}

function laneLines(count) {
	return Array.from({length: count}, (_, lane) => {
		const line = el("span", {class: "lane-line", "aria-hidden": "true"});

		line.style.left = lanePlace(lane, count) + "%";
		return line;
	});
}

function laneHeads(names) {
	const heads = names.map((name, lane) => {
		const head = el("span", {class: lane === 0 ? ""
			: lane === names.length - 1 ? "last" : "middle"}, name);

		head.style.left = lanePlace(lane, names.length) + "%";
		head.style.maxWidth = 96 / names.length + "%";
		return head;
	});

	return el("div", {class: "lanes", "aria-hidden": "true"},
		el("span", {}), el("span", {class: "lane-heads"}, heads));
}

function makeLaneLadder(model, connection, view) {
	const {rows, rowOf} = laneRows(connection);
	const count = connection.lanes.length;
	const start = connection.packets[0].time;
	const list = new List({
		label: "Packets, a lane for each capture point",
		className: "ladder compared", rowHeight: isNarrow() ? 46 : 26,
		length: rows.length,
		rowClass: (at) => rows[at].text ? "gap"
			: isOf(connection.packets[rows[at].index], view.chosen)
				? "fatal" : "",
		row: (at) => {
			const {index, text} = rows[at];
			const packet = connection.packets[index];
			const outcome = view.outcomes.get(index);

			return [
				el("span", {class: "frame"}, text ? ""
					: "#" + packet.lanes[laneEnds(packet)[0]].frame),
				el("span", {class: "rung"}, laneLines(count), text
					? el("span", {class: "silence"}, text)
					: laneArrow(packet, outcome)),
				el("span", {class: "time"}, text ||
					packet.time === null ? "" : relativeText(
						packet.time - start)),
				el("span", {class: "note"}, text ? ""
					: laneNotes(packet, outcome)),
			];
		},
		onSelect: (at) => view.choose(rows[at].index),
	});

	return {element: el("div", {class: "ladder-box"}, laneHeads(
		connection.lanes.map((lane) => model.lanes[lane])), list.box),
	show: (index) => list.show(rowOf[index])};
}

/* One packet as each lane has it. */
function lanePacketTable(model, connection, packet) {
	const hex = (value) => "0x" + value.toString(16).padStart(4, "0");
	const row = (lane, at) => {
		const seen = packet.lanes[at];

		return seen === null ? [model.lanes[lane], "not recorded", "", "",
			"", "", "", "", "", ""] : [model.lanes[lane],
			"#" + seen.frame, packet.time === null || seen.since === null
				? "" : (seen.since < 0 ? "−" : "+") +
					durationText(Math.abs(seen.since)),
			String(seen.ttl), hex(seen.ipId), seen.isDf ? "yes" : "no",
			hex(seen.tos), String(seen.window), String(seen.sequence),
			String(seen.acknowledged)];
	};

	return tableElement("fields", "The packet at each capture point",
		["capture point", "packet", "after", "TTL", "IP ID", "DF",
			"traffic class", "window", "sequence", "acknowledgment"],
		connection.lanes.map(row));
}

function changesOf(model, id) {
	const changes = model.outcomes.filter((one) => one.change &&
		one.connection === id);

	return changes.length === 0 ? null : el("section", {class: "facts"},
		el("h3", {}, "Changed on the way"),
		el("ul", {}, changes.map((one) => el("li", {}, one.change + " " +
			(one.from ? one.from + " → " + one.to + ", " : "") +
			betweenText(model, one) + ": " +
			plural(one.packets, "packet", "packets")))));
}

function outcomeWords(model, one) {
	const meaning = model.glossary.get(one.reason);

	return [
		el("p", {class: "words"}, one.grade ? el("span", {class:
			"grade grade-" + one.grade}, one.grade) : null,
		" " + betweenText(model, one) + "; " +
			connectionText(model.connections.get(one.connection)) +
			"; packet #" + one.frame + (one.time === null ? ""
			: ", " + model.clock.day(one.time) + " " +
				model.clock.time(one.time, 6) + " UTC")),
		one.change ? el("p", {}, one.from ? one.from + " → " + one.to : "")
			: el("p", {class: "summary"}, model.glossary.get(one.kind)),
		meaning ? labelled("Known by", meaning + (one.proof
			? " See #" + one.proof + "." : "")) : null,
		!one.change && one.usualTtl && one.usualTtl !== one.ttl
			? labelled("TTL", one.ttl + ", its host's packets have " +
				one.usualTtl) : null,
	];
}

/* The connection of an outcome or a change, which is shown in its middle. */
function showLanes(host, model, one) {
	const connection = model.connections.get(one.connection);
	const fields = el("section", {class: "packet", id: "lane-packet",
		"aria-label": "Packet by capture point", "aria-live": "polite"});
	const view = {chosen: one, outcomes: outcomesOf(model, connection,
		one.connection), choose: (index) => {
		const packet = connection.packets[index];

		fields.replaceChildren(el("h3", {}, lanePacketText(packet) +
			", to the " + (packet.toServer ? "server" : "client")),
		lanePacketTable(model, connection, packet));
	}};
	const ladder = connection.packets.length
		? makeLaneLadder(model, connection, view) : null;
	const at = connection.packets.findIndex((packet) => isOf(packet, one));

	host.replaceChildren(...[
		el("h2", {id: "lanes-title"}, outcomeTitle(one)),
		...outcomeWords(model, one),
		ladder ? el("h3", {}, plural(connection.total, "packet",
			"packets")) : el("p", {}, "Its packets are not in this " +
			"page, which would grow too large."),
		ladder && ladder.element, ladder && fields,
		changesOf(model, one.connection),
	].filter(Boolean));
	if (ladder)
		ladder.show(Math.max(0, at));
}
