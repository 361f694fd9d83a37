#include "analysis/path/finding.h"

#include <assert.h>

static const struct {
	const char *word;
	enum probe_experiment experiment;
} kinds[] = {
	[FINDING_PATH_MTU] = {"path-mtu", EXPERIMENT_MTU},
	[FINDING_BLACK_HOLE] = {"pmtu-black-hole", EXPERIMENT_MTU},
	[FINDING_TOO_BIG_IGNORED] = {"too-big-ignored", EXPERIMENT_TOO_BIG},
	[FINDING_MSS_CLAMPED] = {"mss-clamped", EXPERIMENT_REWRITTEN},
	[FINDING_DF_CLEARED] = {"df-cleared", EXPERIMENT_REWRITTEN},
	[FINDING_FRAGMENTS_DROPPED] = {"fragments-dropped",
		EXPERIMENT_FRAGMENTS},
	[FINDING_PORT_STATE] = {"port-state", EXPERIMENT_ROUTE},
	[FINDING_IDLE_TIMEOUT] = {"idle-timeout", EXPERIMENT_IDLE},
	[FINDING_LOSS] = {"loss", EXPERIMENT_LOSS},
	[FINDING_REWRITTEN] = {"rewritten", EXPERIMENT_REWRITTEN},
	[FINDING_RESET_ORIGIN] = {"reset-origin", EXPERIMENT_ROUTE},
	[FINDING_INJECTOR] = {"injector", EXPERIMENT_RESET},
	[FINDING_PROXY] = {"proxy", EXPERIMENT_ROUTE},
	[FINDING_SSH] = {"ssh", EXPERIMENT_SSH},
	[FINDING_OPTION_REFUSED] = {"option-refused", EXPERIMENT_REWRITTEN},
	[FINDING_TLS] = {"tls", EXPERIMENT_TLS},
};
static_assert(sizeof(kinds) / sizeof(kinds[0]) == FINDING_COUNT,
	"a word for every finding");

static const char *const state_words[] = {
	[PORT_STATE_NONE] = NULL,
	[PORT_CLOSED] = "closed",
	[PORT_REJECTED] = "rejected",
	[PORT_FILTERED] = "filtered",
};
static_assert(sizeof(state_words) / sizeof(state_words[0]) == PORT_STATE_COUNT,
	"a word for every state");

static const char *const rejecter_words[] = {
	[REJECTER_NONE] = NULL,
	[REJECTER_TARGET] = "target",
	[REJECTER_PATH] = "path",
};
static_assert(
	sizeof(rejecter_words) / sizeof(rejecter_words[0]) == REJECTER_COUNT,
	"a word for everyone who rejects");

static const char *const fragments_words[] = {
	[FRAGMENTS_NONE] = NULL,
	[FRAGMENTS_ANY] = "any",
	[FRAGMENTS_FIRST] = "first",
	[FRAGMENTS_LATER] = "later",
	[FRAGMENTS_TWO] = "two",
	[FRAGMENTS_MANY] = "many",
	[FRAGMENTS_TINY_FIRST] = "tiny-first",
	[FRAGMENTS_REVERSED] = "reversed",
	[FRAGMENTS_ANSWER] = "answer",
};
static_assert(
	sizeof(fragments_words) / sizeof(fragments_words[0]) == FRAGMENTS_COUNT,
	"a word for all fragments that are dropped");

static const char *const field_words[] = {
	[FIELD_NONE] = NULL,
	[FIELD_MSS] = "mss",
	[FIELD_DF] = "df",
	[FIELD_DSCP] = "dscp",
	[FIELD_ECN] = "ecn",
	[FIELD_ECN_FLAGS] = "ecn-flags",
	[FIELD_TIMESTAMP] = "timestamps",
	[FIELD_SACK] = "sack-permitted",
	[FIELD_SCALE] = "window-scale",
	[FIELD_SEQUENCE] = "sequence",
	[FIELD_WINDOW] = "window",
	[FIELD_IP_ID] = "ip-id",
	[FIELD_TARGET] = "target",
	[FIELD_SOURCE] = "source",
	[FIELD_CHECKSUM] = "source",
	[FIELD_FRAGMENTS] = "fragmentation",
	[FIELD_TTL] = "ttl",
};
static_assert(sizeof(field_words) / sizeof(field_words[0]) == FIELD_COUNT,
	"a word for every field");

