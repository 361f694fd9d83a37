#!/usr/bin/env python3
"""The HTML report in a real Chromium: clicks, keys, search, print, both colour
schemes, 400 pixels, 100,000 packets, 40,000 incidents, and a capture that tries
to run a script. With --pictures FOLDER also writes a picture of each page."""
import json
import os
import shutil
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "commands"))
sys.path.insert(0, HERE)

# pylint: disable=wrong-import-position
import browser as chromium
import captures
from tap import check, done, lab, run, skip

PICTURES = os.path.abspath(sys.argv[sys.argv.index("--pictures") + 1]) \
    if "--pictures" in sys.argv else None
BASE, A_PACKET = 1500000, 60  # bytes of a page
INSPECTOR = open(os.path.join(HERE, "axe", "axe.min.js"),
                 encoding="utf-8").read()
CHOSEN = "document.querySelector('.ladder [aria-selected=true]')"


def write(path, data):
    """Returns its name from the folder that we are in."""
    with open(path, "wb") as file:
        file.write(data)
    return os.path.relpath(path)


def copied(path):
    shutil.copy(path, os.path.basename(path))
    return os.path.basename(path)


def make(folder, name, *arguments):
    """The page of a command; checks that the command says nothing odd."""
    path = os.path.join(folder, name + ".html")
    finished = run(*arguments[:1], "--html", path, *arguments[1:], timeout=600)
    check(finished.returncode == 0 and not finished.stderr,
          f"{arguments[0]} writes the page {name}", finished.stderr.decode())
    return path


def inspect(page, what):
    """Accessible names, roles, contrast, as axe-core judges them."""
    page.js(INSPECTOR + "; 0")
    found = page.js("axe.run(document, {resultTypes: ['violations']}).then("
                    "(all) => all.violations.map((one) => one.id + ': ' + "
                    "one.nodes.slice(0, 3).map((n) => n.html.slice(0, 200))"
                    ".join(' | ')))")
    check(not found, f"{what}: axe-core finds nothing", "\n".join(found or []))


def inspector_inspects(browser, folder):
    """That axe-core would find what is wrong."""
    path = os.path.join(folder, "wrong.html")
    with open(path, "w", encoding="utf-8") as file:
        file.write("<!DOCTYPE html><html lang=en><title>t</title><main><h1>t"
                   "</h1><button></button><p style='color:#bbb;background:#fff'"
                   ">pale</p></main>")
    page = browser.open(path)
    page.js(INSPECTOR + "; 0")
    found = page.js("axe.run().then((all) => all.violations.map((v) => v.id))")
    check({"button-name", "color-contrast"} <= set(found),
          "axe-core finds a nameless button and pale text where they are",
          found)
    page.close()


def looks(browser, path, what, picture=None):
    """Wide and narrow, light and dark: what must hold of any page."""
    for width, is_dark in ((1400, False), (400, True), (400, False)):
        page = browser.open(path, width=width, is_dark=is_dark)
        name = f"{what}, {width} pixels, {'dark' if is_dark else 'light'}"
        overflow = page.js("document.documentElement.scrollWidth - innerWidth")
        check(overflow <= 0, f"{name}: nothing is wider than the page",
              overflow)
        if not (width == 400 and not is_dark):
            inspect(page, name)
        if PICTURES and picture:
            page.screenshot(os.path.join(PICTURES, f"{picture}-{width}"
                                         f"{'-dark' if is_dark else ''}.png"))
        harmless(page, path, name)
        page.close()


def harmless(page, path, what):
    check(page.errors == [], f"{what}: the console has no error",
          "\n".join(page.errors))
    check(page.requests == [f"file://{os.path.abspath(path)}"]
          or set(page.requests) == {page.address},
          f"{what}: nothing is asked for but the page", page.requests)


def fields(page):
    return page.text("#packet") or ""


