"""What of a run's report is wrong, where the truth about its path is known."""

import stage


def is_told(finding):
    return finding["grade"] in ("certain", "likely")


def is_around(finding, after):
    """Whether the link that it names, if any, is the one behind that hop."""
    first = finding.get("after_hop", finding.get("limited_after_hop"))
    last = finding.get("before_hop")
    return (after is None or first is None or first == after) or (
        first < after and last is not None and after < last
    )


def is_size(finding, true):
    """One of the true sizes, or a range that it says with one of them in it."""
    if "mtu" not in finding:
        return finding["grade"] != "certain"
    if finding["mtu"] in true:
        return True
    words = finding.get("could_also_be", "").split("any size from ")
    if finding["grade"] == "certain" or len(words) < 2:
        return False
    least, _, rest = words[1].partition(" to ")
    return any(int(least) <= one <= int(rest.split()[0]) for one in true)


def is_true(shape, finding):
    kind, way = finding["finding"], finding.get("direction", "forward")
    if finding.get("cause") == "large-packets-lost":
        known = shape.forward if way == "forward" else shape.reverse
        return any(what == "pmtu-black-hole" for what, _ in known)
    if kind not in ("path-mtu", "pmtu-black-hole"):
        return kind in shape.more
    known = shape.forward if way == "forward" else shape.reverse
    true = [size for what, size in known if what == kind]
    return bool(true) and is_size(finding, true) and (
        way == "reverse" or is_around(finding, shape.after)
    )


def wrong(shape, run):
    """Sentences."""
    found = [
        f"{one['finding']} {one['grade']} {one.get('direction', '')} "
        f"{one.get('mtu', '')} by {one['signature']}"
        for one in stage.findings(run)
        if is_told(one) and not is_true(shape, one)
    ]
    listed = {
        (line["question"], line.get("direction"))
        for line in run["lines"]
        if line["type"] == "excluded"
    }
    found += [f"excluded: {one}" for one in sorted(listed & shape.there, key=str)]
    if run["status"] != 0:
        found.append(f"status {run['status']}: {run['said']}")
    if not run["is_same"]:
        found.append("its recording is judged otherwise")
    return found
