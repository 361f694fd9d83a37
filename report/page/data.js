/* Reads the data block, one JSON value a line, as report/page/*.c write it. */

/* A text is a string, which then has the next number; the number of an earlier
 * one; or [string], which has none. Lines are taken in their order. */
function makeTexts() {
	const known = [];

	return (value) => {
		if (typeof value === "number")
			return known[value];
		if (Array.isArray(value))
			return visible(value[0]);
		const text = visible(value);

		known.push(text);
		return text;
	};
}

const timeOf = (value) => typeof value === "number" ? value : null;

/* The same value with all its texts made visible. */
function visibleIn(value) {
	if (typeof value === "string")
		return visible(value);
	if (Array.isArray(value))
		return value.map(visibleIn);
	return value === null || typeof value !== "object" ? value
		: Object.fromEntries(Object.entries(value).map(([key, one]) =>
			[key, visibleIn(one)]));
}

/* A short line, of every incident. */
function readRow(line, text, index) {
	let at = 1;
	const next = () => line[at++];

	return {
		index, file: next(), frame: next(), time: timeOf(next()),
		mechanism: text(next()), sender: text(next()),
		culprit: text(next()), grade: text(next()), hop: next(),
		client: text(next()), clientPort: next(),
		server: text(next()), serverPort: next(), idle: next(),
		group: next(), isExample: next() === 1, trigger: text(next()),
		detail: null, flow: null,
	};
}

function readExcerpt(line, text) {
	const isIcmp = line[10] === 1;

	return {
		frame: line[0], time: timeOf(line[1]), toClient: line[2] === 0,
		isIcmp, icmp: isIcmp ? text(line[3]) : "",
		flags: isIcmp ? 0 : line[3], length: line[4], ttl: line[5],
		ipId: line[6], isDf: line[7] === 1, window: line[8],
		isDevice: line[9] === 1 || isIcmp, note: text(line[11]),
		source: text(line[12]),
	};
}

/* A long line, with the evidence. The order of `text` is that of the line. */
function readDetail(line, text) {
	let at = 2;
	const next = () => line[at++];
	const all = (read) => next().map(read);

	return {
		began: timeOf(next()), idle: next(), isWeakened: next() === 1,
		isGuessed: next() === 1, place: text(next()),
		headline: text(next()), signature: text(next()),
		summary: text(next()), detail: text(next()),
		advice: text(next()), pattern: text(next()),
		fingerprint: text(next()), wireText: text(next()),
		timers: text(next()), trigger: text(next()),
		evidence: all((row) => ({
			fact: text(row[0]), holds: row[1], frame: row[2],
			against: row[3], found: text(row[4]),
			expected: text(row[5]), weight: row[6],
		})),
		also: all((row) => ({
			mechanism: text(row[0]), sender: text(row[1]),
			culprit: text(row[2]), why: text(row[3]),
		})),
		undecided: all((row) => ({
			fact: text(row[0]), settledBy: text(row[1]),
		})),
		outranked: all(text),
		excerpts: all((row) => readExcerpt(row, text)),
		gaps: next(), mtu: next(),
	};
}

/* A packet; the flow keeps the sums of what stands as differences. */
function readPacket(line, text, flow) {
	const bits = line[2];
	const side = flow.sums[bits & 1];
	const isIcmp = (bits & 16) !== 0;
	const packet = {
		time: timeOf(line[0]), frame: flow.frame += line[1],
		file: flow.file, toClient: (bits & 1) !== 0,
		isDevice: (bits & 2) !== 0, isDf: (bits & 4) !== 0, isIcmp,
		flags: bits >> 6, skipped: flow.skipped,
	};

	flow.skipped = 0;
	if (packet.time !== null)
		packet.time = flow.time += packet.time;
	if (isIcmp)
		return Object.assign(packet, {
			icmp: text(line[3]), source: text(line[4]),
			ttl: line[5], ipId: line[6], length: 0,
		});
	packet.sequence = side.sequence += line[3];
	packet.acknowledged = side.acknowledged += line[4];
	packet.length = line[5];
	packet.window = line[6];
	packet.ttl = line[7];
	packet.ipId = line[8];
	if (bits & 8) {
		packet.tsval = side.tsval += line[9];
		packet.tsecr = side.tsecr += line[10];
	}
	packet.more = bits & 32 ? line[line.length - 1] : null;
	side.tos = packet.more?.tos ?? side.tos;
	side.label = packet.more?.label ?? side.label;
	packet.tos = side.tos;
	packet.label = side.label;
	return packet;
}

function readFlow(line, text) {
	const sums = () =>
		({sequence: 0, acknowledged: 0, tsval: 0, tsecr: 0, tos: 0,
			label: 0});

	return {
		row: line[1], client: text(line[2]), clientPort: line[3],
		server: text(line[4]), serverPort: line[5], packets: [],
		total: 0, file: 0, frame: 0, time: 0, skipped: 0,
		sums: [sums(), sums()],
	};
}

function readLine(model, line, text) {
	const flow = model.flows[model.flows.length - 1];

	if (!Array.isArray(line)) {
		model.objects.push(visibleIn(line));
		return;
	}
	if (readComparisonLine(model, line, text))
		return;
	switch (line[0]) {
	case "i":
		model.rows.push(readRow(line, text, model.rows.length));
		break;
	case "d":
		model.rows[line[1]].detail = readDetail(line, text);
		break;
	case "f":
		model.flows.push(readFlow(line, text));
		if (line[1] >= 0)
			model.rows[line[1]].flow =
				model.flows[model.flows.length - 1];
		break;
	case "n":
		flow.file = line[1];
		break;
	case "s":
		flow.skipped = line[1];
		break;
	case "z":
		flow.packets[line[1]].fate = line[2] === 1 ? "lost on the way"
			: "never acknowledged";
		break;
	case "h":
		if (/^[a-z0-9-]+\.html$/.test(line[2]))
			model.pages.set(line[1], line[2]);
		break;
	case "g":
		model.glossary.set(line[1], line[2]);
		break;
	case "q":
		model.probes.push(readProbe(line, text));
		break;
	case "t":
		model.idleTests.push({idle: line[1], outcome: line[2],
			hopLimit: line[3], frame: line[4], answerFrame: line[5]});
		break;
	case "e":
		flow.total = line[1];
		break;
	default:
		flow.packets.push(readPacket(line, text, flow));
	}
}

function readData(source) {
	const model = {objects: [], rows: [], flows: [], probes: [],
		idleTests: [], glossary: new Map(), summary: null, lanes: [],
		connections: new Map(), outcomes: [], sides: new Map(),
		leftOut: [0, 0, 0], pages: new Map(), current: null};
	const text = makeTexts();
	const lines = JSON.parse("[" + source.trim().replace(/\n/g, ",") + "]");

	for (const line of lines)
		readLine(model, line, text);
	model.summary = model.objects.find((one) => one.type === "summary" &&
		one.kind) || {};
	model.summary.files = model.summary.files || [];
	model.clock = makeClock(model.summary.first_time);
	return model;
}