def verdict_page(browser, folder):
    path = make(folder, "verdict", "analyze",
                copied(lab("c7_nft_reject_estab_c2s.client.pcap")))
    page = browser.open(path)
    check("rejected by firewall" in page.text("#overview") and
          "device on the path" in page.text("#overview"),
          "the overview says what happened and who did it")
    check((page.js(CHOSEN + ".innerText") or "").startswith("#11"),
          "the fatal packet is chosen at first")
    check("Packet #11" in fields(page) and "hop 1" in page.text("#incident"),
          "its fields are shown, and where its sender is")
    page.click(".ladder .row:nth-child(3)")
    check("Packet #5" in fields(page), "a click in the ladder shows that packet",
          fields(page))
    page.js("document.querySelector('.plot').scrollIntoView()")
    place = page.js("(() => {const host = document.querySelector('.plot');"
                    "const over = host.querySelector('.u-over')"
                    ".getBoundingClientRect(); const at = host.plot.place(7);"
                    "return at && [over.x + at.x, over.y + at.y]})()")
    page.click_at(*place)
    check("Packet #10" in fields(page), "a click in a plot shows that packet",
          fields(page))
    check((page.js(CHOSEN + ".innerText") or "").startswith("#10"),
          "and the ladder goes there", page.js(CHOSEN + ".innerText"))
    check("#10" in page.text(".readout"), "the plot names it",
          page.text(".readout"))
    page.js("document.querySelector('.plot').focus()")
    page.key("ArrowRight")
    check("Packet #11" in fields(page), "the arrow keys go on from there",
          fields(page))
    page.js("document.querySelector('.ladder').focus()")
    page.key("Home")
    page.key("ArrowDown")
    check("Packet #4" in fields(page), "the ladder is gone through by keyboard",
          fields(page))
    check("culprit timeline --html" in page.text("#incident"),
          "the command that shows more is named")
    check(len(page.pdf()) > 20000, "it can be printed")
    harmless(page, path, "the verdict page")
    page.close()
    looks(browser, path, "the verdict page", "verdict")


def connection_page(browser, folder):
    path = make(folder, "connection", "timeline",
                copied(lab("d2_pmtud_blackhole.client.pcap")))
    page = browser.open(path)
    text = page.text("#incident")
    check("Path MTU black hole".lower() in text.lower() and
          "retransmissions" in text and "SACK" in text,
          "the page of a connection shows retransmissions and SACK")
    page.js("document.querySelector('.ladder').style.maxHeight = '2000px'")
    page.settle()
    lost = page.js("[...document.querySelectorAll('.ladder .row')].filter("
                   "(row) => row.querySelector('.lost')).map((row) => "
                   "row.querySelector('.frame').innerText)")
    ladder = run("timeline", lab("d2_pmtud_blackhole.client.pcap"))
    told = [line.split()[0 if line[0] == " " else 1] for line in
            ladder.stdout.decode().splitlines() if "╳" in line]
    check(len(told) > 3 and lost == told, "the segments that end on the way "
          "are those of the ladder in text", (lost, told))
    legend = "[...document.querySelectorAll('.legend button')]" \
             ".find((b) => b.innerText.includes('retransmissions'))"
    page.js(legend + ".click()")
    check(page.js(legend + ".getAttribute('aria-pressed')") == "false",
          "a series can be hidden")
    harmless(page, path, "the page of a connection")
    page.close()
    looks(browser, path, "the page of a connection", "connection")


