/* The plots of a connection, from its derived packets. */

const secondsSince = (flow, time) => (time - flow.start) / 1e9;

function series(name, color, shape, size) {
	return {name, color, shape, size, x: [], y: [], y2: null, packet: []};
}

function addPoint(one, x, y, packet, y2) {
	one.x.push(x);
	one.y.push(y);
	one.packet.push(packet.index);
	if (y2 !== undefined)
		(one.y2 = one.y2 || []).push(y2);
}

/* As tcptrace draws it: segments as bars from their first to their last number,
 * the peer's acknowledgments and window edge as steps. */
function sequencePlot(flow, toClient) {
	const segments = series("segments", "segment", "bar", 5);
	const again = series("retransmissions", "again", "bar", 7);
	const probes = series("keepalives, window probes", "probe", "ring", 6);
	const acks = series("acknowledged by the " + SIDES[+!toClient], "ack",
		"step");
	const edges = series("its window's edge", "edge", "step");
	const sacks = series("SACK", "sack", "bar", 4);
	const foreign = series("from a device on the path", "foreign", "cross", 10);
	const resets = series("resets", "reset", "cross", 10);
	let most = 0;

	for (const packet of flow.packets)
		if (!packet.isIcmp && packet.toClient === toClient &&
			!(packet.flags & 4) && !packet.isDevice)
			most = Math.max(most, packet.end);
	for (const packet of flow.packets) {
		const x = packet.time === null ? null
			: secondsSince(flow, packet.time);

		if (x === null || packet.isIcmp)
			continue;
		if (packet.toClient !== toClient) {
			if (packet.ack === undefined)
				continue;
			addPoint(acks, x, packet.ack, packet);
			addPoint(edges, x, packet.edge, packet);
			for (const [from, to] of packet.sacks ? sackRanges(packet) : [])
				addPoint(sacks, x, from, packet, to);
		} else if (packet.isDevice || packet.flags & 4) {
			const y = Math.max(0, Math.min(most, packet.start));

			addPoint(packet.isDevice ? foreign : resets, x, y, packet);
		} else if (packet.odd === "keepalive or window probe") {
			addPoint(probes, x, packet.start, packet);
		} else if (packet.end > packet.start) {
			addPoint(packet.isRetransmission ? again : segments, x,
				packet.start, packet, packet.end);
		}
	}
	/* A window's edge far above all data would press that flat. */
	edges.y = edges.y.map((y) => Math.min(y, most * 1.25 + 1));
	return {
		title: "Sequence numbers, " + SIDES[+toClient] + " → " +
			SIDES[+!toClient],
		series: [edges, acks, segments, again, probes, sacks, resets, foreign]
			.filter((one) => one.x.length),
		yText: countText, isWhole: true,
		hint: "Hover for a packet, click to choose it; drag to zoom, " +
			"double-click to show all.",
	};
}

function roundTripPlot(flow) {
	const sides = [series("client's data, until acknowledged", "client", "dot", 4),
		series("server's data, until acknowledged", "server", "dot", 4)];

	for (const packet of flow.packets)
		if (packet.rtt !== undefined)
			/* the acknowledgment goes to whom sent the data */
			addPoint(sides[packet.toClient ? 0 : 1],
				secondsSince(flow, packet.time), packet.rtt / 1e6, packet);
	return {
		title: "Round trips at the capture point",
		series: sides.filter((one) => one.x.length),
		yText: (value) => value + " ms",
		hint: "Segments that were sent once only.",
	};
}

/* A value of the IP header over time: a foreign sender stands out. */
function headerPlot(flow, title, valueOf) {
	const client = series("client", "client", "dot", 4);
	const server = series("server", "server", "dot", 4);
	const foreign = series("from a device on the path", "foreign", "cross", 10);

	for (const packet of flow.packets) {
		if (packet.time === null)
			continue;
		addPoint(packet.isDevice ? foreign
			: packet.toClient ? server : client,
		secondsSince(flow, packet.time), valueOf(packet), packet);
	}
	return {title, isWhole: true, series: [client, server, foreign].filter(
		(one) => one.x.length), hint: ""};
}

