"""Debian's own sshd, and every way not to get in, or to be thrown out."""

import recipes
from recipes import ADD, FORWARD, STRICT, TIMEOUT, stateful
from scenario import INNOCENT, Scenario, from_everywhere, says
from topology import Link, chain

RAW = "client connect 22\nclient recv 41\n"
LOGIN = "client ssh a -- cat\nclient ssh-type a hello\nclient ssh-says a hello\n"
# A login may take longer than what r1 remembers: it begins to forget later.
FORGETFUL = "r1 sysctl " + "".join(f"{k}={v}\n" for k, v in TIMEOUT.items())
STRICT_LATER = {k: v for k, v in STRICT.items() if k not in TIMEOUT}
IDLE_LOGIN = (
    "client ssh a {} -- echo logged in; cat\nclient ssh-says a logged in\n"
    + FORGETFUL
    + "client ssh-type a hello\nclient ssh-says a hello\n"
)
NO_ANSWER = says("retransmission-timeout none *", "syn-unanswered none *")
SYN_LOST = says("syn-unanswered none *", open=True)
UNSEEN = says("syn-unanswered none *", open=True, unseen=True)

REFUSED_BANNER = says("ssh-refused-before-banner server server")
STARTUPS = says("ssh-max-startups server *")
GRACE = says("ssh-login-grace server *")
NO_COMMON = says("ssh-no-common-algorithm * *")
BANNED = says(
    "syn-rejected server server", "icmp-unreachable server server"
)
BANNED_SESSION = says(
    "icmp-unreachable server server",
    "firewall-reject server server",
    "retransmission-timeout none server",
    "retransmission-timeout none unknown",
)

# One segment is all there is to go by: nothing small is sent after it.
ONE_SEGMENT = says("pmtu-black-hole none path-mtu", open=True)

BAN = chain("input", "")
BAN_RULE = "server nft add rule inet filter_input input tcp dport 22 "


def algorithms(name, word, server, client):
    return Scenario(
        f"ssh-no-common-{name}",
        f"Client and server have no {word} in common.",
        f"client ssh a -o {word}={client} -- true\nclient ssh-ends a\n"
        "wait 0.3",
        from_everywhere(NO_COMMON),
        before=f"server sshd {word} {server}",
        seen=("client sees 2+ flags=F",),
    )