def disordered_page(browser, folder):
    capture = write(os.path.join(folder, "disordered.pcap"),
                    captures.disordered())
    path = make(folder, "disordered", "timeline", capture)
    page = browser.open(path)
    page.js("document.querySelector('.ladder').style.maxHeight = '2000px'")
    page.settle()
    notes = dict(page.js("[...document.querySelectorAll('.ladder .row')].map("
                         "(row) => [row.querySelector('.frame').innerText, "
                         "row.querySelector('.note').innerText])"))
    wanted = {"#4": "", "#5": "sequence gap before it", "#6": "fills a gap",
              "#7": "retransmission", "#8": "window 0",
              "#9": "keepalive or window probe", "#11": "",
              "#12": "not from the server"}
    wrong = {frame: notes.get(frame) for frame, note in wanted.items()
             if not (notes.get(frame) or "?").startswith("ttl ") or
             (note not in notes[frame] if note else ";" in notes[frame])}
    check(not wrong, "the ladder says what is odd about which packet", wrong)
    check("1.50 s without packets" in page.text(".ladder"),
          "and how long nothing was sent", page.text(".ladder"))
    page.click(".ladder .row:nth-child(6)")
    check("100 to 200" not in fields(page) and "101 to 201" in fields(page),
          "sequence numbers count from the SYN", fields(page))
    harmless(page, path, "the disordered page")
    page.close()


def idle_page(browser, folder):
    capture = write(os.path.join(folder, "idle.pcap"), captures.idle())
    path = make(folder, "idle", "analyze", capture)
    page = browser.open(path)
    text = page.text("#incident")
    check("idle timeout" in page.text("#overview") and
          "7 idle times survived, 10 did not" in text and
          "Longest that survived 5.0 min" in text,
          "idle failures have a plot of survival against idle time", text)
    page.js("[...document.querySelectorAll('.plot')].pop().scrollIntoView()")
    page.settle()
    check(page.js("[...document.querySelectorAll('.plot')].pop()"
                  ".querySelector('canvas') !== null"),
          "it is drawn when it comes into view")
    page.js("document.querySelector('.facts summary').click()")
    check(len(page.text(".facts details[open] .meaning") or "") > 20,
          "a fact says on request what it means")
    harmless(page, path, "the idle page")
    page.close()
    looks(browser, path, "the idle page", "idle")


def is_small_enough(path, packets, what):
    size = os.path.getsize(path)
    check(size <= BASE + A_PACKET * packets,
          f"{what}: at most 1.5 MB and 60 bytes a packet", size)
    return size


def long_page(browser, folder):
    packets = 100000
    capture = write(os.path.join(folder, "long.pcap"),
                    captures.long_connection(packets))
    path = make(folder, "long", "timeline", capture)
    size = is_small_enough(path, packets, "100,000 packets")
    page = browser.open(path)
    told = page.js("document.querySelector('.ladder [role=option]')"
                   ".getAttribute('aria-setsize')")
    check(int(told) >= packets - 2, "the ladder has all of them", told)
    check(page.js("document.querySelectorAll('.ladder .row').length") < 80,
          "and elements for those in view only")
    begun = time.monotonic()
    page.js("document.querySelector('.ladder').focus()")
    page.key("End")
    page.key("Home")
    scroll_ms = (time.monotonic() - begun) * 500
    check((page.js(CHOSEN + ".innerText") or "").startswith("#1"),
          "End and Home go through them")
    check("retransmission" in page.text("#incident"),
          "retransmissions are found among them")
    print(f"# 100,000 packets: {size} bytes, shown after "
          f"{page.load_seconds:.2f} s, a jump {scroll_ms:.0f} ms")
    harmless(page, path, "100,000 packets")
    page.close()
    looks(browser, path, "100,000 packets", "long")


def shown(page):
    return page.text("#shown")


