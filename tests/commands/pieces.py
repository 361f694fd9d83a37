"""A capture as the pieces that a rotating recorder would have left of it."""
import struct

PCAP_HEADER, RECORD_HEADER = 24, 16
SECTION, INTERFACE, SIMPLE, ENHANCED = 0x0a0d0d0a, 1, 3, 6


def split_pcap(raw):
    """(header, records)"""
    order = "<" if raw[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") \
        else ">"
    at, records = PCAP_HEADER, []
    while at + RECORD_HEADER <= len(raw):
        size = RECORD_HEADER + struct.unpack(order + "I",
                                             raw[at + 8:at + 12])[0]
        records.append(raw[at:at + size])
        at += size
    return raw[:PCAP_HEADER], records


def split_pcapng(raw):
    """(header, records) of the first section in this machine's byte order,
    its interfaces being part of the header; None: there is more to it."""
    at, header, records = 0, b"", []
    while at + 12 <= len(raw):
        kind, size = struct.unpack("<II", raw[at:at + 8])
        block = raw[at:at + size]
        if size < 12 or (kind == SECTION and (
                header or block[8:12] != b"\x4d\x3c\x2b\x1a")):
            return None
        if kind == SECTION or (kind == INTERFACE and not records):
            header += block
        elif kind in (SIMPLE, ENHANCED):
            records.append(block)
        elif kind == INTERFACE:
            return None
        at += size
    return header, records


def pieces(raw, most):
    """At most so many contiguous pieces, of about the same number of frames;
    None: it is no capture that is split here."""
    split = split_pcap(raw) if raw[:4] in (
        b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\xc3\xd4", b"\x4d\x3c\xb2\xa1",
        b"\xa1\xb2\x3c\x4d") else split_pcapng(raw)
    if not split or not split[1]:
        return None
    header, records = split
    count = min(most, len(records))
    ends = [len(records) * i // count for i in range(count + 1)]
    return [header + b"".join(records[a:b]) for a, b in zip(ends, ends[1:])]
