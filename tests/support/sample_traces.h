/* Traces that say the same packets twice: as a conversation, and in full. */
#ifndef TESTS_SUPPORT_SAMPLE_TRACES_H
#define TESTS_SUPPORT_SAMPLE_TRACES_H

struct sample_trace {
	const char *sentence, *trace, *full;
};

#define C "10.77.1.2:53016"
#define S "10.77.3.2:8080"
#define HANDSHAKE                                                              \
	"0 " C " > " S " S seq 1517974802 win 64240 id 20355 df mss 1460 "     \
	"sackok ts 124710381 0 ws 10\n"                                        \
	"0.02 " S " > " C " SA seq 3388497058 ack 1517974803 win 65160 "       \
	"ttl 62 df mss 1460 sackok ts 1575545669 124710381 ws 10\n"            \
	"0.0201 " C " > " S " A seq 1517974803 ack 3388497059 win 63 "         \
	"id 20356 df ts 124710401 1575545669\n"

static const struct sample_trace sample_traces[] = {
	{"a handshake is included", "include handshake", HANDSHAKE},
	{"an end goes on with its numbers, IDs and clock, and acknowledges",
		"include handshake\n"
		"+1 client > server PA \"hello\"\n"
		"+0.02 server > client A\n"
		"+0.5 server > client FPA \"bye\"\n"
		"+0 client > server A\n",
		HANDSHAKE "1.0201 " C " > " S " PA seq 1517974803 "
			  "ack 3388497059 \"hello\" win 63 id 20357 df "
			  "ts 124711401 1575545669\n"
			  "1.0401 " S " > " C " A seq 3388497059 "
			  "ack 1517974808 win 64 ttl 62 id 32043 df "
			  "ts 1575546689 124711401\n"
			  "1.5401 " S " > " C " FPA seq 3388497059 "
			  "ack 1517974808 \"bye\" win 64 ttl 62 id 32044 df "
			  "ts 1575547189 124711401\n"
			  "1.5401 " C " > " S " A seq 1517974808 "
			  "ack 3388497063 win 63 id 20358 df "
			  "ts 124711921 1575547189\n"},
	{"numbers count from the ISN, or are those of the wire",
		"client isn 1000 id 0 no ts\nserver isn 7 id 0\n"
		"0 client > server A seq 6 ack 9 sack -2-5,=3-=4\n"
		"0 client > server A seq -1 ack =0\n"
		"0 client > server R seq =0\n"
		"0 server > client A seq 5 ack =3000",
		"0 " C " > " S " A seq 1006 ack 16 sack 5-12,3-4 win 63 df\n"
		"0 " C " > " S " A seq 999 win 63 df\n"
		"0 " C " > " S " R win 63 df\n"
		"0 " S " > " C " A seq 12 ack 3000 win 64 ttl 62 df"},
	{"what was sent again, or from elsewhere, changes nothing of what is "
	 "next",
		"client isn 0 id 0 no ts\nserver isn 0 id 0\n"
		"0 client > server PA \"12345\"\n"
		"0 client > server PA seq 1 \"12345\"\n"
		"0 client > server R seq 5000\n"
		"0 client > server A",
		"0 " C " > " S " PA seq 1 ack 1 \"12345\" win 63 df\n"
		"0 " C " > " S " PA seq 1 ack 1 \"12345\" win 63 df\n"
		"0 " C " > " S " R seq 5000 win 63 df\n"
		"0 " C " > " S " A seq 6 ack 1 win 63 df"},
	{"what comes behind a gap is acknowledged when the gap is filled",
		"client isn 0 id 0 no ts\nserver isn 0 id 0\n"
		"0 server > client A seq 11 len 10\n"
		"0 client > server A\n"
		"0 server > client A seq 1 len 10\n"
		"0 client > server A\n"
		"0 server > client A",
		"0 " S " > " C " A seq 11 ack 1 len 10 win 64 ttl 62 df\n"
		"0 " C " > " S " A seq 1 ack 1 win 63 df\n"
		"0 " S " > " C " A seq 1 ack 1 len 10 win 64 ttl 62 df\n"
		"0 " C " > " S " A seq 1 ack 21 win 63 df\n"
		"0 " S " > " C " A seq 21 ack 1 win 64 ttl 62 df"},
	{"IDs go on from the highest, resets of other counters left out",
		"client isn 0 id 100 no ts\nserver isn 0\n"
		"0 client > server A\n"
		"0 client > server A id 110\n"
		"0 client > server A id 105\n"
		"0 client > server R id 9000 win 0\n"
		"0 client > server A\n"
		"0 client > server RA\n"
		"0 client > server A",
		"0 " C " > " S " A seq 1 ack 1 win 63 id 100 df\n"
		"0 " C " > " S " A seq 1 ack 1 win 63 id 110 df\n"
		"0 " C " > " S " A seq 1 ack 1 win 63 id 105 df\n"
		"0 " C " > " S " R seq 1 id 9000 df\n"
		"0 " C " > " S " A seq 1 ack 1 win 63 id 111 df\n"
		"0 " C " > " S " RA seq 1 ack 1 win 63 id 112 df\n"
		"0 " C " > " S " A seq 1 ack 1 win 63 id 113 df"},
	{"options are used that both ends have; a SYN offers what its end has",
		"client isn 0 id 0\nserver isn 0 id 0 no ts no ws mss 1400\n"
		"0 client > server S no mss\n"
		"0 server > client SA\n"
		"0 client > server A no df md5",
		"0 " C " > " S " S win 64240 df sackok ts 124710381 0 ws 10\n"
		"0 " S " > " C " SA ack 1 win 65160 ttl 62 df mss 1400 "
		"sackok\n"
		"0 " C " > " S " A seq 1 ack 1 win 63 md5"},
	{"connections of other ports count for themselves",
		"client isn 0 id 0 no ts\nserver isn 0 id 0\n"
		"0 client > server PA \"a\"\n"
		"client :5 isn 10\n"
		"0 client > server PA \"b\"\n"
		"0 client:53016 > server A\n"
		"0 server:80 > client PA \"c\"\n"
		"0 client > server A",
		"0 " C " > " S " PA seq 1 ack 1 \"a\" win 63 df\n"
		"0 10.77.1.2:5 > " S " PA seq 11 ack 1 \"b\" win 63 df\n"
		"0 " C " > " S " A seq 2 ack 1 win 63 df\n"
		"0 10.77.3.2:80 > 10.77.1.2:5 PA seq 1 ack 11 \"c\" win 64 "
		"ttl 62 df\n"
		"0 10.77.1.2:5 > " S " A seq 12 ack 1 win 63 df"},
	{"a connection begins anew with a SYN when a line said its ISN",
		"client isn 0 id 0 no ts no sackok no mss no ws\n"
		"server isn 0 id 0\n"
		"0 client > server PA \"a\"\n"
		"client isn 100\n"
		"0 client > server A\n"
		"0 client > server S\n"
		"0 client > server A",
		"0 " C " > " S " PA seq 1 ack 1 \"a\" win 63 df\n"
		"0 " C " > " S " A seq 2 ack 1 win 63 df\n"
		"0 " C " > " S " S seq 100 win 64240 df\n"
		"0 " C " > " S " A seq 101 ack 1 win 63 df"},
	{"an ICMP error quotes the last way that its target's packets went",
		"client isn 0 id 0 no ts\nserver isn 0 id 0\n"
		"router1 10.77.1.1\nrouter2 10.77.2.2 ttl 63\n"
		"0 client > server:80 A\n"
		"0 client > server A\n"
		"0 router2 > client icmp 3/4 mtu 1400 quoting seq 6 len 1500\n"
		"0 router1 > client icmp 11/0 tos 0 quoting client > "
		"server:80 A seq 2 ack 3 ttl 1",
		"0 " C " > 10.77.3.2:80 A seq 1 ack 1 win 63 df\n"
		"0 " C " > " S " A seq 1 ack 1 win 63 df\n"
		"0 10.77.2.2 > 10.77.1.2 icmp 3/4 mtu 1400 ttl 63 tos 0xc0 "
		"quoting " C " > " S " seq 6 len 1500\n"
		"0 10.77.1.1 > 10.77.1.2 icmp 11/0 quoting " C
		" > 10.77.3.2:80 A seq 2 ack 3 ttl 1"},
	{"over IPv6 there are no IDs and no df",
		"client [fd77:1::2]:53016 isn 0 no ts label 0x12345\n"
		"server [fd77:3::2]:8080 isn 0\n"
		"0 client > server A\n"
		"router1 [fd77::1]\n"
		"0 router1 > client icmp 1/0 quoting seq 1",
		"0 [fd77:1::2]:53016 > [fd77:3::2]:8080 A seq 1 ack 1 win 63 "
		"label 0x12345\n"
		"0 [fd77::1] > [fd77:1::2] icmp 1/0 quoting "
		"[fd77:1::2]:53016 > [fd77:3::2]:8080 seq 1"},
	{"a packet is recorded again, by a line or by its end's",
		"client isn 0 id 0 no ts dir in again +0.1 dir out ttl 63\n"
		"server isn 0 id 0\n"
		"0 client > server PA \"a\"\n"
		"+1 client > server A no again\n"
		"+1 again dev 3\n"
		"client no again\n"
		"+1 client > server A",
		"0 " C " > " S " PA seq 1 ack 1 \"a\" win 63 df dir in\n"
		"0.1 " C " > " S " PA seq 1 ack 1 \"a\" win 63 ttl 63 df "
		"dir out\n"
		"1 " C " > " S " A seq 2 ack 1 win 63 df dir in\n"
		"2 " C " > " S " A seq 2 ack 1 win 63 df dir in dev 3\n"
		"3 " C " > " S " A seq 2 ack 1 win 63 df dir in"},
	{"time passes between packets and without them",
		"client isn 0 id 0 no ts\nserver isn 0\n"
		"5 client > server A\n"
		"+0.000000001 client > server A\n"
		"+1\n"
		"- client > server A\n"
		"+1 client > server A\n"
		"3\n"
		"+0 client > server A",
		"5 " C " > " S " A seq 1 ack 1 win 63 df\n"
		"5.000000001 " C " > " S " A seq 1 ack 1 win 63 df\n"
		"- " C " > " S " A seq 1 ack 1 win 63 df\n"
		"7.000000001 " C " > " S " A seq 1 ack 1 win 63 df\n"
		"3 " C " > " S " A seq 1 ack 1 win 63 df"},
	{"strings are joined, repeated, and continued",
		"client isn 0 id 0 no ts\nserver isn 0\n"
		"0 client > server PA \"a\" \"bc\"*3 \\\n\t\"\\x00\"*2 \\\n"
		"\tlen 20 # all of it",
		"0 " C " > " S " PA seq 1 ack 1 \"abcbcbc\\x00\\x00\" len 20 "
		"win 63 df"},
	{"an end with a port is a host, one without a router",
		"other-host 10.0.0.1:7 isn 0 id 9 no ts\nbox 10.0.0.2\n"
		"0 other-host > server S no mss no sackok no ws\n"
		"0 box > server icmp 8/0 echo 1 2",
		"0 10.0.0.1:7 > " S " S win 64240 id 9 df\n"
		"0 10.0.0.2 > 10.77.3.2 icmp 8/0 echo 1 2"},
};

#undef C
#undef S
#undef HANDSHAKE

enum { SAMPLE_TRACES = sizeof(sample_traces) / sizeof(*sample_traces) };

#endif
