#include "tests/support/packet_words.h"

#define COUNT(table) (sizeof(table) / sizeof(*(table)))

const struct bit_word oddity_words[] = {
	{ODD_SHORT, "short"},
	{ODD_IP_LENGTH, "ip-length"},
	{ODD_IP_HEADER, "ip-header"},
	{ODD_TCP_HEADER, "tcp-header"},
	{ODD_TCP_OPTIONS, "tcp-options"},
	{ODD_OFFLOAD_LENGTH, "offload-length"},
	{ODD_NO_OPTIONS_SEEN, "no-options-seen"},
	{ODD_FLAGS, "flags"},
	{ODD_EXTENSION_CHAIN, "extension-chain"},
	{ODD_FRAGMENT, "fragment"},
	{ODD_TUNNEL_DEPTH, "tunnel-depth"},
	{ODD_RESERVED_BIT, "reserved-bit"},
	{ODD_PORT_ZERO, "port-zero"},
	{ODD_BAD_CHECKSUM, "bad-checksum"},
};
const unsigned oddity_word_count = COUNT(oddity_words);

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
