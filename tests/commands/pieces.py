"""A capture as the pieces that a rotating recorder would have left of it."""
import struct

PCAP_HEADER, RECORD_HEADER = 24, 16
SECTION, INTERFACE, SIMPLE, ENHANCED = 0x0a0d0d0a, 1, 3, 6
LITTLE = (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1")
BIG = (b"\xa1\xb2\xc3\xd4", b"\xa1\xb2\x3c\x4d")


def split_pcap(raw):
    """(header, [(time, record)]); a time is any that can be compared."""
    order = "<" if raw[:4] in LITTLE else ">"
    at, records = PCAP_HEADER, []
    while at + RECORD_HEADER <= len(raw):
        seconds, fraction, size = struct.unpack(order + "III",
                                                raw[at:at + 12])
        records.append(((seconds, fraction),
                        raw[at:at + RECORD_HEADER + size]))
        at += RECORD_HEADER + size
    return raw[:PCAP_HEADER], records


def split_pcapng(raw):
    """The same of a single little-endian section whose interfaces come before
    its packets, which all have times; None: it is another."""
    at, header, records = 0, b"", []
    while at + 12 <= len(raw):
        kind, size = struct.unpack("<II", raw[at:at + 8])
        block = raw[at:at + size]
        if size < 12 or kind == SIMPLE or (kind == SECTION and (
                header or block[8:12] != b"\x4d\x3c\x2b\x1a")):
            return None
        if kind == SECTION or (kind == INTERFACE and not records):
            header += block
        elif kind == ENHANCED:
            records.append((struct.unpack("<II", block[12:20]), block))
        elif kind == INTERFACE:
            return None
        at += size
    return header, records


def pieces(raw, most):
    """At most so many contiguous pieces, of about the same number of frames,
    in the order of the times at which they begin, and whether that is the
    order in which they stand; none of what is not split here."""
    split = split_pcap(raw) if raw[:4] in LITTLE + BIG else split_pcapng(raw)
    if not split or not split[1]:
        return [], False
    header, records = split
    count = min(most, len(records))
    ends = [len(records) * i // count for i in range(count + 1)]
    parts = [records[a:b] for a, b in zip(ends, ends[1:])]
    in_order = sorted(parts, key=lambda part: part[0][0])
    return [header + b"".join(record for _, record in part)
            for part in in_order], in_order == parts
