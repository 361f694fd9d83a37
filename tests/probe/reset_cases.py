"""Devices that reset connections when they see certain bytes, for paths of the
lab: on each link, in the styles of tests/lab/forge.c, beside the path and in
it, with resets to one end or to both, with hop limits of their own, those of
the server's packets, or the trigger's."""

import stage

ROUTERS = 5
DELAY_MS = 20 / 2 / (ROUTERS + 1)  # 20 ms there and back
KEYWORD = "SSH-2.0-Open"

# As `culprit` names them, where it does; for IPv6, which has no IP ID.
STYLES = {
    "linux": ("linux-reject", "linux-reject"),
    "triple": (None, None),
    "train": ("train-1460-4380", "train-1460-4380"),
    "single": (None, None),
    "client-header": ("mirrors-client-header", "mirrors-client-header"),
    "pair-256": ("little-endian-ip-id", None),
}
HOP_LIMITS = ("", ",copy_ttl", ",mirror_ttl")


def device(link, style, inline=False, both=False, hop_limit="", more=""):
    """Options of path.py for one device on a link."""
    words = f"keyword={KEYWORD},style={style},to_sender{hop_limit}{more}"
    words += ",to_receiver" if both else ""
    words += ",inline" if inline else ""
    return ["--wire", f"{link}:inject:{words}"]


def path():
    return [
        *("--routers", str(ROUTERS), "--delay-ms", f"{DELAY_MS:.3f}"),
        *stage.limits(ROUTERS),
    ]


def cases():
    """Every style on every link, in both families; the other choices go
    round, so that each meets every style and every link."""
    number = 0
    for family in (4, 6):
        for link in range(1, ROUTERS + 2):
            for style in STYLES:
                turn = number + number // len(STYLES)
                number += 1
                yield (
                    family,
                    link,
                    style,
                    turn % 2 == 1,
                    turn // 2 % 2 == 1,
                    HOP_LIMITS[turn % len(HOP_LIMITS)],
                )


def found(run, kind="injector"):
    return [one for one in stage.findings(run) if one["finding"] == kind]


def wrong(run, family, link, style, inline, hop_limit):
    """What is not as planted, or None."""
    devices = found(run)
    if len(devices) != 1 or found(run, "reset-origin"):
        return f"{len(devices)} devices"
    one = devices[0]
    if (one.get("after_hop"), one["before_hop"]) != (link - 1, link):
        return f"hop {one.get('after_hop')} to {one['before_hop']}"
    is_sure = link <= ROUTERS or hop_limit == ",mirror_ttl"
    if one["grade"] != ("certain" if is_sure else "likely"):
        return stage.Less(one["grade"]) if is_sure else one["grade"]
    if one.get("drops_trigger") != inline:
        return f"drops_trigger: {one.get('drops_trigger')}"
    if one["trigger"] != "ssh":
        return f"trigger: {one['trigger']}"
    style_word = STYLES[style][family == 6]
    if style_word and one.get("style") != style_word:
        return f"style: {one.get('style')}"
    is_copied = "ttl" in one.get("copies", "")
    if is_copied != (hop_limit == ",mirror_ttl"):
        return f"copies: {one.get('copies')}"
    return None
