/* A plot: axes, zoom and cursor by uPlot; the marks are drawn here, at most one
 * a pixel, so that 100,000 packets cost what fits on the screen. */

const PLOT_HEIGHT = 260, HOVER_PIXELS = 14;
const WHOLE_STEPS = [1, 2, 5].flatMap((step) => [...Array(10).keys()].map(
	(power) => step * 10 ** power)).sort((a, b) => a - b);
const allPlots = new Set();

const colorOf = (name) => getComputedStyle(document.documentElement)
	.getPropertyValue("--" + name).trim();

/* The first index whose x is not below a value. */
function lowerBound(xs, value) {
	let from = 0, to = xs.length;

	while (from < to) {
		const middle = (from + to) >> 1;

		if (xs[middle] < value)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

/* The range of y of what lies in a range of x, with a margin. */
function rangeOfY(series, least, most) {
	let low = Infinity, high = -Infinity;

	for (const one of series) {
		if (one.isHidden)
			continue;
		const last = lowerBound(one.x, most + Number.EPSILON);

		for (let at = lowerBound(one.x, least); at <= last &&
			at < one.x.length; at++) {
			if (one.x[at] > most)
				break;
			low = Math.min(low, one.y[at]);
			high = Math.max(high, one.y2 ? one.y2[at] : one.y[at]);
		}
	}
	if (low > high)
		return [0, 1];
	const margin = (high - low || Math.abs(high) || 1) * 0.06;

	return [low - margin, high + margin];
}

/* Draws one series into the canvas; `box` is the plot's rectangle on it. */
function drawSeries(context, u, one, box) {
	const scale = (u.scales.x.max - u.scales.x.min) || 1;
	const heights = (u.scales.y.max - u.scales.y.min) || 1;
	const toX = (x) => box.left + (x - u.scales.x.min) / scale * box.width;
	const toY = (y) => box.top + box.height -
		(y - u.scales.y.min) / heights * box.height;
	const ratio = devicePixelRatio || 1;
	const size = Math.max(2, Math.round((one.size || 4) * ratio));
	const taken = new Set();
	let lastX = null, lastY = null;

	context.fillStyle = context.strokeStyle = colorOf(one.color);
	context.lineWidth = Math.max(1, ratio);
	const from = Math.max(0, lowerBound(one.x, u.scales.x.min) - 1);

	for (let at = from; at < one.x.length; at++) {
		const x = Math.round(toX(one.x[at])), y = Math.round(toY(one.y[at]));
		const key = x * 65536 + y;

		if (one.shape === "step") {
			if (lastX !== null && (x > lastX || y !== lastY)) {
				context.fillRect(lastX, lastY, Math.max(1, x - lastX),
					ratio);
				context.fillRect(x, Math.min(y, lastY), ratio,
					Math.abs(y - lastY) + ratio);
			}
			lastX = x;
			lastY = y;
		} else if (!taken.has(key)) {
			taken.add(key);
			drawMark(context, one, x, y, size,
				one.y2 ? Math.round(toY(one.y2[at])) : y);
		}
		if (one.x[at] > u.scales.x.max)
			break;
	}
}

function drawMark(context, one, x, y, size, y2) {
	const half = size / 2;

	switch (one.shape) {
	case "bar":
		context.fillRect(x - half / 2, y2, half, Math.max(1, y - y2));
		context.fillRect(x - half, y2, size, 1);
		context.fillRect(x - half, y, size, 1);
		break;
	case "cross":
		context.beginPath();
		context.moveTo(x - half, y - half);
		context.lineTo(x + half, y + half);
		context.moveTo(x - half, y + half);
		context.lineTo(x + half, y - half);
		context.stroke();
		break;
	case "ring":
		context.strokeRect(x - half, y - half, size, size);
		break;
	default:
		context.fillRect(x - half, y - half, size, size);
	}
}

/* The packet whose mark is nearest to a place on the screen, or null. */
function nearestPacket(u, series, left, top) {
	const least = u.posToVal(left - HOVER_PIXELS, "x");
	const most = u.posToVal(left + HOVER_PIXELS, "x");
	let best = null, distance = HOVER_PIXELS * HOVER_PIXELS * 2;

	for (const one of series) {
		if (one.isHidden || !one.packet)
			continue;
		const from = lowerBound(one.x, least);

		for (let at = from; at < one.x.length && one.x[at] <= most &&
			at < from + 5000; at++) {
			const x = u.valToPos(one.x[at], "x") - left;
			let y = u.valToPos(one.y[at], "y") - top;

			if (one.y2) {
				const high = u.valToPos(one.y2[at], "y") - top;

				y = high <= 0 && y >= 0 ? 0
					: Math.abs(high) < Math.abs(y) ? high : y;
			}
			if (x * x + y * y < distance) {
				distance = x * x + y * y;
				best = one.packet[at];
			}
		}
	}
	return best;
}

/* `marks`: where they are, if not at even steps. */
function axis(text, isWhole, marks) {
	return {stroke: () => colorOf("faint"),
		grid: {stroke: () => colorOf("grid"), width: 1},
		ticks: {stroke: () => colorOf("grid"), width: 1},
		font: "12px system-ui, sans-serif",
		...isWhole ? {incrs: WHOLE_STEPS} : {},
		...marks ? {splits: (u, at, least, most) => marks(least, most)} : {},
		values: (u, list) => list.map(text)};
}

/* spec: {title, series: [{name, color, shape, x, y, y2, packet, size}], yText,
 *	xText, xMarks(least, most), isWhole (steps of y), isWholeX, range, hint}; x of each series
 *	ascends, in seconds unless xText says otherwise.
 * events: {select(packet), hover(packet) -> text, step(by)} */
class Plot {
	constructor(spec, events) {
		const ends = spec.range || [
			Math.min(...spec.series.map((one) => one.x[0])),
			Math.max(...spec.series.map((one) => one.x[one.x.length - 1]))];
		const margin = (ends[1] - ends[0]) * 0.02 || 0.001;

		this.spec = spec;
		this.events = events;
		this.whole = [ends[0] - margin, ends[1] + margin];
		this.plot = null; /* until it comes into view: a page has many */
		this.marked = null; /* x */
		this.readout = el("p", {class: "readout faint"}, spec.hint || "");
		this.host = el("div", {class: "plot", tabindex: "0", role: "group",
			"aria-label": spec.title + ". Arrow keys go from packet to " +
				"packet, plus and minus zoom, 0 shows all.",
			onkeydown: (event) => this.key(event)});
		this.host.plot = this; /* for the tests */
		this.element = el("figure", {class: "figure"},
			el("figcaption", {}, spec.title), this.legend(), this.host,
			this.readout);
		this.watch();
		allPlots.add(this);
	}

	watch() {
		new ResizeObserver(() => this.resize()).observe(this.host);
		new IntersectionObserver((entries, observer) => {
			if (!entries.some((entry) => entry.isIntersecting))
				return;
			observer.disconnect();
			this.build();
		}, {rootMargin: "400px"}).observe(this.host);
	}

	legend() {
		return el("div", {class: "legend"}, this.spec.series.map((one) =>
			el("button", {class: "chip", "aria-pressed": "true",
				onclick: (event) => {
					one.isHidden = !one.isHidden;
					event.currentTarget.setAttribute("aria-pressed",
						String(!one.isHidden));
					this.redraw();
				}}, el("span", {class: "swatch swatch-" + one.color,
				"aria-hidden": "true"}), one.name)));
	}

	width() {
		return Math.max(200, this.host.clientWidth);
	}

	build() {
		if (this.plot)
			return;
		/* uPlot has the ends only: the hook draws ours */
		this.plot = new uPlot(this.options(), [this.whole, [0, 0]],
			this.host);
		const over = this.plot.over;

		over.addEventListener("mousemove", (event) => this.hover(event));
		over.addEventListener("click", (event) => {
			const packet = this.packetAt(event);

			if (packet !== null)
				this.events.select(packet);
		});
		over.addEventListener("dblclick", () => this.zoom(0));
	}

	options() {
		const spec = this.spec;

		return {
			width: this.width(), height: PLOT_HEIGHT,
			legend: {show: false},
			cursor: {points: {show: false}, drag: {x: true, y: false}},
			scales: {
				x: {time: false, range: (u, least, most) =>
					most > least && u.isZoomed ? [least, most]
						: this.whole},
				y: {range: (u) => rangeOfY(spec.series,
					u.scales.x.min ?? this.whole[0],
					u.scales.x.max ?? this.whole[1])},
			},
			axes: [axis(spec.xText || ((value) => value + " s"),
				spec.isWholeX, spec.xMarks), {size: 74, ...axis(spec.yText || String,
				spec.isWhole)}],
			series: [{}, {paths: () => null, points: {show: false}}],
			hooks: {draw: [() => this.draw()], setSelect: [(u) => {
				u.isZoomed = true;
			}]},
		};
	}

	draw() {
		const u = this.plot;

		if (!u) /* the first time, before there is one to name */
			return queueMicrotask(() => this.redraw());
		const {bbox: box, ctx: context} = u;

		context.save();
		context.beginPath();
		context.rect(box.left, box.top, box.width, box.height);
		context.clip();
		for (const one of this.spec.series)
			if (!one.isHidden)
				drawSeries(context, u, one, box);
		if (this.marked !== null) {
			context.fillStyle = colorOf("mark");
			context.fillRect(u.valToPos(this.marked, "x", true) - 1, box.top,
				2, box.height);
		}
		context.restore();
		return undefined;
	}

	packetAt(event) {
		return nearestPacket(this.plot, this.spec.series, event.offsetX,
			event.offsetY);
	}

	hover(event) {
		const packet = this.packetAt(event);

		this.plot.over.classList.toggle("has-point", packet !== null);
		this.readout.replaceChildren(packet === null ? this.spec.hint || ""
			: this.events.hover(packet));
	}

	/* 0: all of it; else the part of the width that is shown then. */
	zoom(factor) {
		this.build();
		const {min, max} = this.plot.scales.x;
		const isInView = this.marked !== null && this.marked >= min &&
			this.marked <= max;
		const middle = isInView ? this.marked : (min + max) / 2;

		this.plot.isZoomed = factor !== 0;
		this.plot.setScale("x", factor === 0
			? {min: this.whole[0], max: this.whole[1]}
			: {min: middle - (middle - min) * factor,
				max: middle + (max - middle) * factor});
	}

	key(event) {
		const keys = {ArrowRight: () => this.events.step(1),
			ArrowLeft: () => this.events.step(-1),
			"+": () => this.zoom(0.5), "=": () => this.zoom(0.5),
			"-": () => this.zoom(2), 0: () => this.zoom(0)};

		if (!keys[event.key] || event.ctrlKey || event.metaKey || event.altKey)
			return;
		event.preventDefault();
		keys[event.key]();
	}

	resize() {
		if (this.plot && this.host.clientWidth &&
			this.plot.width !== this.width())
			this.plot.setSize({width: this.width(), height: PLOT_HEIGHT});
	}

	redraw() {
		if (this.plot)
			this.plot.redraw();
	}

	/* Shows where a packet is; x in the plot's unit, or null. */
	mark(x, text) {
		this.marked = x;
		if (text)
			this.readout.replaceChildren(text);
		this.redraw();
	}

	/* Where a packet's mark is on the plot, in pixels; null: nowhere. */
	place(packet) {
		for (const one of this.spec.series) {
			const at = one.packet ? one.packet.indexOf(packet) : -1;

			if (at >= 0)
				return {x: this.plot.valToPos(one.x[at], "x"),
					y: this.plot.valToPos(one.y[at], "y")};
		}
		return null;
	}
}

addEventListener("beforeprint", () => {
	for (const one of allPlots)
		if (one.element.isConnected)
			one.build();
});

function redrawPlots() {
	for (const one of allPlots) {
		if (one.element.isConnected)
			one.redraw();
		else
			allPlots.delete(one);
	}
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redrawPlots);