SCENARIOS = [
    Scenario(
        "ssh-login",
        "A login, a command, a farewell.",
        "client ssh a -- true\nclient ssh-ends a\nwait 0.3",
        from_everywhere(INNOCENT),
        before="server sshd",
        seen=("client sees 2+ flags=F", "client lacks icmp=any"),
    ),
    Scenario(
        "ssh-closed-port",
        "No sshd at all.",
        "client ssh a -- true\nclient ssh-ends a\nwait 0.2",
        from_everywhere(
            says(
                "port-closed server server",
                "syn-rejected server server",
                open=True,
            )
        ),
        before="server listen 8080\nserver stop-listening\n"
        "client run true",
        seen=("client sees from=server flags=RA port=22",),
    ),
    Scenario(
        "ssh-tcp-wrappers",
        "hosts.deny refuses the client, who has sent its banner.",
        "client ssh a -- true\nclient ssh-ends a\nwait 0.3",
        from_everywhere(REFUSED_BANNER),
        before="server etc hosts.deny sshd: ALL\nserver sshd",
        seen=(
            "client lacks from=server len=>0",
            "client sees from=client len=>0",
        ),
    ),
    Scenario(
        "ssh-tcp-wrappers-silent-client",
        "hosts.deny refuses a client that says nothing.",
        "client connect 22\nclient expect eof\nclient close\nwait 0.3",
        from_everywhere(REFUSED_BANNER),
        before="server etc hosts.deny sshd: ALL\nserver sshd",
        seen=("client lacks len=>0", "client sees from=server flags=F"),
    ),
    Scenario(
        "ssh-max-startups",
        "Too many logins at once: sshd says so and closes.",
        RAW + "client/2 ssh a -- true\nclient ssh-ends a\nwait 0.3\n"
        "client close",
        from_everywhere(STARTUPS),
        before="server sshd MaxStartups 1",
        seen=("client sees from=server len=22",),
    ),
    Scenario(
        "ssh-max-startups-silent-client",
        "The same, and the client had not spoken yet.",
        RAW + "client/2 connect 22\nclient/2 recv 22\nclient/2 expect eof\n"
        "wait 0.3\nclient/2 close\nclient close\nwait 0.2",
        from_everywhere(STARTUPS),
        before="server sshd MaxStartups 1",
        seen=("client sees from=server len=22",),
    ),
    Scenario(
        "ssh-many-startups",
        "As many logins, and sshd allows them.",
        RAW + "client ssh a -- true\nclient ssh-ends a\nclient close\n"
        "wait 0.3",
        from_everywhere(INNOCENT),
        before="server sshd MaxStartups 10",
        twin="ssh-max-startups",
    ),
    Scenario(
        "ssh-login-grace",
        "The client never logs in; sshd closes after LoginGraceTime.",
        RAW + "client expect eof 10\nclient close\nwait 0.3",
        from_everywhere(GRACE),
        before="server sshd LoginGraceTime 2",
        seen=("client sees from=server flags=F after=1.9",),
    ),
    Scenario(
        "ssh-login-grace-after-banner",
        "The client sends its banner and nothing else.",
        RAW + "client send SSH-2.0-lab\\r\\n\n"
        "client expect data\nclient expect eof 10\nclient close\nwait 0.3",
        from_everywhere(
            says("ssh-login-grace server *", "abort server *", open=True)
        ),
        before="server sshd LoginGraceTime 2",
        seen=("client sees from=server after=1.9",),
    ),
    algorithms(
        "key-exchange",
        "KexAlgorithms",
        "ecdh-sha2-nistp521",
        "curve25519-sha256",
    ),
    algorithms("cipher", "Ciphers", "aes256-ctr", "aes128-ctr"),
    algorithms(
        "host-key", "HostKeyAlgorithms", "ssh-ed25519", "rsa-sha2-512"
    ),
    Scenario(
        "ssh-no-common-mac",
        "Client and server have no MAC in common.",
        "client ssh a -o MACs=hmac-sha2-256 -o Ciphers=aes128-ctr -- true\n"
        "client ssh-ends a\nwait 0.3",
        from_everywhere(NO_COMMON),
        before="server sshd MACs hmac-sha2-512;Ciphers aes128-ctr",
        seen=("client sees 2+ flags=F",),
    ),
    Scenario(
        "ssh-slow-banner",
        "The server asks a silent name server about the client first.",
        "client ssh a -- true\nclient ssh-ends a 30\nwait 0.3",
        from_everywhere(says("ssh-slow-banner * *", open=True)),
        before="server etc hosts.deny sshd: .example.net\n"
        "server etc resolv.conf nameserver 10.77.99.53\\n"
        "options timeout:3 attempts:2\n"
        "server run ip route add 10.77.99.53/32 via 10.77.3.1\n"
        "server sshd",
        nft={"r2": chain("prerouting", "udp dport 53 drop")},
        seen=(
            "client lacks from=server len=>0 before=3",
            "client sees from=server len=41 after=3",
        ),
    ),
    Scenario(
        "ssh-prompt-banner",
        "The same server with a hosts.deny that needs no name server.",
        "client ssh a -- true\nclient ssh-ends a\nwait 0.3",
        from_everywhere(INNOCENT),
        before="server etc hosts.deny sshd: 192.0.2.1\nserver sshd",
        twin="ssh-slow-banner",
    ),
    Scenario(
        "ssh-ban-icmp-new",
        "fail2ban has banned the client: new connections get ICMP.",
        RAW + "client close\nwait 0.2\n" + BAN_RULE + "reject\n"
        "client/2 start 22\nwait 2.5",
        from_everywhere(BANNED),
        before="server sshd",
        nft={"server": BAN},
        seen=("client sees from=server icmp=port ttl=62",),
    ),
    Scenario(
        "ssh-ban-reset-new",
        "The client is banned: new connections are reset by the host.",
        RAW + "client close\nwait 0.2\n" + BAN_RULE
        + "reject with tcp reset\nclient/2 connect 22 gets=refused\nwait 0.2",
        from_everywhere(
            says(
                "syn-rejected server server",
                "port-closed server server",
                open=True,
            )
        ),
        before="server sshd",
        nft={"server": BAN},
        seen=("client sees from=server flags=RA ttl=62 win=0",),
    ),
    Scenario(
        "ssh-ban-drop-new",
        "The client is banned: its SYNs are dropped by the host.",
        RAW + "client close\nwait 0.2\n" + BAN_RULE
        + "drop\nclient/2 start 22\nwait 5.5",
        from_everywhere(SYN_LOST),
        before="server sshd",
        nft={"server": BAN},
        seen=("server sees 4+ from=client flags=S after=0.1",),
    ),
    Scenario(
        "ssh-ban-icmp-session",
        "The ban hits an open session: ICMP after every retransmission.",
        LOGIN + BAN_RULE + "reject\nclient ssh-type a more\nwait 5\n"
        "client ssh-lives a",
        from_everywhere(BANNED_SESSION),
        before="server sshd",
        nft={"server": BAN},
        seen=("client sees 3+ from=server icmp=port ttl=62",),
    ),
    Scenario(
        "ssh-ban-drop-session",
        "The ban hits an open session: silence.",
        LOGIN + BAN_RULE + "drop\nclient ssh-type a more\nwait 6.8\n"
        "client ssh-lives a",
        from_everywhere(
            says("retransmission-timeout none *", open=True)
        ),
        before="server sshd",
        nft={"server": BAN},
        seen=("client sees 4+ from=client len=>0 after=0.4",),
    ),
    Scenario(
        "ssh-ban-lifted",
        "The ban is lifted again before anybody gives up.",
        LOGIN + BAN_RULE + "drop\nclient ssh-type a more\nwait 1.5\n"
        "server nft flush chain inet filter_input input\n"
        "client ssh-says a more\nclient ssh-type a last\n"
        "client ssh-says a last\nclient ssh-kill a\nwait 0.3",
        from_everywhere(INNOCENT),
        before="server sshd",
        nft={"server": BAN},
        twin="ssh-ban-drop-session",
    ),
    Scenario(
        "ssh-client-alive",
        "The client's program hangs; sshd's questions stay unanswered.",
        LOGIN + "client ssh-freeze a\nwait 7.5",
        from_everywhere(
            says(
                "ssh-client-alive server client",
                "ssh-client-alive server *",
                open=True,
            )
        ),
        before="server sshd ClientAliveInterval 1;ClientAliveCountMax 2",
        seen=("client sees from=server flags=F after=3",),
    ),
    Scenario(
        "ssh-client-alive-answered",
        "sshd asks every second, and the client answers.",
        LOGIN + "wait 4.5\nclient ssh-type a more\nclient ssh-says a more\n"
        "client ssh-kill a\nwait 0.3",
        from_everywhere(INNOCENT),
        before="server sshd ClientAliveInterval 1;ClientAliveCountMax 3",
        twin="ssh-client-alive",
    ),
    Scenario(
        "ssh-client-gone",
        "The client's network is gone; sshd's questions are never acknowledged.",
        LOGIN + f"r1 {ADD} drop\nwait 11",
        {
            "*": says(
                "ssh-client-alive server *",
                "retransmission-timeout none *",
                "retransmission-timeout server *",
                "keepalive-timeout server *",
                open=True,
            ),
            "client": says(
                "retransmission-timeout none *", open=True, unseen=True
            ),
        },
        before="server sshd ClientAliveInterval 1;ClientAliveCountMax 3",
        nft={"r1": FORWARD},
        seen=("server sees 3+ from=server len=>0 after=1",),
    ),
    Scenario(
        "ssh-idle-reset",
        "A session idle for too long; the firewall resets the client.",
        IDLE_LOGIN.format("")
        + "wait 3.2\nclient ssh-type a more\nclient ssh-ends a\nwait 0.2",
        {
            "*": recipes.FORGOTTEN_BOX,
            "r2": recipes.UNSEEN,
            "server": recipes.UNSEEN,
        },
        before="server sshd",
        nft={"r1": stateful("reject with tcp reset")},
        sysctl={"r1": STRICT_LATER},
        seen=("client sees from=server flags=R ttl=64 after=3",),
    ),
    Scenario(
        "ssh-idle-nat",
        "A session idle for too long; the NAT gives it another port.",
        IDLE_LOGIN.format("")
        + "wait 3.2\nclient ssh-type a more\nclient ssh-ends a\nwait 0.2",
        from_everywhere(
            says(
                "state-expired server nat-timeout",
                "unknown-connection server unknown",
                "unknown-connection server nat-timeout",
                open=True,
            )
        ),
        before="server sshd",
        nft={"r1": recipes.masquerade("fully-random")},
        seen=("client sees from=server flags=R ttl=62 after=3",),
    ),
    Scenario(
        "ssh-idle-server-alive",
        "The same NAT; ServerAliveInterval keeps the session.",
        IDLE_LOGIN.format("-o ServerAliveInterval=1")
        + "wait 4.2\nclient ssh-type a more\nclient ssh-says a more\n"
        "client ssh-kill a\nwait 0.3",
        from_everywhere(INNOCENT),
        before="server sshd",
        nft={"r1": recipes.masquerade("fully-random")},
        twin="ssh-idle-nat",
    ),
    Scenario(
        "ssh-black-hole",
        "Banners pass, the client's key exchange is too large for the path.",
        "client ssh a -- true\nwait 7",
        {
            "client": says("pmtu-black-hole none path-mtu"),
            "r1": says("pmtu-black-hole none path-mtu"),
            "*": says(
                "pmtu-black-hole none path-mtu",
                "retransmission-timeout none unknown",
                open=True,
                unseen=True,
            ),
        },
        before="server sshd",
        links={
            2: Link(wire={"both": "delay_ms=5", "forward": "drop_larger=1000"})
        },
        seen=("client sees 4+ from=client len=>948",),
    ),
    Scenario(
        "ssh-black-hole-reverse",
        "The server's key exchange is too large for the way back.",
        "client ssh a -- true\nwait 7",
        {
            "server": ONE_SEGMENT,
            "r2": ONE_SEGMENT,
            "*": says(
                "pmtu-black-hole none path-mtu",
                "retransmission-timeout none unknown",
                open=True,
                unseen=True,
            ),
        },
        before="server sshd",
        links={
            2: Link(wire={"both": "delay_ms=5", "reverse": "drop_larger=900"})
        },
        seen=("server sees 4+ from=server len=>848",),
    ),
    Scenario(
        "ssh-lossy",
        "A login over a path that loses 5 %.",
        "client ssh a -- true\nclient ssh-ends a 40\nwait 0.3",
        from_everywhere(INNOCENT),
        before="server sshd",
        links={2: Link(wire={"both": "delay_ms=5,loss=5"})},
        twin="ssh-black-hole",
    ),
    Scenario(
        "ssh-banner-injected",
        "A box resets whoever says SSH-2.0.",
        "client ssh a -- true\nclient ssh-ends a\nwait 0.3",
        from_everywhere(
            says(
                "injected middlebox middlebox",
                "firewall-reject middlebox middlebox",
            )
        ),
        before="server sshd",
        links={
            2: Link(
                wire={
                    "both": "delay_ms=5",
                    "inject": "keyword=SSH-2.0-OpenSSH_9.2p1,style=triple,"
                    "to_sender,to_receiver",
                }
            )
        },
        seen=("client sees 3+ from=server flags=RA ttl=165",),
    ),
    Scenario(
        "ssh-junk-banner",
        "A scanner says something that is not SSH; sshd complains and aborts.",
        RAW + "client send junk_and_more_junk\nclient send x\nwait 0.5\n"
        "client close\nwait 0.2",
        from_everywhere(
            says(
                "abort server *",
                "late-data server *",
                "ssh-login-grace server *",
                "orderly * *",
                open=True,
                unseen=True,
            )
        ),
        before="server sshd LoginGraceTime 2",
    ),
    Scenario(
        "ssh-session-killed",
        "The server's process for the session is killed while the client "
        "types.",
        LOGIN + "server run pkill -9 sshd\nclient ssh-ends a\nwait 0.2",
        from_everywhere(
            says("abort server server", "late-data server *", open=True,
                 unseen=True)
        ),
        before="server sshd",
        seen=("client sees from=server flags=F",),
    ),
]
