/* A path's hops, and findings with their evidence. */
#ifndef ANALYSIS_PATH_FINDING_H
#define ANALYSIS_PATH_FINDING_H

#include "analysis/verdict/incident.h"
#include "probe/protocol/probe_experiment.h"
#include "probe/protocol/reset_rules.h"

enum finding_kind {
	FINDING_PATH_MTU,
	FINDING_BLACK_HOLE,
	FINDING_TOO_BIG_IGNORED,
	FINDING_MSS_CLAMPED,
	FINDING_DF_CLEARED,
	FINDING_FRAGMENTS_DROPPED,
	FINDING_PORT_STATE,
	FINDING_IDLE_TIMEOUT,
	FINDING_LOSS,
	FINDING_REWRITTEN,
	FINDING_RESET_ORIGIN,
	FINDING_INJECTOR,
	FINDING_PROXY,
	FINDING_SSH,
	FINDING_OPTION_REFUSED,
	FINDING_TLS,
	FINDING_COUNT,
};
/* "pmtu-black-hole" */
const char *finding_kind_word(enum finding_kind kind);
/* That looks for such findings. */
enum probe_experiment finding_kind_experiment(enum finding_kind kind);

enum path_direction { PATH_NO_DIRECTION, PATH_FORWARD, PATH_REVERSE };
/* "forward"; NULL for none */
const char *finding_direction_word(enum path_direction direction);

enum port_state {
	PORT_STATE_NONE, /* no part of the finding */
	PORT_CLOSED,
	PORT_REJECTED,
	PORT_FILTERED,
	PORT_STATE_COUNT,
};
const char *finding_state_word(enum port_state state);

enum rejecter { REJECTER_NONE, REJECTER_TARGET, REJECTER_PATH, REJECTER_COUNT };
const char *finding_rejecter_word(enum rejecter rejecter);

/* Which fragments are dropped: some of each packet, or those of packets that
 * are fragmented in one way. */
enum dropped_fragments {
	FRAGMENTS_NONE, /* no part of the finding */
	FRAGMENTS_ANY,	/* all, or which is not known */
	FRAGMENTS_FIRST,
	FRAGMENTS_LATER,
	FRAGMENTS_TWO,
	FRAGMENTS_MANY,
	FRAGMENTS_TINY_FIRST,
	FRAGMENTS_REVERSED,
	FRAGMENTS_ANSWER,
	FRAGMENTS_COUNT,
};
const char *finding_fragments_word(enum dropped_fragments fragments);

enum header_field {
	FIELD_NONE, /* no part of the finding */
	FIELD_MSS,
	FIELD_DF,
	FIELD_DSCP,
	FIELD_ECN,
	FIELD_ECN_FLAGS,
	FIELD_TIMESTAMP,
	FIELD_SACK,
	FIELD_SCALE,
	FIELD_SEQUENCE,
	FIELD_WINDOW,
	FIELD_IP_ID,
	FIELD_TARGET,
	FIELD_SOURCE,
	/* a NAT that restores the quoted address but not the checksum; its
	 * name is that of the source */
	FIELD_CHECKSUM,
	FIELD_FRAGMENTS, /* bytes of the fragment that came first */
	FIELD_TTL,
	FIELD_COUNT,
};
const char *finding_field_word(enum header_field field);

/* What happens to the packet that comes after the time-out. */
enum idle_expiry {
	IDLE_EXPIRY_NONE, /* no part of the finding */
	IDLE_EXPIRY_SILENT,
	IDLE_EXPIRY_RESET_BY_BOX,
	IDLE_EXPIRY_RESET_BY_SERVER,
	IDLE_EXPIRY_ERROR_BY_BOX, /* an ICMP error */
	IDLE_EXPIRY_PORT_MOVED,	  /* the server's answer for another one */
	IDLE_EXPIRY_COUNT,
};
const char *finding_expiry_word(enum idle_expiry expiry);

/* What fails at an SSH or a TLS server, in the order of its phases. */
enum finding_cause {
	FINDING_CAUSE_NONE, /* no part of the finding */
	SSH_CAUSE_MAX_STARTUPS,
	SSH_CAUSE_NOT_ALLOWED, /* that, or PerSourcePenalties */
	SSH_CAUSE_REFUSED,     /* closed before the identification */
	SSH_CAUSE_SILENT,
	SSH_CAUSE_SLOW_BANNER,
	SSH_CAUSE_NO_COMMON_ALGORITHM,
	SSH_CAUSE_LARGE_LOST, /* packets of the key exchange */
	SSH_CAUSE_NO_REPLY,   /* to the key exchange */
	SSH_CAUSE_CLOSED,     /* in the key exchange */
	SSH_CAUSE_LOGIN_GRACE,
	SSH_CAUSE_DSCP,
	TLS_CAUSE_NOT_TLS, /* another protocol */
	TLS_CAUSE_NAME,	   /* the server's name is refused, or demanded */
	TLS_CAUSE_VERSION, /* too old */
	TLS_CAUSE_NO_COMMON,
	TLS_CAUSE_ALERT, /* another one */
	TLS_CAUSE_CLOSED,
	TLS_CAUSE_SILENT,
	TLS_CAUSE_HELLO_LOST, /* not acknowledged, in a small segment */
	TLS_CAUSE_NEW_ONLY,   /* TLS 1.2 is refused */
	TLS_CAUSE_OTHER_CERTIFICATE,
	TLS_CAUSE_EXPIRED, /* or not valid yet */
	TLS_CAUSE_CLIENT_CERTIFICATE,
	TLS_CAUSE_LARGE_LOST,
	FINDING_CAUSE_COUNT,
};
/* "max-startups", and the phase in which that shows: "banner"; NULL for none */
const char *finding_cause_word(enum finding_cause cause);
const char *finding_cause_phase_word(enum finding_cause cause);

