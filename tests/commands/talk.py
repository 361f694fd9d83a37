"""Conversations recorded at several places, whose clocks and recorders have
faults."""
import os

import craft

CLIENT, SERVER = ("10.0.0.1", 40000), ("10.0.0.2", 80)


class Talk:
    """Each packet passes all places but those it is lost before, and is in all
    captures but those whose recorder missed it. Hops: one between two places;
    packets pass from one to the next in `way_s`."""

    def __init__(self, places=2, way_s=0.01, clocks=(), client=CLIENT,
                 server=SERVER, hops=1):
        self.places, self.way_s, self.hops = places, way_s, hops
        self.clocks = list(clocks) + [lambda at: 0.0] * places
        self.ends = {"c": client, "s": server}
        self.frames = [[] for _ in range(places)]

    def packet(self, at, end, flags, until=None, since=0, missed=(), late=0.0,
               ttl=64, copies=1, **more):
        """`until`: the first place, counted from its sender, that it does not
        reach; `since`: where it entered."""
        source, target = self.ends[end], self.ends["s" if end == "c" else "c"]
        for step in range(since, self.places if until is None else until):
            place = step if end == "c" else self.places - 1 - step
            if place in missed:
                continue
            moment = at + step * self.way_s + (late if step else 0.0)
            moment += self.clocks[place](moment)
            frame = craft.tcp(source, target, flags, ip_id=more.get("ip_id", 0),
                              ttl=ttl - (step - since) * self.hops,
                              **{k: v for k, v in more.items()
                                 if k != "ip_id"})
            self.frames[place].append(
                (at + step * self.way_s + (late if step else 0.0), moment,
                 frame))

    def handshake(self, at=0.0, isn=1000, peer=9000):
        self.packet(at, "c", 2, seq=isn)
        self.packet(at + 0.05, "s", 0x12, seq=peer, ack=isn + 1)
        self.packet(at + 0.1, "c", 0x10, seq=isn + 1, ack=peer + 1)

    def write(self, folder, *others, snaplens=()):
        """Paths of the captures, in the order in which packets were recorded.
        Snapshot lengths of the places, if any are short."""
        paths = []
        for place in range(self.places):
            frames = sum((talk.frames[place] for talk in (self, *others)), [])
            frames.sort(key=lambda row: row[0])
            path = os.path.join(folder, f"p{place}.pcap")
            with open(path, "wb") as file:
                file.write(craft.pcap([
                    (1700000000 + int(moment // 1),
                     int(moment % 1 * 1e9), frame)
                    for _, moment, frame in frames],
                    snaplen=snaplens[place] if snaplens else 262144))
            paths.append(path)
        return paths