def crowded_page(browser, folder):
    count = 40000
    data = captures.many_incidents(count)
    capture = write(os.path.join(folder, "many.pcap"), data)
    summary = json.loads(run("analyze", "--json", capture, timeout=600)
                         .stdout.splitlines()[-1])
    path = make(folder, "many", "analyze", capture)
    size = is_small_enough(path, summary["packets"], "40,000 incidents")
    page = browser.open(path)
    check(shown(page) == f"{summary['incidents']:,} failed connections",
          "all incidents are counted", shown(page))
    rows = page.js("[...document.querySelectorAll('#overview tbody tr')].map("
                   "(row) => [...row.cells].map((cell) => cell.innerText))")
    counted = sum(int(row[0].replace(",", "")) for row in rows)
    check(counted == summary["incidents"],
          "the overview's counts add up to the report's", rows)
    by_culprit = {}
    for row in rows:
        by_culprit[row[2]] = by_culprit.get(row[2], 0) + \
            int(row[0].replace(",", ""))
    check(by_culprit.get("device on the path", 0) ==
          summary["by_culprit"].get("middlebox", 0),
          "and by culprit as in the report", (by_culprit, summary))
    check(page.js("document.querySelectorAll('.incidents .row').length") < 80,
          "the list has elements for those in view only")
    filtering(page, summary)
    print(f"# 40,000 incidents: {size} bytes, shown after "
          f"{page.load_seconds:.2f} s")
    harmless(page, path, "40,000 incidents")
    page.close()
    looks(browser, path, "40,000 incidents", "many")


def filtering(page, summary):
    """Facets, search, time, keyboard; and back to all."""
    middlebox = "[...document.querySelectorAll('.facet .chip')].find((b) => " \
                "b.innerText.startsWith('device on the path'))"
    page.js(middlebox + ".click()")
    wanted = f"{summary['by_culprit']['middlebox']:,} of "
    check(shown(page).startswith(wanted), "a facet filters", shown(page))
    check(page.js(middlebox + ".getAttribute('aria-pressed')") == "true",
          "and says that it does")
    page.js("document.activeElement.blur()")
    page.key("/")
    page.type("198.51.100.3")
    few = shown(page)
    check(few.endswith("failed connections") and not few.startswith(wanted) and
          not few.startswith("0 "), "the search filters further", few)
    page.key("Escape")
    check(" of " not in shown(page), "Escape shows all again", shown(page))
    page.click(".bar:nth-child(5)")
    check(" of " in shown(page), "a bar chooses its time", shown(page))
    page.click("#clear")
    page.js("document.querySelector('.incidents').focus()")
    page.key("End")
    last = page.text("#incident")
    for _ in range(20):  # every fourth or so has its evidence in the page
        if page.js("document.querySelector('#example') !== null"):
            break
        page.key("ArrowUp")
    page.click("#example")
    check((page.js("document.querySelector('.incidents [aria-selected=true]')"
                   ".className") or "").endswith("example") and
          "Facts" in page.text("#incident"),
          "where the evidence did not fit, the group's example is shown")
    check(str(summary["packets"] - 2) in last.replace(",", "") or
          f"#{summary['packets']}" in last,
          "the keyboard goes to the last incident", last[:300])


def hostile_page(browser, folder):
    inner = os.path.join(folder, "x<", "script><script>owned=1<")
    os.makedirs(inner)
    capture = write(os.path.join(inner, "script><img src=x onerror=owned=1>"
                                 "\u202e.pcapng"), captures.hostile())
    for name, command in (("hostile", "analyze"),
                          ("hostile-connection", "timeline")):
        path = make(folder, name, command, capture)
        page = browser.open(path)
        everything = page.js("document.body.innerText")
        check("<img src=x onerror=owned=1>" in everything,
              f"{command}: hostile text is shown as text", everything[:500])
        check(f"SNI {captures.SCRIPT}" in everything,
              f"{command}: also the server name that a device looks for",
              everything[:2000])
        check("\u202e" not in everything,
              f"{command}: what turns the reading direction is escaped")
        page.js("document.querySelectorAll('.incidents .row, .facet button')"
                ".forEach((one) => one.click())")
        page.settle()
        check(page.js("typeof owned") == "undefined" and
              page.js("document.querySelectorAll('img').length") == 0,
              f"{command}: none of it becomes an element or runs")
        check(page.js("document.scripts.length") == 4,
              f"{command}: the page has its own scripts only")
        harmless(page, path, name)
        page.close()
    looks(browser, os.path.join(folder, "hostile.html"), "the hostile page",
          "hostile")


