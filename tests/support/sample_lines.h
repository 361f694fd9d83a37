/* Packets in the form that packet_format gives them, for the tests that turn
 * them into something else and back. */
#ifndef TESTS_SUPPORT_SAMPLE_LINES_H
#define TESTS_SUPPORT_SAMPLE_LINES_H

/* Those that can be written as bytes and lose nothing by it. */
static const char *const sample_lines[] = {
	"0 10.0.0.1:40000 > 192.0.2.7:22 S seq 1000 win 64240 id 17321 df "
	"mss 1460 sackok ts 100 0 ws 7",
	"0.02 192.0.2.7:22 > 10.0.0.1:40000 SA seq 4294967295 ack 1001 win "
	"65160 ttl 62 df mss 1460 sackok ts 637338632 100 ws 0",
	"0.0201 10.0.0.1:40000 > 192.0.2.7:22 A seq 1001 win 63 id 17322 "
	"df ts 101 637338632",
	"0.03 10.0.0.1:40000 > 192.0.2.7:22 PA seq 1001 "
	"\"SSH-2.0-x\\r\\n\\x00\\\"\\\\\\xff\" win 63 id 17323 df tos 0x10",
	"1.5 10.0.0.1:40000 > 192.0.2.7:22 RA seq 1012 ack 9",
	"1.500000001 192.0.2.7:22 > 10.0.0.1:40000 R seq 9 ttl 255",
	"2 192.0.2.7:22 > 10.0.0.1:40000 none seq 9 ttl 1",
	"2 192.0.2.7:22 > 10.0.0.1:40000 SFRPAUECN seq 9 ack 7 urg 77 ttl "
	"1",
	"3 [2001:db8::1]:40000 > [2001:db8::7]:443 S seq 5 win 65535 label "
	"0xabcde mss 1440 sackok ws 14",
	"3.1 [2001:db8::7]:443 > [2001:db8::1]:40000 A seq 5 ack 6 sack "
	"100-200,300-400,500-600 win 10 ttl 57 tos 0xb8 ts 1 2",
	"3.1 192.0.2.7:443 > 10.0.0.1:40000 A seq 5 ack 6 sack "
	"4294967000-100 win 10 ttl 57",
	"4 192.0.2.7:443 > 10.0.0.1:40000 A seq 5 ack 6 win 10 ttl 57 md5",
	"4 192.0.2.7:443 > 10.0.0.1:40000 R seq 5 win 10 ttl 57 fastclose",
	"4 192.0.2.7:443 > 10.0.0.1:40000 S seq 5 win 10 ttl 57 mss 536 "
	"mptcp tfo uto",
	"4 192.0.2.7:443 > 10.0.0.1:40000 S seq 5 win 10 ttl 57 "
	"option-unknown",
	"4 192.0.2.7:443 > 10.0.0.1:0 A seq 5 ack 1 \"12345678\" win 10 "
	"ttl 57 first",
	"4 192.0.2.7:443 > 10.0.0.1:40000 A seq 5 ack 1 \"1234\" win 10 "
	"ttl 57 odd ip-length",
	"5 10.0.0.1:53 > 10.0.0.2:5353 udp \"abc\"",
	"5 [fe80::1]:53 > [fe80::2]:5353 udp",
	"6 10.0.0.254 > 10.0.0.1 icmp 3/4 mtu 1400 ttl 63 tos 0xc0 quoting "
	"10.0.0.1:40000 > 192.0.2.7:22 seq 1001 ttl 62 id 4660 len 1500 df",
	"6 10.0.0.254 > 10.0.0.1 icmp 11/0 ttl 63 quoting 10.0.0.1:40000 > "
	"192.0.2.7:22 PA seq 1001 ack 77 ttl 1 tos 0x10 len 1500",
	"6 10.0.0.254 > 10.0.0.1 icmp 3/3 ttl 63 quoting 10.0.0.1:40000 > "
	"192.0.2.7:53 udp ttl 1 len 40",
	"6 10.0.0.254 > 10.0.0.1 icmp 3/2 ttl 63 quoting 10.0.0.1 > "
	"192.0.2.7 proto 47 ttl 1 len 40",
	"6 [fd77::fe] > [fd77::1] icmp 2/0 mtu 1280 ttl 63 quoting "
	"[fd77::1]:40000 > [fd77::7]:22 A seq 1001 ack 5 ttl 62 len 1500",
	"7 10.0.0.1 > 192.0.2.7 icmp 8/0 echo 77 3 \"x\" ttl 5",
	"7 [fd77::1] > [fd77::7] icmp 129/0 echo 77 65535 ttl 5",
	"8 10.0.0.1 > 192.0.2.7 fragment proto 6 ttl 5 id 9 bytes 120",
};

enum { SAMPLE_LINES = sizeof(sample_lines) / sizeof(*sample_lines) };

#endif
