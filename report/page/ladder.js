/* The packets of a connection as a ladder: the client left, the server right, a
 * device on the path between. Each arrow begins at its real sender. */

const SILENCE = 1e9; /* ns that are worth a row */

/* [{packet} or {text}...], and where each packet's row is. */
function ladderRows(flow) {
	const rows = [], rowOf = [];
	const leftOut = (count) => "… " + plural(count, "packet", "packets") +
		" left out …";
	let last = null, known = flow.packets.length;

	for (const packet of flow.packets) {
		known += packet.skipped;
		if (packet.skipped)
			rows.push({packet, text: leftOut(packet.skipped)});
		else if (last !== null && packet.time !== null &&
			packet.time - last >= SILENCE)
			rows.push({packet, text: durationText(packet.time - last) +
				(flow.isExcerpt ? " later" : " without packets")});
		if (packet.time !== null)
			last = packet.time;
		rowOf.push(rows.length);
		rows.push({packet, text: ""});
	}
	if (flow.total > known && rows.length)
		rows.push({packet: flow.packets[flow.packets.length - 1],
			text: leftOut(flow.total - known)});
	return {rows, rowOf};
}

/* What is odd about a packet, shortest first. */
function packetNotes(packet, row) {
	const notes = [];

	if (row && packet.frame === row.frame && packet.file === row.file)
		notes.push(mechanismTitle(row.mechanism) + " (" + row.grade + ")");
	if (packet.isDevice && !packet.isIcmp)
		notes.push("not from the " + SIDES[+packet.toClient]);
	if (packet.odd)
		notes.push(packet.odd);
	if (packet.fate)
		notes.push(packet.fate);
	if (packet.sacks)
		notes.push("SACK");
	if (packet.flags & 16 && packet.window === 0 && !(packet.flags & 4))
		notes.push("window 0");
	if (packet.note)
		notes.push(packet.note);
	return notes;
}

function arrowElement(packet) {
	const classes = ["arrow", packet.toClient ? "left" : "right"];

	if (packet.isDevice)
		classes.push("device");
	if (packet.flags & 4 || packet.isIcmp)
		classes.push("bad");
	if (packet.isRetransmission)
		classes.push("again");
	if (packet.fate && !packet.isDevice)
		classes.push("lost");
	return el("span", {class: classes.join(" ")},
		el("span", {class: "label"}, packetText(packet)));
}

/* `row` is the incident's, or null. */
function makeLadder(flow, row, clock, onSelect) {
	const {rows, rowOf} = ladderRows(flow);
	const hasDevice = flow.packets.some((packet) => packet.isDevice);
	const isFatal = (packet) => row !== null && packet.frame === row.frame &&
		packet.file === row.file;
	const start = flow.packets.length ? flow.packets[0].time : null;
	const since = (packet) => packet.time === null || start === null
		? "no time" : relativeText(packet.time - start);

	const list = new List({
		label: "Packets", className: "ladder" + (hasDevice ? " with-device" : ""),
		rowHeight: isNarrow() ? 50 : 26, length: rows.length,
		rowClass: (index) => rows[index].text ? "gap"
			: isFatal(rows[index].packet) ? "fatal" : "",
		row: (index) => {
			const {packet, text} = rows[index];

			return [
				el("span", {class: "frame"},
					text ? "" : "#" + packet.frame),
				el("span", {class: "rung"}, text
					? el("span", {class: "silence"}, text)
					: arrowElement(packet)),
				el("span", {class: "time"}, text ? "" : since(packet)),
				el("span", {class: "note"}, text ? "" :
					["ttl " + packet.ttl, ...packetNotes(packet,
						row)].join("; ")),
			];
		},
		onSelect: (index, isByUser) =>
			onSelect(rows[index].packet.index, isByUser),
	});
	const hop = row && row.hop && row.sender === "middlebox"
		? "hop " + row.hop : "on the path";

	return {
		element: el("div", {class: "ladder-box"},
			el("div", {class: "lanes", "aria-hidden": "true"},
				el("span", {}), el("span", {class: "lane-names"},
					el("span", {}, "client"),
					el("span", {}, hasDevice ? hop : ""),
					el("span", {}, "server"))), list.box),
		show: (index) => list.show(rowOf[index]),
	};
}
