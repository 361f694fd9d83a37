/* A list of any length, of which only the rows in view are elements. Rows have
 * one height. A listbox for assistive technology, moved through by keyboard. */

let listCount = 0;
let allLists = [];
const PRINTED_MOST = 400;

/* options: {label, rowHeight, length, row(index) -> [child...], rowClass(index),
 *	onSelect(index, isByUser), className} */
function makeList(options) {
	const number = listCount++;
	const id = (index) => "list" + number + "-" + index;
	const space = el("div", {class: "space", role: "presentation"});
	const box = el("div", {class: "list " + (options.className || ""),
		role: "listbox", tabindex: "0", "aria-label": options.label}, space);
	const list = {box, selected: -1, length: options.length, isPrinting: false};
	let from = -1, to = -1;

	function make(index) {
		const row = el("div", {class: "row " + options.rowClass(index),
			role: "option", id: id(index),
			"aria-selected": String(index === list.selected),
			"aria-setsize": list.length, "aria-posinset": index + 1,
			onclick: () => list.select(index, true),
		}, options.row(index));

		row.style.top = index * options.rowHeight + "px";
		row.style.height = options.rowHeight + "px";
		return row;
	}

	function draw(isForced) {
		const height = options.rowHeight, margin = 8;
		const first = list.isPrinting ? 0 : Math.max(0,
			Math.floor(box.scrollTop / height) - margin);
		const last = Math.min(list.length, list.isPrinting
			? PRINTED_MOST
			: Math.ceil((box.scrollTop + box.clientHeight) / height) +
				margin);

		if (!isForced && first === from && last === to)
			return;
		from = first;
		to = last;
		const rows = [];

		for (let index = first; index < last; index++)
			rows.push(make(index));
		space.replaceChildren(...rows);
		if (list.selected >= first && list.selected < last)
			box.setAttribute("aria-activedescendant", id(list.selected));
		else
			box.removeAttribute("aria-activedescendant");
	}

	list.refresh = (length) => {
		list.length = length;
		list.selected = -1;
		space.style.height = length * options.rowHeight + "px";
		box.scrollTop = 0;
		draw(true);
	};
	list.print = (isPrinting) => {
		list.isPrinting = isPrinting;
		box.classList.toggle("printing", isPrinting);
		space.style.height = options.rowHeight * (isPrinting
			? Math.min(list.length, PRINTED_MOST) : list.length) + "px";
		draw(true);
	};
	list.select = (index, isByUser) => {
		if (index < 0 || index >= list.length)
			return;
		const top = index * options.rowHeight;
		const bottom = top + options.rowHeight;

		list.selected = index;
		if (top < box.scrollTop)
			box.scrollTop = Math.max(0, top - options.rowHeight);
		else if (bottom > box.scrollTop + box.clientHeight)
			box.scrollTop = bottom - box.clientHeight +
				options.rowHeight;
		draw(true);
		options.onSelect(index, isByUser);
	};
	/* In the middle, for what is found elsewhere. */
	list.show = (index) => {
		box.scrollTop = Math.max(0, index * options.rowHeight -
			box.clientHeight / 2);
		list.select(index, false);
	};
	const page = () => Math.max(1,
		Math.floor(box.clientHeight / options.rowHeight) - 1);
	const moves = {
		ArrowDown: () => 1, ArrowUp: () => -1, j: () => 1, k: () => -1,
		PageDown: page, PageUp: () => -page(),
		Home: () => -list.length, End: () => list.length,
	};

	box.addEventListener("keydown", (event) => {
		const move = moves[event.key];

		if (!move || event.ctrlKey || event.metaKey || event.altKey)
			return;
		event.preventDefault();
		list.select(Math.max(0, Math.min(list.length - 1,
			list.selected + move())), true);
	});
	box.addEventListener("scroll", () => draw(false), {passive: true});
	new ResizeObserver(() => draw(true)).observe(box);
	allLists = allLists.filter((one) => one.box.isConnected);
	allLists.push(list);
	list.refresh(options.length);
	return list;
}

function printLists(isPrinting) {
	for (const list of allLists)
		if (list.box.isConnected)
			list.print(isPrinting);
}

addEventListener("beforeprint", () => printLists(true));
addEventListener("afterprint", () => printLists(false));
