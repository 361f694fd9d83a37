#include "probe/experiments/mtu_search.h"

#include <math.h>
#include <stdio.h>

#include "probe/engine/probe_build.h"
#include "probe/protocol/loss_chance.h"
#include "probe/protocol/probe_rules.h"

enum {
	ROUND_SIZES = 40,
	/* of the size above, before missing responses count */
	LEAST_TRIES = PROBE_SIZE_TRIES,
	MOST_TRIES = 12,
	MUTE_ROUNDS = 3, /* without any answer */
	NARROW_BYTES = 576,
	NARROW_ROUNDS = 3,
	MOST_HINTS = 4,	  /* a path has few limits, one behind the other */
	MOST_ROUNDS = 24, /* loss can make it go back and forth */
	ROUNDS_ABOVE = 8,
	LOST_ABOVE = 3, /* fewer lost packets are no reason to look */
	/* of a size that is lost, before it counts that no PTB came: a router
	 * that sends one in ten is overlooked once in a hundred runs */
	PTB_TRIES = 40,
};

/* Where path MTUs lie in practice: minimum sizes, tunnels, PPPoE, clouds,
 * jumbo frames. What lies between is asked in the next round. */
static const uint16_t usual_sizes[] = {
	296,
	576,
	1006,
	1280,
	1319,
	1358,
	1380,
	1400,
	1420,
	1437,
	1450,
	1460,
	1475,
	1480,
	1492,
	1499,
	1500,
	1501,
	1600,
	2002,
	3000,
	4352,
	6000,
	8000,
	8500,
	8942,
	8996,
	9001,
};
enum { USUAL_SIZES = sizeof(usual_sizes) / sizeof(usual_sizes[0]) };

void mtu_search_begin(struct mtu_search *search, enum probe_method method,
	uint32_t floor, uint32_t top)
{
	*search = (struct mtu_search){.method = method,
		.is_begun = true,
		.floor = floor,
		.top = top < PROBE_MOST_BYTES ? top : PROBE_MOST_BYTES};
}

void mtu_search_take(struct mtu_search *search, uint32_t ip_bytes,
	enum response_kind answer, uint32_t claimed_mtu)
{
	if (ip_bytes > search->top)
		return;
	if (answer == RESPONSE_ARRIVED) {
		search->has_arrived[ip_bytes] = true;
		if (ip_bytes > search->passed)
			search->passed = ip_bytes;
	} else if (answer == RESPONSE_TOO_BIG && claimed_mtu < ip_bytes) {
		search->is_refused[ip_bytes] = true;
		if (claimed_mtu >= search->floor)
			search->hint = claimed_mtu;
	}
	if (search->is_refused[ip_bytes] && search->has_arrived[ip_bytes])
		search->has_lied = true;
}

bool mtu_search_is_refused(const struct mtu_search *search, uint32_t ip_bytes)
{
	return search->is_refused[ip_bytes] && !search->has_lied;
}

static unsigned ask_size(struct mtu_search *search,
	struct probe_context *context, uint32_t ip_bytes, const char *name,
	struct tx_queue *tx_queue)
{
	struct probe_packet *probe = probe_build(context, search->method,
		ip_bytes, HOP_LIMIT_WHOLE_WAY, tx_queue);

	if (!probe)
		return 0;
	(void)snprintf(probe->comment, sizeof(probe->comment),
		"%s: does %u pass?", name, ip_bytes);
	if (search->tries[ip_bytes] < UINT8_MAX)
		search->tries[ip_bytes]++;
	return 1;
}

static unsigned ask_usual(struct mtu_search *search,
	struct probe_context *context, const char *name,
	struct tx_queue *tx_queue)
{
	unsigned count = ask_size(search, context, search->top, name, tx_queue);

	for (unsigned i = USUAL_SIZES; i-- > 0;)
		if (usual_sizes[i] > search->floor &&
			usual_sizes[i] < search->top)
			count += ask_size(search, context, usual_sizes[i], name,
				tx_queue);
	return count + ask_size(search, context, search->floor, name, tx_queue);
}