def path_page(browser, folder):
    path = make(folder, "path", "analyze", copied(os.path.join(
        os.path.dirname(os.path.dirname(lab(""))), "probe",
        "hole-silent-forward-link-4-ipv4.pcapng.xz")))
    page = browser.open(path)
    places = page.js("[...document.querySelectorAll('.path li')].map((one) => "
                     "one.innerText)")
    check(len(places) == 7 and "1359 bytes pass" in places[3] and
          "1358 bytes pass" in places[4],
          "the map of a path says which sizes pass to each hop", places)
    check(page.js("document.querySelector('.cross').parentElement.innerText")
          .split("\n")[1] == "hop 4", "and which link is to blame")
    check("Path MTU black hole" in page.text(".finding") and
          "Clamp the MSS" in page.text(".finding"),
          "findings come with advice")
    main = page.text("#main")
    check("Why connections fail" in main and
          "Path MTU black hole" in main.split("Why connections fail")[1],
          "the causes of failing connections stand below", main)
    cells = page.js("[...document.querySelectorAll('#hops tbody tr')].map("
                    "(row) => row.lastChild.innerText)")
    check(cells == ["", "", "", "1359", "1359", "1359"],
          "the table of hops has the smallest size that did not pass", cells)
    page.js("document.querySelector('.plot').scrollIntoView()")
    page.settle()
    place = page.js("(() => {const host = document.querySelector('.plot');"
                    "const over = host.querySelector('.u-over')"
                    ".getBoundingClientRect(); const at = host.plot.place(0);"
                    "return at && [over.x + at.x, over.y + at.y]})()")
    page.click_at(*place)
    chosen = page.text("#probe")
    check("hop limit 1: a router answered" in chosen,
          "a click in a plot shows the probe", chosen)
    check((page.js("document.querySelector('.probes [aria-selected=true]')"
                   ".innerText") or "") == chosen,
          "and the list of probes goes there")
    harmless(page, path, "the page of a path")
    page.close()
    looks(browser, path, "the page of a path", "path")


def points_of(scenario, *points):
    """Copies of one scenario's captures, named as their points."""
    return [copied(lab(f"{scenario}/{point}.pcapng")) for point in points]


def fields_of_lanes(page):
    return page.js("[...document.querySelectorAll('#fields tbody tr')].map("
                   "(row) => [...row.cells].map((cell) => cell.innerText))")


def comparison_page(browser, folder):
    path = make(folder, "comparison", "compare",
                *points_of("tap-single.v4", "client", "r1", "server"))
    page = browser.open(path)
    check(page.text("#title") == "client → r1 → server",
          "the page of a comparison names its points", page.text("#title"))
    points = page.text("#points")
    check("702 µs behind" in points and "reference for the others" in points,
          "and how far their clocks are apart", points)
    spans = page.js("[...document.querySelectorAll('#spans tbody tr')].map("
                    "(row) => [...row.cells].map((c) => c.innerText))")
    check(len(spans) == 6 and spans[2][:5] ==
          ["r1:3 → server", "5", "5", "0", "1"],
          "between each two points packets are counted", spans)
    check(page.text("#lanes-title").lower() == "forged reset" and
          "another distance" in page.text("#lanes"),
          "the worst outcome is shown at first, and by what it is known",
          page.text("#lanes"))
    arrow = "document.querySelector('.compared [aria-selected=true] .arrow')"
    ends = page.js(f"[{arrow}.classList.contains('forged'), "
                   f"{arrow}.style.left, {arrow}.style.right]")
    check(ends[0] and float(ends[1][:-1]) == 0 and
          16 < float(ends[2][:-1]) < 17,
          "a forged packet begins between the lanes of both points", ends)
    check("forged reset (certain)" in page.js(CHOSEN + ".innerText"),
          "and the ladder says so", page.js(CHOSEN + ".innerText"))
    fields_ = fields_of_lanes(page)
    check([row[:2] for row in fields_] == [
        ["client", "#11"], ["r1:2", "#22"], ["r1:3", "#21"],
        ["server", "not recorded"]], "its fields are told for each point",
          fields_)
    page.click(".compared .row:nth-child(1)")
    fields_ = fields_of_lanes(page)
    check([row[3] for row in fields_] == ["64", "64", "63", "62"],
          "a click in the ladder shows another packet", fields_)
    page.js("document.querySelector('.outcomes').focus()")
    page.key("End")
    check("Each end was sent a reset" in page.text("#lanes"),
          "the list is gone through by keyboard", page.text("#lanes"))
    page.click("#side")
    check("another distance" in page.text("#lanes"),
          "an incident leads to the outcome of its packet",
          page.text("#lanes"))
    page.js("document.querySelector('#sums button').click()")
    check(page.text("#shown") == "1 of 4 listed", "a row of the table filters",
          page.text("#shown"))
    page.js("document.activeElement.blur()")
    page.key("/")
    page.type("#11")
    check(page.text("#shown") == "0 of 4 listed",
          "a search is within what is chosen", page.text("#shown"))
    page.key("Escape")
    check(page.text("#shown") == "4 listed", "Escape shows all again",
          page.text("#shown"))
    check(len(page.pdf()) > 20000, "a comparison can be printed")
    harmless(page, path, "the page of a comparison")
    page.close()
    looks(browser, path, "the page of a comparison", "comparison")


