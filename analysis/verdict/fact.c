#include "analysis/verdict/fact.h"

#include <assert.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

static const struct {
	const char *word;
	const char *settled_by;
} table[] = {
	[FACT_RESET_SEEN] = {"reset-seen", "a capture with whole headers"},
	[FACT_RESET_TTL_MATCHES_SENDER] = {"reset-ttl-matches-sender",
		"more packets of that host in the recording"},
	[FACT_RESET_TTL_FAR_OFF] = {"reset-ttl-far-off",
		"more packets of that host in the recording"},
	[FACT_ANOTHER_ROUTE_FITS] = {"another-route-fits",
		"more packets of that host in the recording"},
	[FACT_SENDER_TTL_STEADY] = {"sender-ttl-steady", "a longer recording"},
	[FACT_RESET_MADE_AT_CAPTURE_POINT] = {"reset-made-at-capture-point",
		"a capture on all interfaces (-i any)"},
	[FACT_RESET_BY_OTHER_INTERFACE] = {"reset-by-other-interface",
		"a capture on all interfaces (-i any)"},
	[FACT_RESET_IS_STATELESS] = {"reset-is-stateless",
		"a capture with whole headers"},
	[FACT_RESET_FROM_SOCKET] = {"reset-from-socket",
		"a capture with whole headers"},
	[FACT_RESET_SEQUENCE_EXACT] = {"reset-sequence-exact",
		"a capture from the start of the connection"},
	[FACT_RESET_ANSWERS_PEER] = {"reset-answers-peer",
		"a capture of both directions"},
	[FACT_RESET_ANSWERS_STRAY_SEGMENT] = {"reset-answers-stray-segment",
		"a capture of both directions"},
	[FACT_RESET_IP_ID_CONTINUES] = {"reset-ip-id-continues",
		"more packets of that host in the recording"},
	[FACT_RESET_COPIES_PEER_HEADER] = {"reset-copies-peer-header",
		"a capture at the other end"},
	[FACT_RESET_FASTER_THAN_PATH] = {"reset-faster-than-path",
		"a capture of the handshake"},
	[FACT_RESET_WITHIN_ROUND_TRIP] = {"reset-within-round-trip",
		"a capture of the handshake"},
	[FACT_ONLY_ITS_TIME_DIFFERS] = {"only-its-time-differs",
		"a capture at the other end"},
	[FACT_ACKNOWLEDGES_WHAT_NEVER_ARRIVED] =
		{"acknowledges-what-never-arrived",
			"a capture at the other end"},
	[FACT_SENDER_CONTINUED_AFTER_RESET] = {"sender-continued-after-reset",
		"a longer recording, or a capture at the other end"},
	[FACT_TWO_CONTENTS_FOR_THE_SAME_BYTES] =
		{"two-contents-for-the-same-bytes",
			"a capture at the other end"},
	[FACT_DATA_BEYOND_ITS_OWN_FIN] = {"data-beyond-its-own-fin",
		"a capture at the other end"},
	[FACT_SEGMENT_OF_ANOTHER_STACK] = {"segment-of-another-stack",
		"a capture at the other end"},
	[FACT_SENDER_HAD_CLOSED] = {"sender-had-closed",
		"a capture from before the close"},
	[FACT_PEER_HAD_CLOSED] = {"peer-had-closed",
		"a capture of both directions"},
	[FACT_DATA_AFTER_CLOSE] = {"data-after-close",
		"a capture of both directions"},
	[FACT_DATA_CROSSED_THE_FIN] = {"data-crossed-the-fin",
		"a capture at the other end"},
	[FACT_RESET_NUMBER_OF_HANDSHAKE] = {"reset-number-of-handshake",
		"a capture from the beginning"},
	[FACT_CLOSE_NOTIFY_AFTER_CLOSE] = {"close-notify-after-close",
		"a capture from the beginning"},
	[FACT_FIN_BEHIND_LATE_DATA] = {"fin-behind-late-data",
		"a capture that goes on after the reset"},
	[FACT_CLIENT_CLOSED_AFTER_THE_ANSWER] =
		{"client-closed-after-the-answer",
			"a capture of both directions"},
	[FACT_QUIT_BEFORE_CLOSE] = {"quit-before-close",
		"a capture with payload"},
	[FACT_FIN_NOT_RECORDED] = {"fin-not-recorded",
		"a capture at the end that closed"},
	[FACT_SEGMENT_ACKNOWLEDGED_IN_PART] = {"segment-acknowledged-in-part",
		"a capture at the end that acknowledged it"},
	[FACT_ONLY_A_REPEAT_WAS_ANSWERED] = {"only-a-repeat-was-answered",
		"a capture at the end that the reset names"},
	[FACT_PEER_HAD_RESET] = {"peer-had-reset",
		"a capture of both directions"},
	[FACT_RESETS_FROM_TWO_PLACES] = {"resets-from-two-places",
		"more packets of that host in the recording"},
	[FACT_REFUSED_SOON_AFTER] = {"refused-soon-after",
		"a capture that goes on, with new connections"},
	[FACT_ANSWERED_BY_NEIGHBOUR] = {"answered-by-neighbour",
		"probe --only route, or a capture at the server"},
	[FACT_SYN_ACK_FROM_ELSEWHERE] = {"syn-ack-from-elsewhere",
		"probe --only route, or a capture at the server"},
	[FACT_NOTHING_WAS_SAID] = {"nothing-was-said",
		"a capture of the whole connection"},
	[FACT_CHECKS_END_SO] = {"checks-end-so",
		"a longer capture of this client's connections to the port"},
	[FACT_CLOSED_UNHEARD] = {"closed-unheard",
		"a capture from the beginning"},
	[FACT_ONLY_GREETED] = {"only-greeted",
		"a capture of the whole connection, with payload"},
	[FACT_SENDER_IS_CLIENT] = {"sender-is-client",
		"a capture from the start of the connection"},
	[FACT_WEB_SERVICE] = {"web-service", "the protocol of that port"},
	[FACT_ANSWERING_SERVICE] = {"answering-service",
		"knowing what runs on that port"},
	[FACT_HEARTBEAT_PROTOCOL] = {"heartbeat-protocol",
		"a capture with payload from the start"},
	[FACT_GREETING_SERVICE] = {"greeting-service",
		"a capture from the beginning"},
	[FACT_SSH_SERVICE] = {"ssh-service", "a capture with payload"},
	[FACT_RESET_FOR_AN_ANSWER] = {"reset-for-an-answer",
		"a capture from the start of the connection"},
	[FACT_PEER_LONG_QUIET] = {"peer-long-quiet",
		"a capture of both directions"},
	[FACT_PACKETS_BEFORE_NOT_RECORDED] = {"packets-before-not-recorded",
		"a recording of both directions, and not of SYN, FIN and RST "
		"only"},
	[FACT_RESET_LEFT_ITS_SENDER] = {"reset-left-its-sender",
		"a capture at the other end, of the same time"},
	[FACT_WHAT_IT_ANSWERS_ARRIVED] = {"what-it-answers-arrived",
		"a capture at the other end, of the same time"},
	[FACT_SEGMENT_ARRIVED_AT_PEER] = {"segment-arrived-at-peer",
		"a capture at the other end, of the same time"},
	[FACT_ANSWER_LEFT_PEER] = {"answer-left-peer",
		"a capture at the other end, of the same time"},
	[FACT_RECORDED_AT_THE_PEER] = {"recorded-at-the-peer",
		"a capture on the other end itself"},
	[FACT_MAPPING_CHANGED] = {"mapping-changed",
		"a capture at the other end, of the same time"},
	[FACT_WINDOW_SCALE_CHANGED] = {"window-scale-changed",
		"a capture at the other end, with the SYN"},
	[FACT_RESET_FROM_THE_HANDSHAKES_PLACE] =
		{"reset-from-the-handshakes-place",
			"probe --only route, or a capture at the server"},
	[FACT_RESET_FROM_THE_USUAL_DISTANCE] = {"reset-from-the-usual-distance",
		"more packets of that host in the recording"},
	[FACT_RESET_FROM_AN_UNUSUAL_DISTANCE] =
		{"reset-from-an-unusual-distance",
			"more packets of that host in the recording"},
	[FACT_RESET_ONE_HOP_NEARER] = {"reset-one-hop-nearer",
		"a capture at the host that is one hop before"},
	[FACT_RESET_TTL_LIMITED] = {"reset-ttl-limited",
		"a list of the programs on that host"},
	[FACT_RESET_AS_MANY_HOPS_AWAY] = {"reset-as-many-hops-away",
		"more packets of that host in the recording"},
	[FACT_RESET_FROM_ANOTHER_STATION] = {"reset-from-another-station",
		"a capture on the link, with MAC addresses"},
	[FACT_RESET_BEGAN_ON_THE_LINK] = {"reset-began-on-the-link",
		"a capture on the link, with MAC addresses"},
	[FACT_RESET_IS_BARE] = {"reset-is-bare",
		"a capture with whole headers"},
	[FACT_RESET_IP_ID_FOREIGN] = {"reset-ip-id-foreign",
		"more packets of that host in the recording"},
	[FACT_RESET_HAS_OTHER_DF] = {"reset-has-other-df",
		"more packets of that host in the recording"},
	[FACT_RESET_FROM_FARTHER_AWAY] = {"reset-from-farther-away",
		"more packets of that host in the recording"},
	[FACT_RESET_NUMBER_OF_NOBODY] = {"reset-number-of-nobody",
		"a capture from the beginning"},
	[FACT_RESET_CARRIES_TEXT] = {"reset-carries-text",
		"a capture with payload"},
	[FACT_CONNECTION_WAS_OVER] = {"connection-was-over",
		"a capture of both directions"},
	[FACT_RESET_IS_UNACCEPTABLE] = {"reset-is-unacceptable",
		"a capture with whole headers, from the start of the "
		"connection"},
	[FACT_CONNECTION_SURVIVED_RESET] = {"connection-survived-reset",
		"a longer recording"},
	[FACT_BOTH_SIDES_RESET_BY_ONE_DEVICE] =
		{"both-sides-reset-by-one-device", "a capture at either end"},
	[FACT_ACKNOWLEDGES_ANOTHER_CONNECTION] =
		{"acknowledges-another-connection",
			"a capture from before the SYN"},
	[FACT_SERVER_REPEATED_ITS_SYN_ACK] = {"server-repeated-its-syn-ack",
		"a capture at the server"},
	[FACT_CLIENT_REPEATED_ITS_SYN] = {"client-repeated-its-syn",
		"captures of the SYN and of the SYN-ACK at both ends"},
	[FACT_RESET_REFUSES_SYN] = {"reset-refuses-syn",
		"a capture of the SYN"},
	[FACT_REFUSAL_AS_KERNELS_DO] = {"refusal-as-kernels-do",
		"a capture with whole headers"},
	[FACT_REFUSED_FROM_TWO_PLACES] = {"refused-from-two-places",
		"a capture at the server"},
	[FACT_REFUSED_ON_THE_PATH] = {"refused-on-the-path",
		"a capture at the server"},
	[FACT_DSCP_REFLECTED] = {"dscp-reflected",
		"a SYN with a DSCP other than 0"},
	[FACT_FLOW_LABEL_SET] = {"flow-label-set", "a test over IPv6"},
	[FACT_IDLE_BEFORE] = {"idle-before", "a capture of the silence"},
	[FACT_IDLE_LONG_ENOUGH] = {"idle-long-enough",
		"a capture of the silence"},
	[FACT_RESET_BREAKS_THE_SILENCE] = {"reset-breaks-the-silence",
		"a capture of the silence"},
	[FACT_IDLE_TIMER_ON_PATH] = {"idle-timer-on-path",
		"a capture of several connections of this path, left idle for "
		"different times"},
	[FACT_DIED_TOGETHER] = {"died-together",
		"a capture that goes on, with new connections"},
	[FACT_OWN_PROBES_UNANSWERED] = {"own-probes-unanswered",
		"a capture of the silence"},
	[FACT_OWN_DATA_UNANSWERED] = {"own-data-unanswered",
		"a capture of the silence"},
	[FACT_PEER_HAD_PAUSED] = {"peer-had-paused",
		"the log of the machine that retransmits (suspend, resume)"},
	[FACT_RETRANSMISSIONS_NOT_TAKEN] = {"retransmissions-not-taken",
		"counters of the other endpoint's stack (nstat: PAWS, "
		"TCPACKSkipped)"},
	[FACT_ACKNOWLEDGED_DATA_SENT_AGAIN] = {"acknowledged-data-sent-again",
		"a capture at the side that repeats itself"},
	[FACT_PEER_DATA_UNANSWERED] = {"peer-data-unanswered",
		"a capture from before the end"},
	[FACT_SYN_UNANSWERED] = {"syn-unanswered",
		"a capture at the server, or probe --only route"},
	[FACT_SYN_ANSWERED_FOR_ANOTHER_CONNECTION] =
		{"syn-answered-for-another-connection",
			"a capture at the server"},
	[FACT_EARLIER_CONNECTION_GOES_ON] = {"earlier-connection-goes-on",
		"a capture at the other end"},
	[FACT_GOES_ON_UNDER_ANOTHER_NAME] = {"goes-on-under-another-name",
		"a capture from the start of the connection"},
	[FACT_PACKET_TRANSLATED_OTHERWISE_BEFORE] =
		{"packet-translated-otherwise-before",
			"a capture at the other end"},
	[FACT_TRANSLATED_OTHERWISE] = {"translated-otherwise",
		"a capture on both sides of the NAT"},
	[FACT_SYN_ANSWERED_FROM_ELSEWHERE] = {"syn-answered-from-elsewhere",
		"a capture on both sides of the NAT"},
	[FACT_ONLY_PLAIN_SYN_ANSWERED] = {"only-plain-syn-answered",
		"a connection to that port without ECN"},
	[FACT_TIMESTAMPS_MISSING] = {"timestamps-missing",
		"a capture from the start of the connection"},
	[FACT_SYN_ACK_UNANSWERED] = {"syn-ack-unanswered",
		"a capture at the client"},
	[FACT_SYN_ACK_RETRANSMITTED] = {"syn-ack-retransmitted",
		"a capture at the server"},
	[FACT_SERVER_NEVER_SPOKE] = {"server-never-spoke",
		"a capture at the server"},
	[FACT_RETRANSMISSIONS_UNANSWERED] = {"retransmissions-unanswered",
		"a longer recording"},
	[FACT_PEER_STILL_ANSWERS] = {"peer-still-answers",
		"a small packet on the same connection: "
		"probe --only mtu"},
	[FACT_SMALLER_PACKETS_PASSED] = {"smaller-packets-passed",
		"probe --only mtu"},
	[FACT_SIZE_PASSED_BESIDE] = {"size-passed-beside",
		"a capture of other connections between the two hosts"},
	[FACT_SAME_SIZE_PASSED_BEFORE] = {"same-size-passed-before",
		"probe --only mtu"},
	[FACT_FIRST_LARGE_PACKET] = {"first-large-packet",
		"a capture from the start of the connection"},
	[FACT_REPAIRED_BY_SMALLER_PACKETS] = {"repaired-by-smaller-packets",
		"probe --only mtu"},
	[FACT_LARGE_PACKETS_MISSING] = {"large-packets-missing",
		"a capture at the sender, or probe --only mtu"},
	[FACT_PEER_WINDOW_CLOSED] = {"peer-window-closed",
		"a capture of both directions"},
	[FACT_OWN_ZERO_WINDOW_TO_THE_END] = {"own-zero-window-to-the-end",
		"a longer recording"},
	[FACT_PEER_ZERO_WINDOW_TO_THE_END] = {"peer-zero-window-to-the-end",
		"a longer recording"},
	[FACT_WINDOW_MISREAD] = {"window-misread",
		"a capture at the other end"},
	[FACT_REQUEST_WITHOUT_AN_ANSWER] = {"request-without-an-answer",
		"a capture at the server"},
	[FACT_OPEN_AT_THE_END] = {"open-at-the-end", "a longer recording"},
	[FACT_SENDER_HAD_THE_LAST_WORD] = {"sender-had-the-last-word",
		"the log of the program that sent the reset"},
	[FACT_HEARTBEAT_OVERDUE] = {"heartbeat-overdue",
		"the log of the program that closed"},
	[FACT_CLOSED_WHILE_WAITING] = {"closed-while-waiting",
		"the log of the program that closed"},
	[FACT_CLOSED_WITHOUT_AN_ANSWER] = {"closed-without-an-answer",
		"a capture at the server"},
	[FACT_PEER_DATA_CUT_OFF] = {"peer-data-cut-off",
		"a capture at the end that sent it"},
	[FACT_LOST_SINCE_DSCP_CHANGED] = {"lost-since-dscp-changed",
		"a session with one DSCP (ssh -o IPQoS=none)"},
	[FACT_ANOTHER_CONNECTION_SERVED] = {"another-connection-served",
		"a capture with the other connections of both"},
	[FACT_SILENT_SIDE_BESIDE_THE_RECORDING] =
		{"silent-side-beside-the-recording",
			"a capture of the handshake"},
	[FACT_BOTH_DIRECTIONS_RECORDED] = {"both-directions-recorded",
		"a capture of both directions"},
	[FACT_ICMP_ERROR] = {"icmp-error", "a capture that includes ICMP"},
	[FACT_ICMP_FROM_THE_SERVER_ITSELF] = {"icmp-from-the-server-itself",
		"a capture that includes ICMP"},
	[FACT_ICMP_FROM_THE_SENDER_ITSELF] = {"icmp-from-the-sender-itself",
		"a capture that includes ICMP"},
	[FACT_ICMP_SAYS_PROHIBITED] = {"icmp-says-prohibited",
		"a capture that includes ICMP"},
	[FACT_ICMP_SAYS_PORT_UNREACHABLE] = {"icmp-says-port-unreachable",
		"a capture that includes ICMP"},
	[FACT_ICMP_SAYS_TIME_EXCEEDED] = {"icmp-says-time-exceeded",
		"a capture that includes ICMP"},
	[FACT_ICMP_ERRORS_ALONE] = {"icmp-errors-alone",
		"a capture of the connection itself"},
	[FACT_TOO_BIG_IGNORED] = {"too-big-ignored", "a longer recording"},
	[FACT_TOO_BIG_RECORDED_AT_THE_SENDER] =
		{"too-big-recorded-at-the-sender", "a capture at the sender"},
	[FACT_ICMP_OUT_OF_WINDOW] = {"icmp-out-of-window",
		"a capture at the sender"},
	[FACT_TLS_ALERT] = {"tls-alert", "a capture with payload"},
	[FACT_REFUSED_IN_CLEAR] = {"refused-in-clear",
		"a capture with payload"},
	[FACT_HTTP_ERROR_CLOSES] = {"http-error-closes",
		"a capture with payload"},
	[FACT_OTHER_PROTOCOL] = {"other-protocol",
		"a capture with payload from the start"},
	[FACT_SSH_DISCONNECT] = {"ssh-disconnect",
		"a capture with payload from the start"},
	[FACT_SSH_LOGGED_IN] = {"ssh-logged-in",
		"a capture with payload from the start"},
	[FACT_SSH_PAST_LOGIN] = {"ssh-past-login", "sshd's log"},
	[FACT_SSH_SAID_MAX_STARTUPS] = {"ssh-said-max-startups",
		"a capture with payload"},
	[FACT_SSH_SAID_NOT_ALLOWED] = {"ssh-said-not-allowed",
		"a capture with payload"},
	[FACT_SSH_NO_SERVER_BANNER] = {"ssh-no-server-banner",
		"a capture with payload from the start"},
	[FACT_SSH_BANNER_LATE] = {"ssh-banner-late",
		"a capture with payload from the start"},
	[FACT_SSH_NOTHING_IN_COMMON] = {"ssh-nothing-in-common",
		"a capture with payload from the start"},
	[FACT_SSH_KEY_EXCHANGE_REPLY_MISSING] =
		{"ssh-key-exchange-reply-missing", "a capture at the server"},
	[FACT_SSH_BEFORE_LOGIN] = {"ssh-before-login",
		"a capture with payload from the start"},
	[FACT_SSH_AT_GRACE_TIME] = {"ssh-at-grace-time",
		"the server's LoginGraceTime"},
	[FACT_SSH_ALIVE_REQUESTS_UNANSWERED] = {"ssh-alive-requests-unanswered",
		"the server's log, where sshd reports it"},
	[FACT_SERVER_CLOSED_FIRST] = {"server-closed-first",
		"a capture of both directions"},
};
static_assert(sizeof(table) / sizeof(table[0]) == FACT_COUNT,
	"a word for every fact");
