/* A plot: axes, zoom and cursor by uPlot; the marks are drawn here, at most one
 * a pixel, so that 100,000 packets cost what fits on the screen. */

const PLOT_HEIGHT = 260, HOVER_PIXELS = 14;
const WHOLE_STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4];
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

function axis(extra) {
	return {stroke: () => colorOf("faint"), grid: {stroke: () => colorOf("grid"),
		width: 1}, ticks: {stroke: () => colorOf("grid"), width: 1},
	font: "12px system-ui, sans-serif", ...extra};
}

/* spec: {title, series: [{name, color, shape, x, y, y2, packet, size}], yText,
 *	xText, isWhole (steps of y), isWholeX, range}; x of each series ascends, in seconds unless xText says otherwise.
 * events: {select(packet, isByUser), hover(packet) -> text, step(by)} */
function makePlot(spec, events) {
	const host = el("div", {class: "plot", tabindex: "0", role: "group",
		"aria-label": spec.title + ". Arrow keys go from packet to packet, " +
			"plus and minus zoom, 0 shows all."});
	const readout = el("p", {class: "readout faint"}, spec.hint || "");
	let plot = null, marked = null;
	const firsts = spec.series.map((one) => one.x[0]);
	const lasts = spec.series.map((one) => one.x[one.x.length - 1]);
	const ends = spec.range || [Math.min(...firsts), Math.max(...lasts)];
	const margin = (ends[1] - ends[0]) * 0.02 || 0.001;
	const whole = [ends[0] - margin, ends[1] + margin];

	function draw(u) {
		const box = u.bbox, context = u.ctx;

		context.save();
		context.beginPath();
		context.rect(box.left, box.top, box.width, box.height);
		context.clip();
		for (const one of spec.series)
			if (!one.isHidden)
				drawSeries(context, u, one, box);
		if (marked !== null && marked.x !== null) {
			context.fillStyle = colorOf("mark");
			context.fillRect(u.valToPos(marked.x, "x", true) - 1, box.top, 2,
				box.height);
		}
		context.restore();
	}

	function build() {
		const width = Math.max(200, host.clientWidth);

		plot = new uPlot({
			width, height: PLOT_HEIGHT, legend: {show: false},
			cursor: {points: {show: false}, drag: {x: true, y: false}},
			scales: {
				x: {time: false, range: (u, least, most) =>
					most > least && u.isZoomed ? [least, most] : whole},
				y: {range: (u) => rangeOfY(spec.series,
					u.scales.x.min ?? whole[0],
					u.scales.x.max ?? whole[1])},
			},
			axes: [axis({...spec.isWholeX ? {incrs: WHOLE_STEPS} : {},
				values: (u, list) => list.map((value) =>
				spec.xText ? spec.xText(value) : value + " s")}),
			axis({size: 74, ...spec.isWhole ? {incrs: WHOLE_STEPS} : {},
				values: (u, list) => list.map((value) =>
				spec.yText ? spec.yText(value) : String(value))})],
			series: [{}, {paths: () => null, points: {show: false}}],
			hooks: {draw: [draw], setSelect: [(u) => {
				u.isZoomed = true;
			}]},
		}, [whole, [0, 0]], host); /* ours are drawn by the hook */
		plot.over.addEventListener("mousemove", (event) => {
			const packet = nearestPacket(plot, spec.series, event.offsetX,
				event.offsetY);

			plot.over.classList.toggle("has-point", packet !== null);
			readout.replaceChildren(packet === null ? spec.hint || ""
				: events.hover(packet));
		});
		plot.over.addEventListener("click", (event) => {
			const packet = nearestPacket(plot, spec.series, event.offsetX,
				event.offsetY);

			if (packet !== null)
				events.select(packet);
		});
		plot.over.addEventListener("dblclick", () => zoom(0));
	}

	function zoom(factor) {
		made.build();
		const {min, max} = plot.scales.x;
		const middle = marked && marked.x !== null && marked.x >= min &&
			marked.x <= max ? marked.x : (min + max) / 2;

		plot.isZoomed = factor !== 0;
		plot.setScale("x", factor === 0 ? {min: whole[0], max: whole[1]}
			: {min: middle - (middle - min) * factor,
				max: middle + (max - middle) * factor});
	}
	const keys = {ArrowRight: () => events.step(1),
		ArrowLeft: () => events.step(-1), "+": () => zoom(0.5),
		"=": () => zoom(0.5), "-": () => zoom(2), 0: () => zoom(0)};

	host.addEventListener("keydown", (event) => {
		if (!keys[event.key] || event.ctrlKey || event.metaKey || event.altKey)
			return;
		event.preventDefault();
		keys[event.key]();
	});
	const legend = el("div", {class: "legend"}, spec.series.map((one) =>
		el("button", {class: "chip", "aria-pressed": "true",
			onclick: (event) => {
				one.isHidden = !one.isHidden;
				event.currentTarget.setAttribute("aria-pressed",
					String(!one.isHidden));
				made.redraw();
			}}, el("span", {class: "swatch swatch-" + one.color,
			"aria-hidden": "true"}), one.name)));
	const made = {
		element: el("figure", {class: "figure"},
			el("figcaption", {}, spec.title), legend, host, readout),
		/* Built when it comes into view: a page has many. */
		build: () => {
			if (!plot)
				build();
		},
		resize: () => {
			const width = Math.max(200, host.clientWidth);

			if (plot && host.clientWidth && plot.width !== width)
				plot.setSize({width, height: PLOT_HEIGHT});
		},
		redraw: () => plot && plot.redraw(),
		/* x in the plot's unit, or null */
		mark: (x, text) => {
			marked = {x};
			if (text)
				readout.replaceChildren(text);
			if (plot)
				plot.redraw(false);
		},
		/* For tests: where a packet's mark is on the screen. */
		place: (packet) => {
			for (const one of spec.series) {
				const at = one.packet ? one.packet.indexOf(packet) : -1;

				if (at >= 0)
					return {x: plot.valToPos(one.x[at], "x"),
						y: plot.valToPos(one.y[at], "y")};
			}
			return null;
		},
	};

	host.plot = made;
	new ResizeObserver(made.resize).observe(host);
	new IntersectionObserver((entries, observer) => {
		if (!entries.some((entry) => entry.isIntersecting))
			return;
		observer.disconnect();
		made.build();
	}, {rootMargin: "400px"}).observe(host);
	allPlots.add(made);
	return made;
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