def lost_and_changed_page(browser, folder):
    path = make(folder, "lost", "compare",
                *points_of("state-expired-drop.v4", "client", "r1", "server"))
    page = browser.open(path)
    lost = page.js("[...document.querySelectorAll('.compared .row')].filter("
                   "(row) => row.querySelector('.lost')).map((row) => "
                   "row.querySelector('.frame').innerText)")
    check(lost == ["#14", "#15", "#16", "#17", "#18", "#21"],
          "what was lost ends on the way with a cross", lost)
    doubt = page.js("[...document.querySelectorAll('.compared .row')].filter("
                    "(row) => row.querySelector('.open')).map((row) => "
                    "row.querySelector('.frame').innerText)")
    check(doubt == ["#22"], "what is not judged ends with a question mark",
          doubt)
    harmless(page, path, "the page of lost packets")
    page.close()
    path = make(folder, "changed", "compare",
                *points_of("window-scale-zeroed.v4", "client", "server"))
    page = browser.open(path)
    check("window scale changed" in page.text("#sums") and
          "10 → 0" in page.text("#lanes"),
          "a field that a device writes anew is shown with its values",
          page.text("#main"))
    harmless(page, path, "the page of changed packets")
    page.close()


def hostile_comparison_page(browser, folder):
    near, far = captures.crossing(3)
    near = write(os.path.join(folder, "near.pcap"), near)
    far = write(os.path.join(folder, "far.pcap"), far)
    script = "</script><script>owned()</script><img src onerror>"
    path = make(folder, "hostile-comparison", "compare", "--at",
                f"{script}={near}", "--at", f"\u202e<b>={far}")
    page = browser.open(path)
    everything = page.js("document.body.innerText")
    check("<img src onerror>" in everything and "\u202e" not in everything and "\\u202e<b>" in everything,
          "compare: hostile names of points are shown as text", everything[:400])
    check(page.js("document.querySelectorAll('img, b b').length") == 0 and
          page.js("document.scripts.length") == 4,
          "compare: none of it becomes an element or runs")
    harmless(page, path, "the hostile comparison")
    page.close()


