/* A list of any length, of which only the rows in view are elements. Rows have
 * one height. A listbox for assistive technology, moved through by keyboard. */

const PRINTED_MOST = 400, ROWS_BEYOND = 8;
let listCount = 0;
let allLists = [];

/* options: {label, rowHeight, length, row(index) -> [child...], rowClass(index),
 *	onSelect(index, isByUser), className} */
class List {
	constructor(options) {
		this.options = options;
		this.number = listCount++;
		this.selected = -1;
		this.isPrinting = false;
		this.from = this.to = -1; /* the rows that are elements */
		this.space = el("div", {class: "space", role: "presentation"});
		this.box = el("div", {class: "list " + (options.className || ""),
			role: "listbox", tabindex: "0", "aria-label": options.label,
			onkeydown: (event) => this.key(event)}, this.space);
		this.box.addEventListener("scroll", () => this.draw(false),
			{passive: true});
		new ResizeObserver(() => this.draw(true)).observe(this.box);
		allLists = allLists.filter((one) => one.box.isConnected);
		allLists.push(this);
		this.refresh(options.length);
	}

	id(index) {
		return "list" + this.number + "-" + index;
	}

	rowElement(index) {
		const {rowHeight, rowClass, row} = this.options;
		const element = el("div", {class: "row " + rowClass(index),
			role: "option", id: this.id(index),
			"aria-selected": String(index === this.selected),
			"aria-setsize": this.length, "aria-posinset": index + 1,
			onclick: () => this.select(index, true),
		}, row(index));

		element.style.top = index * rowHeight + "px";
		element.style.height = rowHeight + "px";
		return element;
	}

	range() {
		const {box, options: {rowHeight}} = this;

		if (this.isPrinting)
			return [0, Math.min(this.length, PRINTED_MOST)];
		return [Math.max(0, Math.floor(box.scrollTop / rowHeight) -
			ROWS_BEYOND), Math.min(this.length, Math.ceil((box.scrollTop +
			box.clientHeight) / rowHeight) + ROWS_BEYOND)];
	}

	draw(isForced) {
		const [from, to] = this.range();

		if (!isForced && from === this.from && to === this.to)
			return;
		this.from = from;
		this.to = to;
		const rows = [];

		for (let index = from; index < to; index++)
			rows.push(this.rowElement(index));
		this.space.replaceChildren(...rows);
		if (this.selected >= from && this.selected < to)
			this.box.setAttribute("aria-activedescendant",
				this.id(this.selected));
		else
			this.box.removeAttribute("aria-activedescendant");
	}

	fit() {
		this.space.style.height = this.options.rowHeight * (this.isPrinting
			? Math.min(this.length, PRINTED_MOST) : this.length) + "px";
	}

	/* Begins anew with other rows. */
	refresh(length) {
		this.length = length;
		this.selected = -1;
		this.fit();
		this.box.scrollTop = 0;
		this.draw(true);
	}

	print(isPrinting) {
		this.isPrinting = isPrinting;
		this.fit();
		this.draw(true);
	}

	select(index, isByUser) {
		const {box, options: {rowHeight}} = this;
		const top = index * rowHeight, bottom = top + rowHeight;

		if (index < 0 || index >= this.length)
			return;
		this.selected = index;
		if (top < box.scrollTop)
			box.scrollTop = Math.max(0, top - rowHeight);
		else if (bottom > box.scrollTop + box.clientHeight)
			box.scrollTop = bottom - box.clientHeight + rowHeight;
		this.draw(true);
		this.options.onSelect(index, isByUser);
	}

	/* In the middle, for what is found elsewhere. */
	show(index) {
		this.box.scrollTop = Math.max(0, index * this.options.rowHeight -
			this.box.clientHeight / 2);
		this.select(index, false);
	}

	key(event) {
		const page = Math.max(1, Math.floor(
			this.box.clientHeight / this.options.rowHeight) - 1);
		const move = {ArrowDown: 1, ArrowUp: -1, j: 1, k: -1, PageDown: page,
			PageUp: -page, Home: -this.length, End: this.length}[event.key];

		if (!move || event.ctrlKey || event.metaKey || event.altKey)
			return;
		event.preventDefault();
		this.select(Math.max(0, Math.min(this.length - 1,
			this.selected + move)), true);
	}
}

function printLists(isPrinting) {
	for (const list of allLists)
		if (list.box.isConnected)
			list.print(isPrinting);
}

addEventListener("beforeprint", () => printLists(true));
addEventListener("afterprint", () => printLists(false));
