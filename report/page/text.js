/* Elements, and text for people. Whatever came from a capture becomes a text
 * node or an attribute's value: nothing here takes markup. */

/* Control characters, marks that turn the reading direction, invisible ones. */
const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

function visible(text) {
	return text.replace(HIDDEN, (character) => "\\u" +
		character.charCodeAt(0).toString(16).padStart(4, "0"));
}

/* el("p", {class: "faint", onclick: f}, "text", child, null, ...) */
function el(tag, attributes, ...children) {
	const element = document.createElement(tag);

	for (const [name, value] of Object.entries(attributes || {})) {
		if (value === null || value === undefined || value === false)
			continue;
		if (typeof value === "function")
			element.addEventListener(name.slice(2), value);
		else
			element.setAttribute(name, value === true ? "" : value);
	}
	element.append(...children.flat(Infinity).filter(
		(child) => child !== null && child !== undefined));
	return element;
}

/* A line may end behind a mark within a name, as of a file. */
function breakable(text) {
	return text.match(/[^_./-]*[_./-]?/g).flatMap((part, at) =>
		at === 0 ? [part] : [el("wbr", {}), part]);
}

/* But none within an option: "--only". */
function unbroken(text) {
	return text.split(/ (-\S+)/).map((part, at) => at % 2 === 0 ? part
		: [" ", el("span", {class: "unbroken"}, part)]);
}

function countText(count) {
	return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

function plural(count, one, many) {
	return countText(count) + " " + (count === 1 ? one : many);
}

/* Nanoseconds as a duration with three digits and a unit. */
function durationText(ns) {
	const size = Math.abs(ns);

	if (size < 1e3)
		return Math.round(ns) + " ns";
	if (size < 1e6)
		return (ns / 1e3).toPrecision(3) + " µs";
	if (size < 1e9)
		return (ns / 1e6).toPrecision(3) + " ms";
	if (size < 120e9)
		return (ns / 1e9).toFixed(size < 10e9 ? 2 : 1) + " s";
	if (size < 7200e9)
		return (ns / 60e9).toFixed(1) + " min";
	return (ns / 3600e9).toFixed(1) + " h";
}

function relativeText(ns) {
	return ns === null ? "no time"
		: (ns < 0 ? "-" : "+") + (Math.abs(ns) / 1e9).toFixed(6);
}

/* A page's clock: times are nanoseconds since the first packet. */
function makeClock(first) {
	const known = typeof first === "string" && /^-?\d+\.\d{9}$/.test(first);
	const [seconds, nanoseconds] = known ? first.split(".") : ["0", "0"];
	const split = (ns) => {
		const sum = Number(nanoseconds) + ns;
		const whole = Math.floor(sum / 1e9);

		return [new Date((Number(seconds) + whole) * 1000),
			Math.round(sum - whole * 1e9)];
	};
	const iso = (date) => Number.isNaN(date.getTime()) ? ""
		: date.toISOString();

	return {
		known,
		/* "2026-11-20" */
		day: (ns) => known && ns !== null ? iso(split(ns)[0]).slice(0, 10) : "",
		/* "23:14:02.000123" */
		time: (ns, digits = 6) => {
			if (!known || ns === null)
				return "no time";
			const [date, rest] = split(ns);

			return iso(date).slice(11, 19) + (digits === 0 ? "" : "." +
				String(rest).padStart(9, "0").slice(0, digits));
		},
	};
}

function endpointText(address, port) {
	return (address.includes(":") ? "[" + address + "]" : address) + ":" + port;
}

const FLAG_NAMES = [[2, "SYN"], [1, "FIN"], [4, "RST"], [8, "PSH"], [16, "ACK"],
	[32, "URG"], [64, "ECE"], [128, "CWR"], [256, "NS"]];

function flagsText(flags) {
	return FLAG_NAMES.filter(([bit]) => flags & bit)
		.map(([, name]) => name).join(",") || "no flags";
}

/* "state-expired" as a headline. */
const MECHANISM_TITLES = {
	"syn-rejected": "SYN rejected", "syn-unanswered": "SYN unanswered",
	"state-expired": "idle timeout", "injected": "forged reset",
	"injected-data": "forged packet",
	"late-data": "data after close", "abort": "aborted",
	"unknown-connection": "connection unknown",
	"firewall-reject": "rejected by firewall",
	"proxy-closed": "closed by proxy",
	"keepalive-timeout": "keepalives unanswered",
	"retransmission-timeout": "retransmissions unanswered",
	"pmtu-black-hole": "path MTU black hole",
	"pmtu-ignored": "path MTU ignored",
	"icmp-unreachable": "unreachable", "orderly": "benign",
	"half-open": "half-open connection", "nat-mismatch": "NAT mismatch",
	"peer-protocol": "closed with a message",
	"ssh-max-startups": "too many SSH logins",
	"ssh-refused-before-banner": "refused before SSH banner",
	"ssh-login-grace": "login grace time over",
	"ssh-no-common-algorithm": "no common SSH algorithm",
	"ssh-slow-banner": "slow SSH banner",
	"ssh-client-alive": "SSH keepalives unanswered",
	"unknown": "undetermined",
};
const CULPRIT_TITLES = {
	"middlebox": "device on the path", "nat-timeout": "NAT or firewall",
	"path-mtu": "path MTU", "path-loss": "loss on the path",
	"none": "nobody",
};

const mechanismTitle = (word) =>
	MECHANISM_TITLES[word] || word.replace(/-/g, " ");
const culpritTitle = (word) => CULPRIT_TITLES[word] || word;