def crowded_comparison_page(browser, folder):
    near, far = captures.crossing(14000)
    near = write(os.path.join(folder, "near.pcap"), near)
    far = write(os.path.join(folder, "far.pcap"), far)
    found = [json.loads(line) for line in run(
        "compare", "--json", near, far, timeout=600).stdout.splitlines()]
    summary = found[-1]
    outcomes = sum(1 for one in found if one["type"] == "outcome")
    path = make(folder, "crowded-comparison", "compare", near, far)
    size = is_small_enough(path, summary["packets"],
                           f"a comparison with {outcomes} outcomes")
    page = browser.open(path)
    listed = page.js("[...document.querySelectorAll('#sums tbody tr')].reduce("
                     "(sum, row) => sum + Number(row.cells[3].innerText"
                     ".replace(/,/g, '')), 0)")
    left = page.js("(/large: ([\\d,]+) packet/.exec(document.body.innerText)"
                   " || [0, '0'])[1]")
    check(outcomes > 50000 and
          listed + int(left.replace(",", "")) >= outcomes > listed / 2,
          "what is not listed is counted", (outcomes, listed, left))
    check(page.js("document.querySelectorAll('.outcomes .row').length") < 80,
          "the list has elements for those in view only")
    print(f"# {outcomes} outcomes: {size} bytes, shown after "
          f"{page.load_seconds:.2f} s")
    harmless(page, path, "the crowded comparison")
    page.close()


def folder_page(browser, folder):
    """A report in a folder: from the overview to an incident's page and back."""
    inner = os.path.join(folder, "report")
    os.makedirs(inner)
    finished = run("analyze", "--html", inner,
                   copied(lab("c7_nft_reject_estab_c2s.client.pcap")))
    check(finished.returncode == 0 and sorted(os.listdir(inner)) == [
        "group-0001.html", "index.html"],
          "a folder gets an index and a page for each group",
          (finished.stderr, os.listdir(inner)))
    page = browser.open(os.path.join(inner, "index.html"))
    page.events.clear()
    page.click("#incident a")
    page.wait_for("Page.loadEventFired")
    page.settle()
    check(page.js("location.pathname").endswith("/group-0001.html") and
          "rejected by firewall" in page.text("#incident").lower() and
          (page.js(CHOSEN + ".innerText") or "").startswith("#11"),
          "a link of the index leads to the page of an incident",
          page.js("location.pathname"))
    page.events.clear()
    page.click("#main a")
    page.wait_for("Page.loadEventFired")
    page.settle()
    check(page.js("location.pathname").endswith("/index.html") and
          "rejected by firewall" in page.text("#overview"),
          "and from there back", page.js("location.pathname"))
    check(page.errors == [] and all(one.startswith("file://") for one in
                                    page.requests),
          "without errors and requests", (page.errors, page.requests))
    page.close()
    for name in ("index.html", "group-0001.html"):
        looks(browser, os.path.join(inner, name), f"{name} of a folder")


def quiet_page(browser, folder):
    """Nothing failed: it says so."""
    client, server = ("10.0.0.1", 40000), ("192.0.2.7", 80)
    clock = captures.Clock()
    captures.open_connection(clock, client, server)
    capture = write(os.path.join(folder, "quiet.pcap"),
                    captures.pcap(clock.frames))
    page = browser.open(make(folder, "quiet", "analyze", capture))
    check("No connection failed" in page.text("#main"),
          "where nothing failed the page says so")
    harmless(page, page.address[len("file://"):], "the quiet page")
    page.close()


def main():
    if not chromium.is_here():
        skip("the HTML report in a browser", "there is no chromium")
        done()
    if PICTURES:
        os.makedirs(PICTURES, exist_ok=True)
    folder = tempfile.mkdtemp(prefix="culprit-pages-")
    os.chdir(folder)  # file names in the pages are short
    only = [word for word in sys.argv[2:] if word.endswith("_page")]
    try:
        with chromium.Browser() as browser:
            inspector_inspects(browser, folder)
            for part in (verdict_page, connection_page, path_page, disordered_page,
                         idle_page, quiet_page, folder_page, comparison_page,
                         lost_and_changed_page, hostile_comparison_page,
                         crowded_comparison_page,
                         hostile_page, long_page, crowded_page):
                if not only or part.__name__ in only:
                    part(browser, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    done()


main()