/* The decimal logarithm of seconds, with marks at whole times: of those in the
 * range at most nine, the longest first. */
const IDLE_MARKS = [[1e-3, "1 ms"], [1e-2, "10 ms"], [0.1, "0.1 s"], [1, "1 s"],
	[2, "2 s"], [5, "5 s"], [10, "10 s"], [20, "20 s"], [30, "30 s"],
	[60, "1 min"], [120, "2 min"], [180, "3 min"], [240, "4 min"], [300, "5 min"],
	[360, "6 min"], [480, "8 min"], [600, "10 min"], [900, "15 min"],
	[1200, "20 min"], [1800, "30 min"], [3600, "1 h"], [7200, "2 h"],
	[14400, "4 h"], [28800, "8 h"], [86400, "24 h"], [604800, "7 d"]];
const IDLE_AXIS = {
	xMarks: (least, most) => {
		const all = IDLE_MARKS.map(([seconds]) => Math.log10(seconds))
			.filter((at) => at >= least && at <= most);
		const apart = (most - least) / 9;
		const kept = [];

		for (const at of all.reverse())
			if (kept.length === 0 || kept[0] - at >= apart)
				kept.unshift(at);
		return kept;
	},
	xText: (value) => {
		const mark = IDLE_MARKS.find(([seconds]) =>
			Math.abs(Math.log10(seconds) - value) < 1e-9);

		return mark ? mark[1] : durationText(10 ** value * 1e9);
	},
};

/* Which idle times a server's connections survived, and which not. */
function survivalPlot(model, row) {
	const died = series("failed after this idle time", "foreign", "cross", 10);
	const lived = series("longest that survived", "ack", "bar", 8);
	const gaps = row.detail.gaps;
	const same = model.rows.filter((one) => one.idle > 0 &&
		one.server === row.server && one.mechanism === row.mechanism)
		.sort((a, b) => a.idle - b.idle);

	same.forEach((one, index) => {
		died.x.push(Math.log10(one.idle / 1e9));
		died.y.push(index + 1);
	});
	if (gaps[1] > 0) {
		lived.x.push(Math.log10(gaps[1] / 1e9));
		lived.y.push(0);
		lived.y2 = [Math.max(1, same.length)];
	}
	died.packet = lived.packet = null;
	return {
		title: "Idle time before the failure, " + row.server + ": " +
			gaps[0] + " idle times survived, " + gaps[2] + " did not",
		series: [lived, died].filter((one) => one.x.length),
		...IDLE_AXIS, yText: countText, isWhole: true,
		hint: gaps[1] > 0 && gaps[3] > 0
			? "Longest that survived " + durationText(gaps[1]) +
				", shortest that did not " + durationText(gaps[3]) : "",
	};
}

/* The plots of a flow that has packets, each with `of`: where a packet is. */
function makePlots(flow, events) {
	const timed = flow.packets.filter((packet) => packet.time !== null);
	const bytes = [0, 0];

	if (flow.isExcerpt || timed.length < 2)
		return [];
	flow.start = timed[0].time;
	const seconds = secondsSince(flow, timed[timed.length - 1].time);
	for (const packet of flow.packets)
		bytes[+packet.toClient] += packet.length;
	const main = bytes[1] > bytes[0];

	return [sequencePlot(flow, main), sequencePlot(flow, !main),
		roundTripPlot(flow),
		headerPlot(flow, "TTL on arrival", (packet) => packet.ttl),
		headerPlot(flow, "IP ID", (packet) => packet.ipId)]
		.filter((spec) => spec.series.length)
		.map((spec) => new Plot({...spec, range: [0, seconds]}, events));
}
