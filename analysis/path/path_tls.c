#include "analysis/path/path_tls.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/path/path_large.h"
#include "analysis/path/path_resets.h"
#include "analysis/path/path_tls_text.h"
#include "capture/numbers.h"
#include "capture/safe_text.h"

/* The first connection of each purpose. */
struct tls_result {
	struct tls_reading of[TLS_PURPOSE_COUNT];
	/* the first words of a server that spoke before it was asked; NULL */
	const struct path_dialog *spoken;
};

/* Whether the server said something that is not TLS. */
static bool has_other(const struct path_dialog *flow)
{
	return flow->server.known && !tls_may_begin(flow->server.bytes[0]);
}

static void read_all(const struct path *path, struct tls_result *result)
{
	const struct path_dialogs *dialogs = &path->dialogs;

	*result = (struct tls_result){0};
	result->spoken = has_other(&dialogs->run) ? &dialogs->run : NULL;
	for (unsigned i = 0; i < dialogs->flow_count; i++) {
		const struct path_dialog *flow = &dialogs->flows[i];
		enum tls_purpose purpose;

		if (path_tls_is_of(flow, &purpose)) {
			if (!result->of[purpose].flow)
				path_tls_read(flow, &result->of[purpose]);
		} else if (!result->spoken && has_other(flow) &&
			   !flow->own.known) {
			result->spoken = flow;
		}
	}
}

static uint64_t frame_of(const struct dialog_arrival *arrival)
{
	return arrival ? arrival->frame : 0;
}

static void set_frames(struct path_facts *facts, enum path_fact fact,
	bool holds, uint64_t frame, uint64_t against)
{
	path_fact_set(facts, fact, holds);
	path_fact_frames(facts, fact, frame, against);
}

static void set_other(struct path_case *one, const struct path_dialog *flow)
{
	const struct dialog_stream *stream = &flow->server;
	const uint8_t *end = memchr(stream->bytes, '\n', stream->known);
	const struct dialog_arrival *first = path_dialog_arrival(stream, 1);
	size_t bytes = end ? (size_t)(end - stream->bytes) : stream->known;
	char safe[FOUND_BYTES];

	(void)safe_text_copy(
		safe, sizeof(safe), (const char *)stream->bytes, bytes);
	set_frames(&one->facts, PATH_FACT_TLS_OTHER_PROTOCOL, true,
		frame_of(first), flow->open_frame);
	path_fact_found(&one->facts, PATH_FACT_TLS_OTHER_PROTOCOL, "%s", safe);
	path_fact_expected(
		&one->facts, PATH_FACT_TLS_OTHER_PROTOCOL, "a ServerHello");
	(void)snprintf(one->figures.tls.speaks, FINDING_TLS_TEXT, "%s",
		path_tls_protocol(stream));
}

/* How long after the ClientHello; -1: not known. */
static int64_t waited_ns(const struct path *path,
	const struct path_dialog *flow, const struct dialog_arrival *asked)
{
	int64_t end_ns =
		flow->left_frame ? flow->left_ns : path->totals.last_ns;

	return asked ? path_record_elapsed_ns(asked->ns, end_ns) : -1;
}

static void set_silence(const struct path *path, struct path_case *one,
	const struct tls_reading *phases)
{
	int64_t ns = waited_ns(path, phases->flow, phases->asked);
	struct path_facts *facts = &one->facts;

	path_fact_set(facts, PATH_FACT_TLS_WAITED,
		ns >= (TLS_ANSWER_WAIT_S - 1) * INT64_C(1000000000) &&
			!path_dialog_is_closed(phases->flow) && !phases->first);
	path_fact_as_expected(
		facts, PATH_FACT_TLS_WAITED, "%.1f s", (double)ns / 1e9);
	if (facts->value[PATH_FACT_TLS_WAITED].truth == TRUTH_YES)
		one->figures.ssh.wait_ns = ns;
}

static void set_end(const struct path *path, struct path_case *one,
	const struct tls_reading *phases)
{
	const struct path_dialog *flow = phases->flow;
	struct path_facts *facts = &one->facts;
	bool is_ended = path_dialog_is_closed(flow) && !phases->first;

	set_frames(facts, PATH_FACT_TLS_CLOSED_UNSAID, is_ended,
		flow->closed_frame ? flow->closed_frame : flow->reset_frame,
		frame_of(phases->asked));
	if (is_ended)
		path_fact_found(facts, PATH_FACT_TLS_CLOSED_UNSAID, "%s",
			flow->closed_frame ? "FIN" : "reset");
	path_fact_expected(facts, PATH_FACT_TLS_CLOSED_UNSAID, "a ServerHello");
	if (is_ended && flow->reset_frame && !flow->closed_frame)
		path_resets_weigh(path,
			&(struct path_reset){
				flow->reset_frame, flow->reset_ttl},
			one);
}

