"""Ends that say in clear why they hang up, and ends that only say farewell."""

from recipes import OPEN
from scenario import INNOCENT, Scenario, from_everywhere, says

END = "client close\nserver expect eof\nserver close\nwait 0.2"
# The server hangs up, and the client follows.
HANG_UP = "server close\nwait 0.2\nclient close\nwait 0.3"
SERVER_FULL = says("peer-protocol server server")
# Who is to blame when two programs do not suit each other?
UNSUITED = says("peer-protocol server *")
WRONG_PROTOCOL = says("peer-protocol server client")


def greeted(port, words):
    """Connects to a server that speaks first."""
    return (
        f"server listen {port}\nclient connect {port}\nserver accept\n"
        f"server send {words}\nclient expect data\n"
    )


SCENARIOS = [
    Scenario(
        "http-to-sshd",
        "A browser speaks HTTP to sshd, which says so and closes.",
        "client connect 22\nclient recv 21\nclient send GET / HTTP/1.1\\r\\n"
        "Host: server\\r\\nAccept: */*\\r\\n\\r\\n\nwait 0.5\nclient close\n"
        "wait 0.3",
        from_everywhere(WRONG_PROTOCOL),
        before="server sshd",
        seen=("client sees 2+ from=server len=>20",),
        twin="ssh-login",
    ),
    Scenario(
        "ssh-to-http",
        "An SSH client speaks to a web server, which answers in its own "
        "words and closes.",
        "server listen 8080\nclient ssh a -p 8080 -- true\nserver accept\n"
        "server expect data\nserver send HTTP/1.1 400 Bad Request\\r\\n"
        "Connection: close\\r\\nContent-Length: 0\\r\\n\\r\\n\n"
        "server close\nclient ssh-ends a\nwait 0.3",
        from_everywhere(WRONG_PROTOCOL),
        before="server sshd",
        seen=("client sees from=server len=>20",),
        twin="ssh-login",
    ),
    Scenario(
        "tls-no-common-version",
        "The client speaks nothing newer than TLS 1.2, the server nothing "
        "older than 1.3: an alert in clear.",
        "client connect 8443\nclient tls ends max=1.2\nwait 0.3",
        from_everywhere(UNSUITED),
        before="server serve 8443 tls13 600",
        seen=("client sees from=server len=7",),
        twin="tls-works",
    ),
    Scenario(
        "tls-unknown-authority",
        "The client does not know who signed the server's certificate and "
        "says so: an alert in clear.",
        "client connect 8443\nclient tls ends max=1.2 verify\nwait 0.3",
        from_everywhere(says("peer-protocol client *")),
        before="server serve 8443 tls 600",
        seen=("client sees from=client len=7",),
        twin="tls-works",
    ),
    Scenario(
        "tls-works",
        "A TLS connection that does its work and ends with a farewell.",
        "client connect 8443\nclient tls lives\nwait 0.3",
        from_everywhere(INNOCENT),
        before="server serve 8443 tls 600",
        seen=("client sees from=server len=>600",),
        twin="tls-no-common-version",
    ),
    Scenario(
        "tls-works-in-1.2",
        "The same in TLS 1.2, between a server and a client that differ in "
        "what they would like best.",
        "client connect 8443\nclient tls lives max=1.2\nwait 0.3",
        from_everywhere(INNOCENT),
        before="server serve 8443 tls 600",
        seen=("client sees from=server len=>600",),
        twin="tls-unknown-authority",
    ),
    Scenario(
        "database-full",
        "A database greets with \"Too many connections\" and closes.",
        greeted(
            3306,
            "\\x17\\x00\\x00\\x00\\xff\\x10\\x04Too many connections",
        )
        + HANG_UP,
        from_everywhere(SERVER_FULL),
        seen=("client sees from=server len=27",),
        twin="database-session",
    ),
    Scenario(
        "database-session",
        "A database greets, the client logs in, asks and leaves.",
        greeted(
            3306,
            "\\x4a\\x00\\x00\\x00\\x0a8.0.36\\x00\\x08\\x00\\x00\\x00"
            "salt+salt\\x00\\xff\\xff\\xff\\x02\\x00\\xff\\xdf\\x15"
            "\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00"
            "saltsaltsalt\\x00caching_sha2_password\\x00",
        )
        + "client send 60\nserver recv 60\nserver send 11\nclient recv 11\n"
        "client send \\x01\\x00\\x00\\x00\\x01\n"
        "server expect data\nclient close\nserver expect eof\n"
        "server close\nwait 0.2",
        from_everywhere(INNOCENT),
        twin="database-full",
    ),
    Scenario(
        "mail-not-now",
        "A mail server answers 421 and closes.",
        greeted(
            25,
            "421 4.3.2 mail.lab Service not available, closing "
            "transmission channel\\r\\n",
        )
        + HANG_UP,
        from_everywhere(SERVER_FULL),
        seen=("client sees from=server len=>60",),
        twin="mail-session",
    ),
    Scenario(
        "mail-times-out",
        "A mail server has waited long enough for a command: 421, and it "
        "closes.",
        greeted(25, "220 mail.lab ESMTP\\r\\n")
        + "client send EHLO client.lab\\r\\n\nserver expect data\n"
        "server send 250 mail.lab\\r\\n\nclient expect data\nwait 3\n"
        "server send 421 4.4.2 mail.lab Error: timeout exceeded\\r\\n\n"
        "client expect data\n"
        + HANG_UP,
        from_everywhere(says("peer-protocol server *")),
        twin="mail-session",
    ),
    Scenario(
        "mail-session",
        "A mail server greets; the client says QUIT.",
        greeted(25, "220 mail.lab ESMTP\\r\\n")
        + "client send QUIT\\r\\n\nserver expect data\n"
        "server send 221 2.0.0 Bye\\r\\n\nclient expect data\n" + HANG_UP,
        from_everywhere(INNOCENT),
        twin="mail-not-now",
    ),
    Scenario(
        "number-421-in-a-text",
        "A server answers a request with a text that has such words in it.",
        OPEN + "client send GET /faq\nserver recv 8\n"
        "server send Questions: what does 421 mean? And 1040 Too many "
        "connections?\nclient expect data\n" + HANG_UP,
        from_everywhere(INNOCENT),
        twin="mail-not-now",
    ),
]