static const char *const expiry_words[] = {
	[IDLE_EXPIRY_NONE] = NULL,
	[IDLE_EXPIRY_SILENT] = "silent",
	[IDLE_EXPIRY_RESET_BY_BOX] = "reset-by-box",
	[IDLE_EXPIRY_RESET_BY_SERVER] = "reset-by-server",
	[IDLE_EXPIRY_ERROR_BY_BOX] = "error-by-box",
	[IDLE_EXPIRY_PORT_MOVED] = "port-moved",
};
static_assert(
	sizeof(expiry_words) / sizeof(expiry_words[0]) == IDLE_EXPIRY_COUNT,
	"a word for every behaviour");

static const struct {
	const char *word, *phase;
} causes[] = {
	[FINDING_CAUSE_NONE] = {NULL, NULL},
	[SSH_CAUSE_MAX_STARTUPS] = {"max-startups", "banner"},
	[SSH_CAUSE_NOT_ALLOWED] = {"not-allowed", "banner"},
	[SSH_CAUSE_REFUSED] = {"refused-before-banner", "banner"},
	[SSH_CAUSE_SILENT] = {"silent", "banner"},
	[SSH_CAUSE_SLOW_BANNER] = {"slow-banner", "banner"},
	[SSH_CAUSE_NO_COMMON_ALGORITHM] = {"no-common-algorithm", "algorithms"},
	[SSH_CAUSE_LARGE_LOST] = {"large-packets-lost", "key-exchange"},
	[SSH_CAUSE_NO_REPLY] = {"no-reply", "key-exchange"},
	[SSH_CAUSE_CLOSED] = {"closed", "key-exchange"},
	[SSH_CAUSE_LOGIN_GRACE] = {"login-grace-time", "login"},
	[SSH_CAUSE_DSCP] = {"dscp", "session"},
	[TLS_CAUSE_NOT_TLS] = {"not-tls", "hello"},
	[TLS_CAUSE_NAME] = {"server-name", "hello"},
	[TLS_CAUSE_VERSION] = {"old-version", "hello"},
	[TLS_CAUSE_NO_COMMON] = {"no-common-suite", "hello"},
	[TLS_CAUSE_ALERT] = {"alert", "hello"},
	[TLS_CAUSE_CLOSED] = {"closed", "hello"},
	[TLS_CAUSE_SILENT] = {"silent", "hello"},
	[TLS_CAUSE_HELLO_LOST] = {"hello-lost", "hello"},
	[TLS_CAUSE_NEW_ONLY] = {"new-version-only", "hello"},
	[TLS_CAUSE_OTHER_CERTIFICATE] = {"other-certificate", "certificate"},
	[TLS_CAUSE_EXPIRED] = {"expired-certificate", "certificate"},
	[TLS_CAUSE_CLIENT_CERTIFICATE] = {"client-certificate", "certificate"},
	[TLS_CAUSE_LARGE_LOST] = {"large-packets-lost", "hello"},
};
static_assert(sizeof(causes) / sizeof(causes[0]) == FINDING_CAUSE_COUNT,
	"words for every cause");

const char *finding_cause_word(enum finding_cause cause)
{
	assert(cause < FINDING_CAUSE_COUNT);
	return causes[cause].word;
}

const char *finding_cause_phase_word(enum finding_cause cause)
{
	assert(cause < FINDING_CAUSE_COUNT);
	return causes[cause].phase;
}

const char *finding_kind_word(enum finding_kind kind)
{
	assert(kind < FINDING_COUNT);
	return kinds[kind].word;
}

enum probe_experiment finding_kind_experiment(enum finding_kind kind)
{
	assert(kind < FINDING_COUNT);
	return kinds[kind].experiment;
}

const char *finding_direction_word(enum path_direction direction)
{
	switch (direction) {
	case PATH_FORWARD:
		return "forward";
	case PATH_REVERSE:
		return "reverse";
	case PATH_NO_DIRECTION:
		break;
	}
	return NULL;
}

const char *finding_state_word(enum port_state state)
{
	assert(state < PORT_STATE_COUNT);
	return state_words[state];
}

const char *finding_rejecter_word(enum rejecter rejecter)
{
	assert(rejecter < REJECTER_COUNT);
	return rejecter_words[rejecter];
}

const char *finding_fragments_word(enum dropped_fragments fragments)
{
	assert(fragments < FRAGMENTS_COUNT);
	return fragments_words[fragments];
}

const char *finding_field_word(enum header_field field)
{
	assert(field < FIELD_COUNT);
	return field_words[field];
}

const char *finding_expiry_word(enum idle_expiry expiry)
{
	assert(expiry < IDLE_EXPIRY_COUNT);
	return expiry_words[expiry];
}
