#!/usr/bin/env python3
"""How long pages of --html take in a headless Chromium: until something is
shown, until all is, and for each frame while a list is scrolled from its
beginning to its end. Nothing is asserted: the goals stand in the last column.

    bench_page.py BUILD quick|full
"""
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "page"))
BUILD, SIZE = sys.argv[1:3]
sys.argv[1:] = [os.path.join(BUILD, "culprit")]  # as tests/commands/ want it

import browser as chromium  # noqa: E402
import captures  # noqa: E402

TENTH = 10 if SIZE == "quick" else 1
TURNS = 3
SCROLL = """
(() => {
const box = document.querySelector(SELECTOR), steps = 60, frames = [];
const most = box.scrollHeight - box.clientHeight;
return new Promise((done) => {
	let step = 0, last = performance.now();
	const go = () => {
		const now = performance.now();

		frames.push(now - last);
		last = now;
		box.scrollTop = most * step / steps;
		if (step++ < steps)
			requestAnimationFrame(go);
		else
			done([frames.reduce((a, b) => a + b, 0) / frames.length,
				Math.max(...frames)]);
	};
	requestAnimationFrame(go);
});
})()
"""
FIRST = ("performance.getEntriesByName('first-contentful-paint')"
         "[0]?.startTime ?? -1")


def write(folder, name, data):
    path = os.path.join(folder, name)
    with open(path, "wb") as file:
        file.write(data)
    return path


def page_of(folder, name, *arguments):
    path = os.path.join(folder, name + ".html")
    subprocess.run([os.path.join(BUILD, "culprit"), arguments[0], "--html",
                    path, *arguments[1:]], check=True,
                   stdout=subprocess.DEVNULL)
    return path


def processor_seconds(page):
    """What the page's thread worked, whoever else the machine works for."""
    metrics = page.call("Performance.getMetrics")["metrics"]
    return next(one["value"] for one in metrics
                if one["name"] == "TaskDuration")


def load_again(page):
    """Processor seconds of loading and drawing."""
    page.call("Performance.enable", timeDomain="threadTicks")
    page.events.clear()
    before = processor_seconds(page)
    page.call("Page.reload")
    page.wait_for("Page.loadEventFired")
    page.settle()
    return processor_seconds(page) - before


def measure(browser, path, selector):
    """The least of some turns: milliseconds until the first paint, seconds
    until all is drawn, the processor's, mean and longest frame of a scroll in
    milliseconds."""
    found = []
    for _ in range(TURNS):
        page = browser.open(path)
        worked_s = load_again(page)
        frames = page.js(SCROLL.replace("SELECTOR", repr(selector)))
        found.append((page.js(FIRST), page.load_seconds, worked_s, *frames))
        page.close()
    return [min(one[i] for one in found) for i in range(5)]


def row(browser, name, path, selector):
    first_ms, all_s, worked_s, mean_ms, worst_ms = measure(browser, path, selector)
    print(f"  {name:24} {os.path.getsize(path) / 1e6:6.1f} MB "
          f"{first_ms / 1000:6.2f} s {all_s:6.2f} s {worked_s:7.2f} s {mean_ms:6.0f} ms "
          f"{worst_ms:6.0f} ms   shown within 1 s", flush=True)


def main():
    packets, incidents = 100000 // TENTH, 40000 // TENTH
    print(f"\npages: {packets} packets, {incidents} incidents, in Chromium, "
          f"the least of {TURNS} turns")
    print(f"  {'':24} {'size':>9} {'first':>8} {'all':>8} {'processor':>9} {'a frame':>9} "
          f"{'longest':>9}   goal")
    with tempfile.TemporaryDirectory() as folder, \
            chromium.Browser() as browser:
        long = write(folder, "long.pcap", captures.long_connection(packets))
        row(browser, f"{packets} packets", page_of(
            folder, "long", "timeline", long), ".ladder")
        many = write(folder, "many.pcap", captures.many_incidents(incidents))
        row(browser, f"{incidents} incidents", page_of(
            folder, "many", "analyze", "-q", many), ".incidents")
        near, far = captures.crossing(14000 // TENTH)
        row(browser, "65536 outcomes" if TENTH == 1 else "7000 outcomes",
            page_of(folder, "compared", "compare", "-q",
                    write(folder, "near.pcap", near),
                    write(folder, "far.pcap", far)), ".outcomes")


if chromium.is_here():
    main()
else:
    print("\npages: there is no chromium")
