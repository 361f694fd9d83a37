/* Benign resets: of connections that were over, or without data. They are rows
 * like any other; a row that shows another sender of the reset outranks the
 * first of them, and so all. */
#include "analysis/verdict/signatures.h"

const struct signature signatures_benign[] = {
	{
		.name = "answers-a-reset",
		.needs = FACTS(PEER_HAD_RESET),
		.mechanism = MECHANISM_ORDERLY,
		.sender = ROLE_SENDER,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_LIKELY,
		.summary = "The endpoint's own reset followed a reset sent in "
			   "the peer's name.",
		.outranks = {{"both-had-closed",
			"the earlier reset ended the connection"}},
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
		.outranks = {{"another-station-in-every-detail",
			"there was nothing left to end"}},
	},
	{
		.name = "closed-with-nothing-lost",
		.needs = FACTS(SENDER_HAD_CLOSED),
		.denies = FACTS(DATA_AFTER_CLOSE),
		.forbids = FACTS(OWN_DATA_UNANSWERED, RESET_FOR_AN_ANSWER),
		.mechanism = MECHANISM_ORDERLY,
		.sender = ROLE_SENDER,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_LIKELY,
		.summary = "The endpoint had already closed, and only an "
			   "acknowledgment was lost.",
		.outranks = {{"web-client-walks-away", "no data was lost"}},
		.why = "Not when the endpoint's FIN went unacknowledged, and "
		       "not for a server that acknowledged a request, sent no "
		       "response and aborted.",
	},
	{
		.name = "close-notify-after-close",
		.needs = FACTS(CLOSE_NOTIFY_AFTER_CLOSE),
		.forbids = FACTS(OWN_DATA_UNANSWERED),
		.mechanism = MECHANISM_ORDERLY,
		.sender = ROLE_SENDER,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_LIKELY,
		.summary = "The endpoint had already closed, and of the peer's "
			   "data only the end of TLS (close_notify) came after "
			   "that.",
		.outranks = {{"late-data-over-another-route",
			"no data was lost"}},
		.why = "RFC 8446, 6.1: who closes says so before its FIN; a "
		       "server that closed after its answer has no socket "
		       "left for that [public reports of nginx].",
	},
	{
		.name = "last-words-after-close",
		.needs = FACTS(FIN_BEHIND_LATE_DATA),
		.forbids = FACTS(OWN_DATA_UNANSWERED),
		.mechanism = MECHANISM_ORDERLY,
		.sender = ROLE_SENDER,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_LIKELY,
		.summary = "The server had already closed, and the client, "
			   "which closed too, sent only its last words after "
			   "that.",
		.outranks = {{"close-notify-after-close",
			"the client had closed as well, whatever it said"}},
		.why = "Programs that put an idle connection away end the "
		       "session first: a command, a message, a close_notify. "
		       "Recorded at the client the FIN comes before the reset, "
		       "and both had closed. Fooled by: a client that sends "
		       "its FIN behind a last request.",
	},
	{
		.name = "quit-then-closed",
		.needs = FACTS(QUIT_BEFORE_CLOSE),
		.forbids = FACTS(OWN_DATA_UNANSWERED),
		.mechanism = MECHANISM_ORDERLY,
		.sender = ROLE_SENDER,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_LIKELY,
		.summary = "The client ended its session and closed without a "
			   "wait for the answer, which its kernel refused.",
		.outranks = {{"close-notify-after-close",
			"it had said that it ends"}},
		.why = "The answer to QUIT tells a client nothing that it "
		       "needs. Not where a command before it was not "
		       "answered: that answer is lost.",
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
		.summary = "A web client cancelled a response that the server "
			   "was still sending.",
		.outranks = {{"peer-had-closed", "the endpoint had closed the "
						 "connection itself"}},
		.why = "Browsers close connections whose responses they no "
		       "longer want. Fooled by: another program on a web port, "
		       "to which the lost data mattered.",
	},
	{
		.name = "peer-had-closed",
		.needs = FACTS(PEER_HAD_CLOSED),
		.denies = FACTS(SSH_SERVICE),
		.mechanism = MECHANISM_ORDERLY,
		.sender = ROLE_SENDER,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_LIKELY,
		.summary = "The peer had sent all its data and its FIN before "
			   "the reset.",
		.outranks = {{"nothing-was-said", "the peer had closed"},
			{"http-error-then-reset",
				"the client had taken the answer and "
				"closed"}},
		.why = "Not in SSH, where the client closes last.",
	},
	{
		.name = "nothing-was-said",
		.needs = FACTS(SENDER_IS_CLIENT, NOTHING_WAS_SAID),
		.mechanism = MECHANISM_ORDERLY,
		.sender = ROLE_SENDER,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_LIKELY,
		.summary = "The client connected and sent no data: a scan or a "
			   "health check.",
		.outranks = {{"only-greeted", "nothing was ever said"},
			{"abort-of-the-silent", "it is a client"}},
		.why = "Port scanners and load balancers' checks end so. "
		       "Fooled by: a client that is killed before its first "
		       "word.",
	},
	{
		.name = "answers-a-stray-segment",
		.needs = FACTS(RESET_ANSWERS_STRAY_SEGMENT),
		.mechanism = MECHANISM_ORDERLY,
		.sender = ROLE_SENDER,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_LIKELY,
		.summary = "The reset answers a segment of no connection, as "
			   "culprit sends them to measure a path.",
		.outranks = {{"unknown-connection",
				     "there was no connection to be known"},
			{"stateless-to-a-repeat",
				"what was sent again is another segment"},
			{"abort-of-another-stack",
				"there was no connection to abort"}},
		.why = "RFC 9293, 3.10.7.1: a packet without a connection is "
		       "answered with a reset.",
	},
	{
		.name = "only-greeted",
		.needs = FACTS(ONLY_GREETED, RESET_SEQUENCE_EXACT),
		.forbids = FACTS(OWN_PROBES_UNANSWERED, SENDER_HAD_CLOSED,
			RESET_IP_ID_FOREIGN, RESET_HAS_OTHER_DF,
			RESET_WITHIN_ROUND_TRIP),
		.mechanism = MECHANISM_ORDERLY,
		.sender = ROLE_SENDER,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_LIKELY,
		.summary = "The client connected, took the server's greeting "
			   "and said nothing: a scan or a health check.",
		.outranks = {{"web-client-puts-idle-away",
			"it never asked for anything"}},
		.why = "Monitors of mail, database and SSH servers end so. "
		       "Fooled by: a client that is killed before its first "
		       "word.",
	},
	{
		.name = "check-ends-with-reset",
		.needs = FACTS(CHECKS_END_SO, RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_ORDERLY,
		.sender = ROLE_SENDER,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_LIKELY,
		.summary = "The client took an answer and reset the "
			   "connection, as it ends one after another: a "
			   "health check.",
		.outranks = {{"abort", "it ends all so"}},
		.why = "Load balancers end their checks with a reset, to "
		       "leave no TIME-WAIT behind [public reports of "
		       "HAProxy]. Fooled by: a client that dies of each "
		       "answer.",
	},
	{
		.name = "closed-unheard",
		.needs = FACTS(CLOSED_UNHEARD, RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_ORDERLY,
		.sender = ROLE_SENDER,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_LIKELY,
		.summary = "The client connected, said nothing and closed "
			   "before the server's greeting came: a check "
			   "whether the port is open.",
		.outranks = {{"late-data", "it wanted no data"}},
		.why = "Kubernetes, load balancers and monitors connect and "
		       "close; the greeting of a mail, database or SSH server "
		       "meets no socket then. Fooled by: a client that is "
		       "killed before its first word.",
	},
	{
		.name = "sent-to-end-on-the-way",
		.needs = FACTS(RESET_TTL_LIMITED, SENDER_CONTINUED_AFTER_RESET),
		.mechanism = MECHANISM_ORDERLY,
		.sender = ROLE_SENDER,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_LIKELY,
		.summary = "A program on the client's host sent a reset with a "
			   "TTL too small for it to arrive, and went on.",
		.outranks = {{"ignored-in-every-detail",
			"it left the client's own host"}},
		.why = "Programs that hide from devices on the path send "
		       "decoys which only these see; probes of the path are "
		       "limited in the same way.",
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
		.outranks = {{"fin-unacknowledged",
				     "the connection was over for its sender"},
			{"keepalive-ran-out",
				"the connection was over for its sender"},
			{"timeout-then-reset",
				"the connection was over for its sender"},
			{"answered-by-neighbour-after-close",
				"the connection was over for its sender"},
			{"ended-by-whoever-shook-hands-after-silence",
				"the connection was over for its sender"}},
		.why = "Browsers keep connections for reuse and reset those "
		       "that they discard. Fooled by: a client whose own "
		       "timeout ran out.",
	},
};
const unsigned signatures_benign_count =
	sizeof(signatures_benign) / sizeof(signatures_benign[0]);
