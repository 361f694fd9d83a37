/* What follows from a connection's packets: numbers that count from 0, window
 * edges, retransmissions, round trips. All is said of what was recorded here. */

const WRAP = 4294967296;
const SIDES = ["client", "server"]; /* by packet.toClient */

function sideState() {
	return {base: null, maxEnd: null, turn: null, scale: null, hasSyn: false,
		waiting: [], first: 0, holes: []};
}

/* The first number of each side, from its SYN where there is one. */
function findBases(packets, sides) {
	for (const packet of packets) {
		const side = sides[+packet.toClient];

		if (packet.isIcmp || (side.base !== null && !(packet.flags & 2)))
			continue;
		if (packet.isDevice || (packet.flags & 4 && side.base === null))
			continue;
		if (side.base === null || !side.hasSyn)
			side.base = packet.sequence;
		if (packet.flags & 2) {
			side.hasSyn = true;
			side.scale = packet.more && packet.more.scale !== undefined
				? Math.min(packet.more.scale, 14) : null;
		}
	}
}

/* Numbers that were jumped over: who brings them is late, or was lost before the
 * capture point, and is no retransmission of what was seen. */
const HOLES_MOST = 256;

function fillsHole(side, start, end) {
	const at = side.holes.findIndex(([from, to]) => start < to && end > from);

	if (at < 0)
		return false;
	const [from, to] = side.holes[at];

	side.holes.splice(at, 1, ...[[from, start], [end, to]]
		.filter(([a, b]) => a < b));
	return true;
}

function oddity(packet, side) {
	const {start, end} = packet;

	if (side.maxEnd === null)
		return "";
	if (packet.length <= 1 && start === side.maxEnd - 1 &&
		!(packet.flags & 7))
		return "keepalive or window probe";
	if (end > start && start < side.maxEnd)
		return fillsHole(side, start, end) ? "fills a gap"
			: "retransmission";
	if (start > side.maxEnd && !packet.skipped) {
		side.holes.push([side.maxEnd, start]);
		if (side.holes.length > HOLES_MOST)
			side.holes.shift();
		return "sequence gap before it";
	}
	return "";
}

function noteSegment(packet, side) {
	const {start, end} = packet;

	if (packet.isDevice || packet.flags & 4)
		return;
	packet.odd = oddity(packet, side);
	packet.isRetransmission = packet.odd === "retransmission";
	if (packet.isRetransmission)
		for (const one of side.waiting)
			if (one.end > start)
				one.isSure = false; /* Karn */
	if (end > start && !packet.odd && packet.time !== null)
		side.waiting.push({end, time: packet.time, isSure: true});
	if (side.maxEnd === null || end > side.maxEnd)
		side.maxEnd = end;
}

function noteAcknowledgment(packet, own, peer, canScale) {
	if (!(packet.flags & 16) || packet.isDevice || packet.flags & 4)
		return;
	if (own.turn === null)
		own.turn = peer.base === null ? packet.acknowledged
			: peer.base + Math.round(
				(packet.acknowledged - peer.base) / WRAP) * WRAP;
	packet.ack = packet.acknowledged - own.turn;
	packet.edge = packet.ack + packet.window *
		(canScale && !(packet.flags & 2) ? 2 ** own.scale : 1);
	const list = peer.waiting;

	while (peer.first < list.length && list[peer.first].end <= packet.ack) {
		const one = list[peer.first++];

		if (one.isSure && packet.time !== null)
			packet.rtt = packet.time - one.time;
	}
	if (packet.more && packet.more.sack)
		packet.sacks = packet.more.sack;
}

/* Packets get: start and end (from 0), ack, edge (of the window), odd, rtt,
 * sacks; and their index. */
function derive(flow) {
	const sides = [sideState(), sideState()];

	if (flow.isDerived)
		return;
	findBases(flow.packets, sides);
	const canScale = sides[0].scale !== null && sides[1].scale !== null;

	flow.packets.forEach((packet, index) => {
		const own = sides[+packet.toClient];

		packet.index = index;
		packet.odd = "";
		if (packet.isIcmp)
			return;
		const base = own.base === null ? packet.sequence : own.base;
		const raw = packet.sequence - base;

		packet.start = raw - Math.round(
			(raw - (own.maxEnd || 0)) / WRAP) * WRAP;
		packet.end = packet.start + packet.length +
			(packet.flags & 2 ? 1 : 0) + (packet.flags & 1 ? 1 : 0);
		noteSegment(packet, own);
		noteAcknowledgment(packet, own, sides[+!packet.toClient], canScale);
	});
	flow.isDerived = true;
}

/* Excerpts of an incident whose packets are not in the page, as a flow. */
function flowOfExcerpts(row) {
	const packets = row.detail.excerpts.map((one, index) =>
		({...one, file: row.file, index, odd: "", skipped: 0,
			isExcerpt: true}));

	return {row: row.index, client: row.client, clientPort: row.clientPort,
		server: row.server, serverPort: row.serverPort, packets,
		total: 0, isDerived: true, isExcerpt: true};
}

function senderText(packet) {
	if (packet.isIcmp)
		return packet.source || "a device on the path";
	return packet.isDevice
		? "a device on the path, in the name of the " +
			SIDES[+packet.toClient]
		: SIDES[+packet.toClient];
}

function packetText(packet) {
	if (packet.isIcmp)
		return packet.icmp;
	return flagsText(packet.flags) +
		(packet.length ? " " + countText(packet.length) + bytesUnit() : "");
}
