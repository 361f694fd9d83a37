/* Resets that hurt nobody: the ends of connections that were over, or that
 * nobody was using. An acquittal is a row like any other; what shows that
 * somebody else sent the reset outranks the first of them, and so all. */
#include "analysis/verdict/signatures.h"

const struct signature signatures_benign[] = {
	{
		.name = "answers-a-reset",
		.needs = FACTS(PEER_HAD_RESET),
		.mechanism = MECHANISM_ORDERLY,
		.sender = ROLE_SENDER,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_LIKELY,
		.summary = "The endpoint's own reset, after one that came in "
			   "the other's name: a consequence.",
		.outranks = {{"both-had-closed",
			"the reset before it ended the connection"}},
		.why = "RFC 9293, 3.10.7.1: a packet without a connection is "
		       "answered with a reset.",
	},
	{
		.name = "both-had-closed",
		.needs = FACTS(SENDER_HAD_CLOSED, PEER_HAD_CLOSED),
		.mechanism = MECHANISM_ORDERLY,
		.sender = ROLE_SENDER,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_LIKELY,
		.summary = "Both sides had closed before the reset.",
		.outranks = {{"sent-by-another-station",
			"there was nothing left to end"}},
	},
	{
		.name = "closed-with-nothing-lost",
		.needs = FACTS(SENDER_HAD_CLOSED),
		.denies = FACTS(DATA_AFTER_CLOSE),
		.forbids = FACTS(OWN_DATA_UNANSWERED, RESET_FOR_ANSWER),
		.mechanism = MECHANISM_ORDERLY,
		.sender = ROLE_SENDER,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_LIKELY,
		.summary = "The endpoint had closed, and nothing was lost but "
			   "an acknowledgment.",
		.outranks = {{"web-client-walks-away", "no data was lost"}},
		.why = "Not when its own FIN went unanswered, and not for a "
		       "server that took a request, answered nothing and "
		       "aborted.",
	},
	{
		.name = "web-client-walks-away",
		.needs =
			FACTS(SENDER_HAD_CLOSED, SENDER_IS_CLIENT, WEB_SERVICE),
		.forbids = FACTS(OWN_DATA_UNANSWERED),
		.mechanism = MECHANISM_ORDERLY,
		.sender = ROLE_SENDER,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_LIKELY,
		.summary = "A web client that no longer wants what the server "
			   "still sends.",
		.outranks = {{"peer-had-closed", "it had closed itself"}},
		.why = "Browsers close connections whose answers are no longer "
		       "wanted. Fooled by: another program on a web port that "
		       "minds.",
	},
	{
		.name = "peer-had-closed",
		.needs = FACTS(PEER_HAD_CLOSED),
		.denies = FACTS(SSH_SERVICE),
		.mechanism = MECHANISM_ORDERLY,
		.sender = ROLE_SENDER,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_LIKELY,
		.summary = "The other side had said all it had to say before "
			   "the reset.",
		.outranks = {{"nothing-was-said", "the other side had closed"}},
		.why = "Not in SSH, where the client closes last.",
	},
	{
		.name = "nothing-was-said",
		.needs = FACTS(SENDER_IS_CLIENT, NOTHING_WAS_SAID),
		.mechanism = MECHANISM_ORDERLY,
		.sender = ROLE_SENDER,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_LIKELY,
		.summary = "A client that connected and said nothing: a scan, "
			   "a health check.",
		.outranks = {{"web-client-puts-idle-away",
				     "nothing was ever said"},
			{"abort-of-the-silent", "it is a client"}},
		.why = "Port scanners and load balancers' checks end so. "
		       "Fooled by: a client that is killed before its first "
		       "word.",
	},
	{
		.name = "web-client-puts-idle-away",
		.needs = FACTS(SENDER_IS_CLIENT, WEB_SERVICE, IDLE_BEFORE,
			PEER_LONG_QUIET),
		.denies = FACTS(OWN_PROBES_UNANSWERED, OWN_DATA_UNANSWERED),
		.mechanism = MECHANISM_ORDERLY,
		.sender = ROLE_SENDER,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_LIKELY,
		.summary = "A web client that put an idle connection away.",
		.outranks = {{"closed-unheard",
				     "the connection was over for its sender"},
			{"expired-by-timer",
				"the connection was over for its sender"},
			{"keepalive-ran-out",
				"the connection was over for its sender"},
			{"timeout-then-reset",
				"the connection was over for its sender"},
			{"answered-by-neighbour-after-close",
				"the connection was over for its sender"},
			{"ended-by-whoever-shook-hands-after-silence",
				"the connection was over for its sender"}},
		.why = "Browsers keep connections for later use and reset "
		       "those that they give up. Fooled by: a client that lost "
		       "patience.",
	},
};
const unsigned signatures_benign_count =
	sizeof(signatures_benign) / sizeof(signatures_benign[0]);