static void find_failed(struct mtu_search *search)
{
	search->failed = 0;
	for (uint32_t size = search->passed + 1; size <= search->top; size++)
		if (search->tries[size]) {
			search->failed = size;
			return;
		}
}

/* Tries of one size after which loss no longer explains missing responses, by
 * the loss of sizes that could pass. */
static unsigned tries_needed(const struct mtu_search *search)
{
	unsigned sent = 0, lost = 0;

	for (uint32_t size = search->floor; size <= search->passed; size++)
		if (search->tries[size]) {
			sent++;
			lost += !search->has_arrived[size];
		}
	if (lost == 0)
		return LEAST_TRIES;
	double needed = ceil(
		log(loss_chance_searched) / log(loss_chance_share(sent, lost)));
	if (needed < (double)LEAST_TRIES)
		return LEAST_TRIES;
	return needed > (double)MOST_TRIES ? MOST_TRIES : (unsigned)needed;
}

static unsigned ask_between(struct mtu_search *search,
	struct probe_context *context, const char *name,
	struct tx_queue *tx_queue)
{
	uint32_t gap = search->failed - search->passed - 1;
	uint32_t count = gap < ROUND_SIZES ? gap : ROUND_SIZES;
	uint32_t hint = search->hint;
	unsigned sent = 0;

	/* The size that a PTB names is verified before it is used: that size
	 * and the next one. */
	if (hint > search->passed && hint < search->failed &&
		!search->tries[hint] && !search->has_lied &&
		search->hints++ < MOST_HINTS) {
		sent = ask_size(search, context, hint, name, tx_queue);
		if (hint + 1 < search->failed && !search->tries[hint + 1])
			sent += ask_size(
				search, context, hint + 1, name, tx_queue);
		return sent;
	}
	/* A whole round may have been lost, as when it overtakes the
	 * handshake's ACK: then no size failed. */
	if (search->tries[search->top] < LEAST_TRIES)
		sent += ask_size(search, context, search->top, name, tx_queue);
	for (uint32_t i = 1; i <= count; i++)
		sent += ask_size(search, context,
			search->passed + (uint32_t)((uint64_t)i * (gap + 1) /
						    (count + 1)),
			name, tx_queue);
	return sent;
}

static unsigned ask_again(struct mtu_search *search,
	struct probe_context *context, uint32_t size, unsigned times,
	const char *name, struct tx_queue *tx_queue)
{
	unsigned sent = 0;

	for (unsigned i = 0; i < times; i++)
		sent += ask_size(search, context, size, name, tx_queue);
	return sent;
}

static bool is_without_ptb(const struct mtu_search *search)
{
	for (uint32_t size = search->failed; size <= search->top; size++)
		if (search->is_refused[size])
			return false;
	return true;
}

/* Sizes that did not arrive, although larger ones did: by loss, or by a device
 * that drops some lengths. */
static unsigned ask_below(struct mtu_search *search,
	struct probe_context *context, const char *name,
	struct tx_queue *tx_queue)
{
	unsigned sent = 0;

	for (uint32_t size = search->floor; size < search->passed; size++)
		if (search->tries[size] && search->tries[size] < LEAST_TRIES &&
			!search->has_arrived[size] && !search->is_refused[size])
			sent += ask_size(search, context, size, name, tx_queue);
	return sent;
}

/* Once more, up to LEAST_TRIES in all. */
static unsigned end_search(struct mtu_search *search,
	struct probe_context *context, const char *name,
	struct tx_queue *tx_queue)
{
	unsigned sent = search->rounds_below++ < LEAST_TRIES
				? ask_below(search, context, name, tx_queue)
				: 0;

	search->is_done = sent == 0;
	return sent;
}

unsigned mtu_search_ask(struct mtu_search *search,
	struct probe_context *context, const char *name,
	struct tx_queue *tx_queue)
{
	unsigned needed, tries;