static_assert((int)FACT_COUNT <= BIT_SET_MOST, "facts fit a set");

const char *fact_word(enum fact fact)
{
	assert(fact < FACT_COUNT);
	return table[fact].word;
}

const char *fact_settled_by(enum fact fact)
{
	assert(fact < FACT_COUNT);
	return table[fact].settled_by;
}

void facts_init(struct facts *facts, bool is_brief)
{
	/* values are zeroed when they are written */
	memset(facts, 0, offsetof(struct facts, value));
	facts->is_brief = is_brief;
}

const struct fact_value *fact_value_of(
	const struct facts *facts, enum fact fact)
{
	return bit_set_has(&facts->written, fact) ? &facts->value[fact] : NULL;
}

static struct fact_value *written(struct facts *facts, enum fact fact)
{
	struct fact_value *value = &facts->value[fact];

	if (!bit_set_has(&facts->written, fact)) {
		memset(value, 0, sizeof(*value));
		bit_set_add(&facts->written, fact);
	}
	return value;
}

void fact_set(struct facts *facts, enum fact fact, enum truth truth,
	uint32_t frame, uint32_t against)
{
	struct fact_value *value;

	bit_set_remove(&facts->yes, fact);
	bit_set_remove(&facts->no, fact);
	if (truth != TRUTH_UNKNOWN)
		bit_set_add(
			truth == TRUTH_YES ? &facts->yes : &facts->no, fact);
	if (facts->is_brief)
		return;
	value = written(facts, fact);
	value->frame = frame;
	value->against = against;
	value->is_against_elsewhere = false;
}

void fact_set_elsewhere(struct facts *facts, enum fact fact)
{
	if (!facts->is_brief)
		written(facts, fact)->is_against_elsewhere = true;
}

void fact_found(struct facts *facts, enum fact fact, const char *format, ...)
{
	va_list arguments;

	if (facts->is_brief)
		return;
	va_start(arguments, format);
	(void)vsnprintf(written(facts, fact)->found, FOUND_BYTES, format,
		arguments); /* cut where it is too long */
	va_end(arguments);
}

void fact_expected(struct facts *facts, enum fact fact, const char *format, ...)
{
	va_list arguments;

	if (facts->is_brief)
		return;
	va_start(arguments, format);
	(void)vsnprintf(written(facts, fact)->expected, FOUND_BYTES, format,
		arguments); /* cut where it is too long */
	va_end(arguments);
}
