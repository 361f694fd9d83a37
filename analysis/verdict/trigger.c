#include "analysis/verdict/trigger.h"

#include <assert.h>
#include <string.h>

#include "capture/safe_text.h"

static const struct {
	const char *word, *settled_by;
} kinds[] = {
	[TRIGGER_NONE] = {NULL, NULL},
	[TRIGGER_SNI] = {"sni",
		"ClientHellos to this server by turns with this name and with "
		"another (openssl s_client -servername): only those with it "
		"are reset"},
	[TRIGGER_HOST] = {"host",
		"the same request to this server by turns with this Host and "
		"with another (curl -H Host:): only those with it are reset"},
	[TRIGGER_BYTES] = {"first-bytes",
		"connections to this server by turns with these first bytes "
		"and with others: only those with them are reset"},
	[TRIGGER_PORT] = {"port",
		"the same data to this port and to another of the server: only "
		"this one's connections are reset"},
	[TRIGGER_ADDRESS] = {"address",
		"the same data to this server and to another outside its "
		"network: only this one's connections are reset"},
	[TRIGGER_NETWORK] = {"network",
		"the same data to a server in this network and to one outside: "
		"only connections into it are reset"},
};
static_assert(sizeof(kinds) / sizeof(kinds[0]) == TRIGGER_COUNT,
	"every kind of trigger has its words");

const char *trigger_word(enum trigger_kind kind)
{
	return kinds[kind].word;
}

const char *trigger_settled_by(enum trigger_kind kind)
{
	return kinds[kind].settled_by;
}

/* All but strays that have it were reset, and none but strays that lack it. */
static bool separates(const struct thresholds *thresholds,
	const struct trigger_counts *counts)
{
	int64_t strays = thresholds->trigger_strays_percent;
	int64_t survivors = counts->without - counts->without_reset;

	return counts->without > 0 &&
	       counts->with_reset >= thresholds->trigger_resets &&
	       survivors >= thresholds->trigger_survivors &&
	       (int64_t)(counts->with - counts->with_reset) * 100 <=
		       counts->with * strays &&
	       (int64_t)counts->without_reset * 100 <= counts->without * strays;
}

/* How far apart the shares of both that were reset are, in millionths. */
static int64_t separation(const struct trigger_counts *counts)
{
	enum { WHOLE = 1000000 };

	return (int64_t)counts->with_reset * WHOLE / counts->with -
	       (int64_t)counts->without_reset * WHOLE / counts->without;
}

static void write_text(const struct triggers *triggers,
	const struct trigger_conn *conn, struct incident_trigger *trigger)
{
	const struct trigger_name *name = triggers_name_of(triggers, conn);
	size_t length = 0;

	if (trigger->kind == TRIGGER_BYTES)
		length = safe_text_copy(trigger->text, sizeof(trigger->text),
			(const char *)conn->bytes, conn->byte_count);
	else if (name && (trigger->kind == TRIGGER_SNI ||
				 trigger->kind == TRIGGER_HOST))
		length = safe_text_copy(trigger->text,
			sizeof(trigger->text) - sizeof("…"), name->text,
			name->length);
	if (length && name && name->is_cut && trigger->kind != TRIGGER_BYTES)
		memcpy(trigger->text + length, "…", sizeof("…"));
}

void trigger_find(const struct verdict_context *context,
	const struct flow *flow, struct incident_trigger *trigger)
{
	const struct triggers *triggers = &context->learned->triggers;
	const struct trigger_conn *conn = triggers_find(triggers, flow);
	struct trigger_counts counts;

	for (unsigned i = 0; conn && i < TRIGGER_COUNT; i++) {
		if (!triggers_count(
			    triggers, conn, (enum trigger_kind)i, &counts) ||
			!separates(context->thresholds, &counts) ||
			(trigger->kind != TRIGGER_NONE &&
				separation(&counts) <=
					separation(&trigger->counts)))
			continue;
		trigger->kind = (enum trigger_kind)i;
		trigger->counts = counts;
	}
	trigger->left_out = triggers->left_out;
	if (conn && trigger->kind != TRIGGER_NONE)
		write_text(triggers, conn, trigger);
}