/* Whether there is an answer, or will be none. */
static bool is_known(
	const struct path_case *one, const struct tls_reading *phases)
{
	return phases->answer.kind != TLS_ANSWER_NONE ||
	       one->facts.value[PATH_FACT_TLS_CLOSED_UNSAID].truth ==
		       TRUTH_YES ||
	       one->facts.value[PATH_FACT_TLS_WAITED].truth == TRUTH_YES;
}

static void set_first(const struct path *path, struct path_case *one,
	const struct tls_reading *phases)
{
	const struct path_dialog *flow = phases->flow;
	const struct tls_answer *answer = &phases->answer;
	struct path_facts *facts = &one->facts;
	bool is_alert = answer->kind == TLS_ANSWER_ALERT;

	set_frames(facts, PATH_FACT_TLS_HELLO_ACKNOWLEDGED,
		flow->acked_frame != 0, flow->acked_frame,
		frame_of(phases->asked));
	path_fact_set(facts, PATH_FACT_TLS_NAME_SENT, phases->name[0] != '\0');
	set_silence(path, one, phases);
	set_end(path, one, phases);
	if (answer->kind == TLS_ANSWER_OTHER)
		set_other(one, flow);
	if (!is_known(one, phases))
		return;
	set_frames(facts, PATH_FACT_TLS_ANSWERED,
		answer->kind == TLS_ANSWER_HELLO, frame_of(phases->hello),
		frame_of(phases->asked));
	path_fact_as_expected(
		facts, PATH_FACT_TLS_ANSWERED, "%s", one->figures.tls.version);
	set_frames(facts, PATH_FACT_TLS_ALERT, is_alert,
		frame_of(phases->alert), frame_of(phases->asked));
	path_fact_found(facts, PATH_FACT_TLS_ALERT, "%s (%u)",
		one->figures.tls.alert, answer->alert);
	path_fact_expected(facts, PATH_FACT_TLS_ALERT, "a ServerHello");
	path_fact_set(facts, PATH_FACT_TLS_ALERT_NAME,
		is_alert && answer->alert == TLS_ALERT_UNRECOGNIZED_NAME);
}

/* What a server chose that it would not have from clients. */
static void set_choice(struct path_case *one, const struct tls_reading *reading)
{
	const struct tls_answer *answer = &reading->answer;
	struct path_facts *facts = &one->facts;
	const struct tls_figures *tls = &one->figures.tls;

	set_frames(facts, PATH_FACT_TLS_VERSION_OLD, answer->version < TLS_1_2,
		frame_of(reading->hello), frame_of(reading->asked));
	path_fact_found(facts, PATH_FACT_TLS_VERSION_OLD, "%s", tls->version);
	path_fact_expected(
		facts, PATH_FACT_TLS_VERSION_OLD, "TLS 1.2 or TLS 1.3");
	set_frames(facts, PATH_FACT_TLS_SUITE_USUAL,
		tls_suite_is_usual(answer->suite), frame_of(reading->hello),
		frame_of(reading->asked));
	path_fact_found(facts, PATH_FACT_TLS_SUITE_USUAL, "%s", tls->suite);
	path_fact_expected(facts, PATH_FACT_TLS_SUITE_USUAL,
		"one that the client proposes");
}

/* Whether another ClientHello was answered. */
static void set_again(struct path_case *one, enum path_fact fact,
	const struct tls_reading *reading)
{
	const struct tls_answer *answer = &reading->answer;
	struct tls_figures tls = {.alert = ""};
	bool is_ended;

	if (!reading->flow || !reading->flow->is_open)
		return;
	is_ended = path_dialog_is_closed(reading->flow);
	if (answer->kind == TLS_ANSWER_NONE && !is_ended)
		return;
	path_tls_describe(answer, &tls);
	set_frames(&one->facts, fact, answer->kind == TLS_ANSWER_HELLO,
		frame_of(reading->first), frame_of(reading->asked));
	path_fact_as_expected(&one->facts, fact, "%s%s%s%s", tls.alert,
		tls.version, tls.suite[0] ? ", " : "", tls.suite);
}

static void set_old(struct path_case *one, const struct tls_reading *old)
{
	const struct tls_answer *answer = &old->answer;
	bool is_refused = answer->kind == TLS_ANSWER_ALERT &&
			  answer->alert == TLS_ALERT_PROTOCOL_VERSION;

	if (!old->flow || (answer->kind != TLS_ANSWER_HELLO && !is_refused))
		return;
	set_frames(&one->facts, PATH_FACT_TLS_1_2_ANSWERED, !is_refused,
		frame_of(old->first), frame_of(old->asked));
	path_fact_found(&one->facts, PATH_FACT_TLS_1_2_ANSWERED, "%s",
		is_refused ? "protocol_version (70)" : "TLS 1.2");
	path_fact_expected(
		&one->facts, PATH_FACT_TLS_1_2_ANSWERED, "a ServerHello");
}