struct ssh_figures {
	int64_t wait_ns; /* until the banner, or the server's close; 0: no part
			    of it */
	unsigned open;	 /* connections at once; 0: no part of it */
	int dscp;	 /* -1: no part of it */
};

enum { FINDING_TLS_TEXT = 64 };

/* Of the server's answer; "": no part of it. */
struct tls_figures {
	char alert[FINDING_TLS_TEXT];	/* "handshake_failure" */
	char version[FINDING_TLS_TEXT]; /* "TLS 1.2" */
	char suite[FINDING_TLS_TEXT];
	char name[FINDING_TLS_TEXT];   /* that was sent */
	char speaks[FINDING_TLS_TEXT]; /* "HTTP" */
};

enum { FINDING_TIMERS = 512 };

/* An idle time-out; times of 0 are not known. */
struct idle_figures {
	int64_t survived_ns;	     /* the longest idle time before it */
	int64_t died_ns;	     /* the shortest fatal one */
	unsigned keepalive_s;	     /* interval that is advised; 0: none */
	char timers[FINDING_TIMERS]; /* known time-outs within; "" */
};

/* Bytes that provoke resets, and a device that does. */
struct injector_figures {
	char trigger[RESET_TRIGGER_NAME]; /* "tls:example.org"; "" */
	const char *style;		  /* a known one, static; NULL */
	enum truth drops_trigger;
	bool copies_ttl, copies_id, copies_window; /* of the trigger */
	/* after the reset: the last SYN that was not answered, the first that
	 * was; 0: not known, or not blocked */
	int64_t blocked_ns, unblocked_ns;
};

enum {
	FINDING_EVIDENCE = 14,
	FINDING_OTHER = 320,
	FINDING_ADVICE = 512,
	HOP_NOT_KNOWN = -1,
};

struct finding {
	enum finding_kind kind;
	enum grade grade;
	const char *row; /* name of the row that applied, static */
	enum path_direction direction;
	uint32_t mtu;  /* 0: not part of it, as everywhere below */
	int after_hop; /* 0 is this host; HOP_NOT_KNOWN */
	int before_hop;
	int hop;
	int limited_after_hop;
	bool has_reporter;
	struct address reporter; /* the source of the PTB, or of the
				    rejection */
	uint32_t sent, arrived;	 /* mss-clamped */
	enum port_state state;
	enum rejecter by;
	enum party sender; /* reset-origin; PARTY_UNKNOWN: no part of it */
	enum dropped_fragments fragments;
	enum header_field field;
	enum idle_expiry on_expiry;
	bool has_idle;
	struct idle_figures idle;
	bool has_injector; /* trigger and so on */
	struct injector_figures injector;
	enum finding_cause cause;
	struct ssh_figures ssh; /* if it has a cause */
	struct tls_figures tls; /* likewise */
	bool has_percent;
	double percent, percent_large;	  /* loss */
	double percent_low, percent_high; /* its interval of 95 % */
	char other[FINDING_OTHER];	  /* what else it could be; "" */
	char advice[FINDING_ADVICE];
	unsigned evidence_count;
	struct evidence_row evidence[FINDING_EVIDENCE];
};

/* Why a question is excluded, or not determined. */
struct path_statement {
	unsigned question; /* enum path_question */
	const char *row;   /* name of the row that applied, static */
	char reason[FINDING_OTHER];
	char settled_by[FINDING_OTHER]; /* of what is not determined */
	unsigned evidence_count;
	struct evidence_row evidence[FINDING_EVIDENCE];
};

enum { PATH_HOP_NAME = 256 };

struct path_hop {
	unsigned ttl;
	bool has_address;
	bool is_target;
	struct address address; /* of the first answer */
	int64_t rtt_ns;		/* least; INT64_MAX: no answer */
	/* Of small packets, which no search for the MTU sent. `timed` of them
	 * have round trips, with these figures, valid if it is not 0. */
	unsigned sent, lost, timed;
	int64_t best_ns, worst_ns;
	double average_ns, deviation_ns; /* of the population */
	char name[PATH_HOP_NAME]; /* as asked for beside the packets; "" */
};

#endif
