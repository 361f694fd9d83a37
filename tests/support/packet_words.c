#include "tests/support/packet_words.h"

#define COUNT(table) (sizeof(table) / sizeof(*(table)))

const struct bit_word quirk_words[] = {
	{QUIRK_SHORT, "short"},
	{QUIRK_IP_LENGTH, "ip-length"},
	{QUIRK_IP_HEADER, "ip-header"},
	{QUIRK_TCP_HEADER, "tcp-header"},
	{QUIRK_TCP_OPTIONS, "tcp-options"},
	{QUIRK_OFFLOAD_LENGTH, "offload-length"},
	{QUIRK_NO_OPTIONS_SEEN, "no-options-seen"},
	{QUIRK_FLAGS, "flags"},
	{QUIRK_EXTENSION_CHAIN, "extension-chain"},
	{QUIRK_FRAGMENT, "fragment"},
	{QUIRK_TUNNEL_DEPTH, "tunnel-depth"},
	{QUIRK_RESERVED_BIT, "reserved-bit"},
	{QUIRK_PORT_ZERO, "port-zero"},
	{QUIRK_BAD_CHECKSUM, "bad-checksum"},
};
const unsigned quirk_word_count = COUNT(quirk_words);

const struct bit_word option_words[] = {
	{OPTION_SACK_PERMITTED, "sackok"},
	{OPTION_MD5, "md5"},
	{OPTION_AUTHENTICATION, "ao"},
	{OPTION_MPTCP | OPTION_MPTCP_FASTCLOSE, "fastclose"},
	{OPTION_MPTCP, "mptcp"},
	{OPTION_FAST_OPEN, "tfo"},
	{OPTION_USER_TIMEOUT, "uto"},
	{OPTION_UNKNOWN, "option-unknown"},
};
const unsigned option_word_count = COUNT(option_words);

const struct bit_word flag_letters[] = {
	{TCP_SYN, "S"},
	{TCP_FIN, "F"},
	{TCP_RST, "R"},
	{TCP_PSH, "P"},
	{TCP_ACK, "A"},
	{TCP_URG, "U"},
	{TCP_ECE, "E"},
	{TCP_CWR, "C"},
	{TCP_NS, "N"},
};
const unsigned flag_letter_count = COUNT(flag_letters);