static void set_validity(
	struct path_case *one, const struct tls_reading *reading)
{
	const enum path_fact fact = PATH_FACT_TLS_CERTIFICATE_VALID;
	int64_t from_s, until_s, now_s;

	if (!reading->certificate || reading->certificate->ns == INT64_MIN ||
		!path_tls_validity(
			reading->answer.certificate, &from_s, &until_s))
		return;
	now_s = reading->certificate->ns / 1000000000;
	set_frames(&one->facts, fact, now_s >= from_s && now_s <= until_s,
		frame_of(reading->certificate), frame_of(reading->asked));
	set_frames(&one->facts, PATH_FACT_TLS_CERTIFICATE_BEGUN,
		now_s >= from_s, frame_of(reading->certificate),
		frame_of(reading->asked));
	if (now_s > until_s)
		path_fact_found(&one->facts, fact, "it ended %lld days ago",
			(long long)(now_s - until_s) / 86400);
	else
		path_fact_found(&one->facts, fact,
			now_s < from_s ? "it begins in %lld days"
				       : "it began %lld days ago",
			(long long)llabs(now_s - from_s) / 86400);
	path_fact_expected(&one->facts, fact, "valid now");
}

/* Of a handshake in clear: the name in its certificate, whether that is valid,
 * and whether it asks for the client's. */
static void set_certificate(
	struct path_case *one, const struct tls_reading *reading)
{
	const struct tls_answer *answer = &reading->answer;
	struct path_facts *facts = &one->facts;
	enum truth certified = TRUTH_UNKNOWN;

	if (!reading->flow || answer->kind != TLS_ANSWER_HELLO ||
		answer->version >= TLS_1_3)
		return;
	if (reading->request || reading->done)
		set_frames(facts, PATH_FACT_TLS_CERTIFICATE_ASKED,
			reading->request != NULL,
			frame_of(reading->request ? reading->request
						  : reading->done),
			frame_of(reading->asked));
	set_validity(one, reading);
	if (reading->certificate && reading->name[0])
		certified = path_tls_is_certified(
			answer->certificate, reading->name);
	if (certified == TRUTH_UNKNOWN)
		return;
	set_frames(facts, PATH_FACT_TLS_NAME_CERTIFIED, certified == TRUTH_YES,
		frame_of(reading->certificate), frame_of(reading->asked));
	path_fact_found(facts, PATH_FACT_TLS_NAME_CERTIFIED,
		certified == TRUTH_YES ? "%.40s" : "not %.40s", reading->name);
	path_fact_expected(
		facts, PATH_FACT_TLS_NAME_CERTIFIED, "%.40s", reading->name);
}

static void begin(const struct path *path, struct path_case *one,
	const struct tls_reading *phases)
{
	char safe[FINDING_TLS_TEXT];

	path_case_begin(one, PATH_SUBJECT_TLS, path->comment.family);
	path_case_word(&one->words, PATH_WORD_PORT, "%u", path->comment.port);
	if (!phases->flow)
		return;
	(void)safe_text_copy(
		safe, sizeof(safe), phases->name, strlen(phases->name));
	(void)snprintf(one->figures.tls.name, FINDING_TLS_TEXT, "%s", safe);
}

static void set_words(struct path_case *one)
{
	const struct tls_figures *tls = &one->figures.tls;

	path_case_word(&one->words, PATH_WORD_ALERT, "%s", tls->alert);
	path_case_word(&one->words, PATH_WORD_VERSION, "%s", tls->version);
	path_case_word(&one->words, PATH_WORD_SUITE, "%s", tls->suite);
	path_case_word(&one->words, PATH_WORD_SPEAKS, "%s", tls->speaks);
	path_case_word(&one->words, PATH_WORD_NAME, "%s", tls->name);
}

/* A short answer, such as a HelloRetryRequest, fits a small segment, and says
 * nothing of large ones. */
static void set_large_answered(const struct path *path,
	struct path_facts *facts, const struct tls_reading *reading)
{
	bool is_large = reading->hello &&
			reading->flow->server.known > TLS_SMALL_MSS;
	bool is_silent = !reading->hello &&
			 waited_ns(path, reading->flow, reading->asked) >=
				 (TLS_ANSWER_WAIT_S - 1) * INT64_C(1000000000);

	if (is_large || is_silent)
		set_frames(facts, PATH_FACT_TLS_LARGE_ANSWERED, is_large,
			frame_of(reading->hello), frame_of(reading->asked));
}

