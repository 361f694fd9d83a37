#include "capture/file/file_other.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

struct other {
	const char *magic;
	size_t magic_bytes;
	const char *advice;
};

/* Magic numbers as in file(1)'s table; editcap reads what is said of it
 * (`editcap -F` and wiretap's list, Wireshark 4.0). */
static const struct other others[] = {
	/* seen here only behind another compression */
	{"\x1f\x8b", 2, "compressed twice: decompress it once first"},
	{"\x28\xb5\x2f\xfd", 4, "compressed twice: decompress it once first"},
	{"\xfd"
	 "7zXZ",
		5, "compressed twice: decompress it once first"},
	{"BZh", 3, "compressed by bzip2: bunzip2 -c FILE | culprit analyze -"},
	{"\x04\x22\x4d\x18", 4,
		"compressed by lz4: lz4 -dc FILE | culprit analyze -"},
	{"PK\x03\x04", 4, "a zip archive: unpack it first"},
	{"7z\xbc\xaf\x27\x1c", 6, "a 7z archive: unpack it first"},
	{"\x1f\x9d", 2,
		"compressed by compress: zcat FILE | culprit analyze -"},
	{"snoop\0\0\0", 8,
		"a snoop capture: editcap -F pcapng FILE OUT converts it"},
	{"GMBU", 4,
		"a Network Monitor capture: editcap -F pcapng FILE OUT "
		"converts it"},
	{"RTSS", 4,
		"a Network Monitor capture: editcap -F pcapng FILE OUT "
		"converts it"},
	{"XCP\0", 4,
		"a NetXRay capture: editcap -F pcapng FILE OUT converts "
		"it"},
	{"TRSNIFF data", 12,
		"a Sniffer capture: editcap -F pcapng FILE OUT converts it"},
	{"\x7f"
	 "ELF",
		4, "a program, not a capture"},
};

static bool is_text(const uint8_t *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (!isprint(bytes[i]) && !isspace(bytes[i]))
			return false;
	return true;
}

const char *file_other_advice(const uint8_t *bytes, size_t length)
{
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (length >= others[i].magic_bytes &&
			memcmp(bytes, others[i].magic, others[i].magic_bytes) ==
				0)
			return others[i].advice;
	if (is_text(bytes, length))
		return "text, not a capture: record packets with tcpdump -w";
	return "neither pcap nor pcapng, also not after decompression";
}
