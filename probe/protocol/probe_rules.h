/* The sizes, counts and times of the prober, which the analysis of its
 * recording relies on. The prober uses the constants below. A recording names
 * their version (`version=` in its section comment, 1 without it), and is
 * analysed by the row of that version. */
#ifndef PROBE_PROTOCOL_PROBE_RULES_H
#define PROBE_PROTOCOL_PROBE_RULES_H

#include <assert.h>
#include <stdint.h>

#include "probe/protocol/error_ration.h"
#include "probe/protocol/hop_distance.h"
#include "probe/protocol/idle_rules.h"
#include "probe/protocol/ssh_rules.h"

enum { PROBE_RULES_VERSION = 3 };

enum {
	PROBE_MOST_BYTES = 9216, /* of an IP packet: jumbo frames */

	/* IP packets of the MTU search are no smaller, and larger ones do not
	 * count for a hop's loss: the black hole drops large ones. */
	PROBE_FLOOR_BYTES = 256,
	/* sent until loss no longer explains missing responses */
	PROBE_SIZE_TRIES = 4,

	/* loss: small, medium and path MTU, so many of each */
	LOSS_SMALL_BYTES = 64,
	LOSS_MEDIUM_BYTES = 576,
	LOSS_UNMEASURED_BYTES = 1280, /* where the path MTU is not known */
	LOSS_SIZES = 3,
	LOSS_TIMES = 40,
	LOSS_LEAST_SENT = 60, /* fewer do not measure the loss */
	/* round trips are measured by packets no larger */
	LOSS_DELAY_BYTES = 80,
	/* and every hop, once in ERROR_RATION_REFILL_MS */
	LOSS_HOP_ROUNDS = 60,
	LOSS_HOP_LOSSES = 12, /* expected at a hop behind the loss: enough */
	LOSS_HOP_LEAST_SENT = 12,

	/* fragments: of every kind, until one is answered */
	FRAGMENT_TRIES = 4,
	FRAGMENT_LEAST_TRIES = 3,
	FRAGMENT_PAIR_ROUNDS = 4, /* of two fragments to every hop */

	/* return path: a sender retransmits after its RTO, which is 200 ms in
	 * Linux and never as short as this */
	RETRANSMISSION_LEAST_MS = 20,
	/* a segment is missing when the prober's last packet on the connection
	 * was sent this time plus a round trip after data beyond the gap came;
	 * a request is unanswered when the prober's FIN followed it by this
	 * time plus two round trips */
	MISSING_AFTER_MS = 40,
	/* The prober keeps a connection open at least so long, and for two of
	 * its timeouts (probe/tcp/size_test.c), before it takes a segment for
	 * missing: both waits above are then over. */
	MISSING_WAIT_MS = 120,

	/* PTB: Linux lowers a connection's size at once; so many
	 * retransmissions at the same size were not in flight before */
	PTB_LIMIT_BYTES = 1280, /* no less has to be honoured in IPv6 */
	PTB_SURE_REPEATS = 2,
	PTB_MOST_SENT = 3,
};

/* IPv4: a target reports missing fragments at its reassembly timeout: Linux
 * after 30 s plus up to 2 s of timer granularity. A NAT's state entry for the
 * error expires in 30 s (Linux): an echo request refreshes it each time. */
enum {
	REASSEMBLY_LISTEN_MS = 8300,
	REASSEMBLY_LISTENS = 4,
	REASSEMBLY_LEAST_MS = 32500,
};

static_assert((int)ERROR_RATION_REST_MS < (int)ERROR_RATION_REFILL_MS,
	"routers that are left alone are seen to be");
static_assert((int)LOSS_SIZES * (int)LOSS_TIMES >= (int)LOSS_LEAST_SENT,
	"a run of loss sends enough");
static_assert((int)LOSS_HOP_ROUNDS >= (int)LOSS_HOP_LEAST_SENT,
	"hops are sent enough");
static_assert((int)LOSS_SMALL_BYTES <= (int)LOSS_DELAY_BYTES &&
		      (int)LOSS_DELAY_BYTES <= (int)PROBE_FLOOR_BYTES &&
		      (int)LOSS_DELAY_BYTES < (int)LOSS_MEDIUM_BYTES,
	"small packets are small for all");
static_assert((int)FRAGMENT_TRIES >= (int)FRAGMENT_LEAST_TRIES,
	"fragments are sent often enough");
static_assert((int)MISSING_WAIT_MS > (int)MISSING_AFTER_MS,
	"what is missing is waited for");
static_assert((int)REASSEMBLY_LISTEN_MS * (int)REASSEMBLY_LISTENS >
		      (int)REASSEMBLY_LEAST_MS,
	"a target's report is waited for");
static_assert((int)PTB_MOST_SENT > (int)PTB_SURE_REPEATS,
	"a server that ignores the message repeats often enough");

/* The rules of one version, as far as the analysis of recordings uses them. */
struct probe_rules {
	unsigned version;
	uint32_t floor_bytes;
	uint32_t loss_medium_bytes, loss_delay_bytes;
	unsigned loss_least_sent, loss_hop_least_sent;
	unsigned fragment_tries, fragment_least_tries;
	int64_t router_rest_ns;
	int64_t retransmission_least_ns, missing_after_ns;
	int64_t reassembly_least_ns;
	unsigned ptb_sure_repeats;
	unsigned idle_silent_tries;
	unsigned ssh_at_once;
};

/* NULL when there is no such version. */
const struct probe_rules *probe_rules_of(unsigned version);

#endif