static void large_case(const struct path *path, const struct tls_result *result,
	const struct path_case_sink *sink)
{
	const struct tls_reading *reading = &result->of[TLS_LARGE];
	const struct dialog_large *large;
	uint64_t reported;
	struct path_case one;
	struct path_facts *facts = &one.facts;

	begin(path, &one, &result->of[TLS_PHASES]);
	if (!reading->flow || !reading->flow->is_open ||
		!result->of[TLS_PHASES].hello || !reading->flow->large.sent)
		return;
	large = &reading->flow->large;
	reported = path_large_reported(path, reading->flow);
	set_frames(facts, PATH_FACT_TLS_LARGE_REPORTED, reported != 0, reported,
		large->frame);
	reported = path_large_size_reported(path, reading->flow);
	set_frames(facts, PATH_FACT_TLS_SIZE_REPORTED, reported != 0, reported,
		large->frame);
	if (large->arrived_frame || large->smaller_arrived_frame)
		set_frames(facts, PATH_FACT_TLS_LARGE_ARRIVES,
			large->arrived_frame != 0,
			large->arrived_frame ? large->arrived_frame
					     : large->frame,
			large->frame);
	path_fact_found(facts, PATH_FACT_TLS_LARGE_ARRIVES,
		large->arrived_frame ? "%u bytes" : "%u bytes, %u times",
		large->ip_bytes, large->sent);
	path_fact_expected(
		facts, PATH_FACT_TLS_LARGE_ARRIVES, "an acknowledgment");
	set_frames(facts, PATH_FACT_TLS_SMALLER_ARRIVES,
		large->smaller_arrived_frame != 0, large->smaller_arrived_frame,
		large->smaller_frame);
	path_fact_set(facts, PATH_FACT_TLS_LARGE_SENT_OFTEN,
		large->sent >= path->thresholds[PATH_SSH_LARGE_OFTEN]);
	set_large_answered(path, facts, reading);
	set_frames(facts, PATH_FACT_TLS_CLOSED_UNSAID,
		path_dialog_is_closed(reading->flow), 0, 0);
	path_case_word(&one.words, PATH_WORD_SIZE, "%u", large->ip_bytes);
	sink->take(sink->context, &one);
}

void path_tls_cases(const struct path *path, const struct path_case_sink *sink)
{
	struct tls_result result;
	const struct tls_reading *phases = &result.of[TLS_PHASES];
	const struct tls_reading *wide = &result.of[TLS_WIDE];
	const struct tls_reading *choice;
	struct path_case one;

	read_all(path, &result);
	begin(path, &one, phases);
	choice = wide->flow && wide->hello ? wide : phases;
	if (phases->flow)
		path_tls_describe(&phases->answer, &one.figures.tls);
	if (choice->flow)
		path_tls_describe(&choice->answer, &one.figures.tls);
	if (phases->flow && phases->flow->is_open)
		set_first(path, &one, phases);
	else if (!phases->flow && result.spoken)
		set_other(&one, result.spoken);
	if (choice->flow && choice->hello)
		set_choice(&one, choice);
	set_again(&one, PATH_FACT_TLS_WIDE_ANSWERED, wide);
	set_again(&one, PATH_FACT_TLS_NAMELESS_ANSWERED,
		&result.of[TLS_NAMELESS]);
	set_old(&one, &result.of[TLS_OLD]);
	set_certificate(&one, phases->flow && phases->answer.version < TLS_1_3
				      ? phases
				      : &result.of[TLS_OLD]);
	set_words(&one);
	sink->take(sink->context, &one);
	large_case(path, &result, sink);
}

void path_tls_measure(const struct path *path, struct path_tls_times *times)
{
	struct tls_result result;
	const struct tls_reading *phases = &result.of[TLS_PHASES];
	const struct path_dialog *flow;

	*times = (struct path_tls_times){.handshake_ns = -1,
		.hello_ns = -1,
		.certificate_ns = -1,
		.close_ns = -1};
	read_all(path, &result);
	flow = phases->flow;
	if (!flow || !flow->is_open)
		return;
	path_tls_describe(&phases->answer, &times->answer);
	if (flow->syn_count == 1)
		times->handshake_ns =
			path_record_elapsed_ns(flow->syn_ns, flow->open_ns);
	times->hello_ns = path_record_between_ns(
		phases->asked, phases->hello ? phases->hello : phases->alert);
	times->certificate_ns =
		path_record_between_ns(phases->hello, phases->certificate);
	if (flow->left_frame && flow->closed_frame > flow->left_frame)
		times->close_ns =
			path_record_elapsed_ns(flow->left_ns, flow->closed_ns);
}
