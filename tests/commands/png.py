"""PNG files, read strictly: signature, chunks with their checksums, the length
of the pixels (RFC 2083). 8-bit RGB only, which is what culprit writes."""
import struct
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunks(data):
    at = len(SIGNATURE)
    assert data[:at] == SIGNATURE, "no PNG"
    while at < len(data):
        length, = struct.unpack(">I", data[at:at + 4])
        body = data[at + 4:at + 8 + length]
        checksum, = struct.unpack(">I", data[at + 8 + length:at + 12 + length])
        assert len(body) == 4 + length and zlib.crc32(body) == checksum, \
            "a chunk is broken"
        yield body[:4], body[4:]
        at += 12 + length


def paeth(left, above, corner):
    guess = left + above - corner
    near = abs(guess - left), abs(guess - above), abs(guess - corner)
    return (left, above, corner)[near.index(min(near))]


def unfiltered(kind, line, above, step=3):
    """One row; `above` is the row above it."""
    if kind == 2:
        return bytearray((a + b) & 255 for a, b in zip(line, above))
    for i in range(len(line) if kind else 0):
        left = line[i - step] if i >= step else 0
        corner = above[i - step] if i >= step else 0
        line[i] = (line[i] + (left if kind == 1
                              else (left + above[i]) >> 1 if kind == 3
                              else paeth(left, above[i], corner))) & 255
    return line


class Png:
    def __init__(self, data):
        parts = list(chunks(data))
        assert parts[0][0] == b"IHDR" and parts[-1] == (b"IEND", b"")
        self.width, self.height, bits, color, _, _, interlaced = \
            struct.unpack(">IIBBBBB", parts[0][1])
        assert (bits, color, interlaced) == (8, 2, 0), "not plain RGB"
        raw = zlib.decompress(b"".join(body for name, body in parts
                                       if name == b"IDAT"))
        step = 3 * self.width
        assert len(raw) == self.height * (step + 1), "pixels are missing"
        self.rows, above = [], bytearray(step)
        for row in range(self.height):
            at = row * (step + 1)
            above = unfiltered(raw[at], bytearray(raw[at + 1:at + 1 + step]),
                               above)
            self.rows.append(above)

    def at(self, x, y):
        return tuple(self.rows[y][3 * x:3 * x + 3])

    def area(self, left, top, right, bottom):
        """The colours in it, as far as it is in the picture."""
        left, right = (3 * min(self.width, max(0, int(x)))
                       for x in (left, right))
        top, bottom = max(0, int(top)), max(0, int(bottom))
        return colors_of(row[left:right] for row in self.rows[top:bottom])

    def colors(self):
        return colors_of(self.rows)


def colors_of(rows):
    """Most rows of a picture are like others."""
    found = set()
    for row in set(map(bytes, rows)):
        found.update(zip(row[0::3], row[1::3], row[2::3]))
    return found