	if (search->is_done)
		return 0;
	if (search->rounds++ == 0)
		return ask_usual(search, context, name, tx_queue);
	find_failed(search);
	if (search->rounds > MOST_ROUNDS || search->failed == 0)
		return end_search(search, context, name, tx_queue);
	/* No path has such a small MTU; the round was lost. */
	if (search->passed > 0 && search->passed < NARROW_BYTES &&
		search->top >= NARROW_BYTES && search->rounds <= NARROW_ROUNDS)
		return ask_usual(search, context, name, tx_queue);
	if (search->passed == 0) {
		search->is_mute = search->rounds > MUTE_ROUNDS;
		search->is_done = search->is_mute;
		return search->is_done
			       ? 0
			       : ask_usual(search, context, name, tx_queue);
	}
	if (search->failed > search->passed + 1)
		return ask_between(search, context, name, tx_queue);
	needed = tries_needed(search);
	tries = search->tries[search->failed];
	if (tries >= needed && is_without_ptb(search) &&
		!search->is_ptb_asked) {
		search->is_ptb_asked = true;
		return ask_again(search, context, search->failed,
			tries < PTB_TRIES ? PTB_TRIES - tries : 0, name,
			tx_queue);
	}
	if (mtu_search_is_refused(search, search->failed) || tries >= needed)
		return end_search(search, context, name, tx_queue);
	return ask_again(search, context, search->failed, needed - tries, name,
		tx_queue);
}

bool mtu_search_is_claim_open(const struct mtu_search *search)
{
	return search->passed && search->hint == search->passed &&
	       search->failed == search->passed + 1 && !search->has_lied &&
	       !search->is_refused[search->failed];
}

unsigned mtu_search_ask_claim(struct mtu_search *search,
	struct probe_context *context, const char *name,
	struct tx_queue *tx_queue)
{
	return ask_size(search, context, search->failed, name, tx_queue);
}

/* The largest size that was answered with a PTB, or arrived. */
static uint32_t last_answered(const struct mtu_search *search)
{
	uint32_t last = search->failed;

	for (uint32_t size = search->failed; size <= search->top; size++)
		if (search->is_refused[size] || search->has_arrived[size])
			last = size;
	return last;
}

uint32_t mtu_search_lost_above(const struct mtu_search *search)
{
	uint32_t least = 0;
	unsigned lost = 0;

	if (search->failed == 0 ||
		!mtu_search_is_refused(search, search->failed))
		return 0;
	for (uint32_t size = search->top; size > last_answered(search); size--)
		if (search->tries[size]) {
			lost += search->tries[size];
			least = size;
		}
	return lost >= LOST_ABOVE ? least : 0;
}

/* Until the size was sent so often that missing responses count. */
static unsigned ask_to_least(struct mtu_search *search,
	struct probe_context *context, uint32_t size, const char *name,
	struct tx_queue *tx_queue)
{
	unsigned tries = search->tries[size];

	return tries < LEAST_TRIES
		       ? ask_again(search, context, size, LEAST_TRIES - tries,
				 name, tx_queue)
		       : 0;
}

unsigned mtu_search_ask_above(struct mtu_search *search,
	struct probe_context *context, const char *name,
	struct tx_queue *tx_queue)
{
	uint32_t lost = mtu_search_lost_above(search);
	uint32_t answered = last_answered(search);
	unsigned sent = 0;

	if (lost == 0 || search->rounds_above++ == ROUNDS_ABOVE)
		return 0;
	if (search->rounds_above == 1)
		sent = ask_size(search, context, search->top, name, tx_queue);
	if (lost == answered + 1)
		return sent +
		       ask_to_least(search, context, lost, name, tx_queue) +
		       ask_to_least(search, context, answered, name, tx_queue);
	uint32_t gap = lost - answered - 1;
	uint32_t count = gap < ROUND_SIZES ? gap : ROUND_SIZES;

	for (uint32_t i = count; i > 0; i--)
		sent += ask_size(search, context,
			answered + (uint32_t)((uint64_t)i * (gap + 1) /
					      (count + 1)),
			name, tx_queue);
	return sent;
}
