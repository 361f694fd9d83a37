/* What the files that judge a path share. */
#ifndef ANALYSIS_PATH_PATH_STATE_H
#define ANALYSIS_PATH_PATH_STATE_H

#include "analysis/path/path.h"
#include "probe/protocol/response_match.h"
#include "probe/protocol/connection_role.h"
#include "probe/protocol/hop_distance.h"
#include "probe/protocol/loss_chance.h"
#include "probe/protocol/probe_method.h"
#include "probe/protocol/probe_rules.h"
#include "probe/protocol/segment_size.h"

enum {
	PATH_FINDINGS = 48,
	PATH_QUOTES = 192,
	PATH_LIARS = 16,
	PATH_STREAMS = 64,
};

/* What came back to one sent packet; frames are 0 where nothing did. */
struct reply {
	uint64_t arrived, expired, refused, unreachable;
	uint64_t incomplete; /* the target has the fragment, and not all */
	int64_t arrived_ns, expired_ns, incomplete_ns;
	struct address expired_from, refused_from, unreachable_from;
	uint32_t claimed_mtu;
	uint8_t refused_ttl;	    /* as the refusal quotes it */
	uint8_t arrived_quoted_ttl; /* as the target quotes it; 0: it does not
				       quote */
	bool is_expired_joined;	    /* quoted longer than the fragment was */
	bool is_arrived_in_pieces;  /* the answer itself was fragmented */
	uint32_t arrived_bytes;	    /* the answer's packet, or first piece */
};

/* Packets of one size that went the whole way by one ruler. */
struct tally {
	uint16_t sent_probe, arrived, refused;
	uint16_t arrived_whole; /* the answer came in one piece */
	uint64_t asked_frame, arrived_frame, refused_frame; /* the first */
	int refused_row;
};

/* A packet as a router quotes it, or the target. */
struct quote {
	uint64_t frame;
	uint64_t against; /* of the packet that was quoted */
	uint8_t ttl;	  /* hop limit it was sent with: the hop */
	bool is_target;	  /* the hop is the target's */
	bool is_whole;	  /* the quote reached to the end of TCP's options */
	enum truth is_checksum_right;
	struct packet packet, sent;
};

/* What the target said on one connection. */
struct path_stream {
	uint16_t port; /* ours */
	uint16_t mss;  /* that our SYN offered */
	bool is_open;
	bool has_said; /* we did something */
	bool is_asked; /* and opened a window for the answer, before we left */
	bool has_left;
	uint64_t syn_frame;
	uint32_t first; /* of our numbers */
	uint32_t next;	/* of the server's: the first that has not come */
	/* came beyond a gap; valid if beyond_frame is not 0 */
	struct sack_block beyond;
	uint64_t beyond_frame;
	int64_t beyond_ns;
	uint32_t largest; /* segment's IP packet; 0: none */
	uint64_t largest_frame;
	bool is_cut;	 /* the server had more to say when it sent that */
	int64_t said_ns; /* when we said the last word */
	/* what came in order and may be several segments; 0: nothing did */
	uint64_t merged_frame;
	uint32_t merged_start;
	int64_t merged_ns;
	/* that we told it "too big", the first time; frame 0: we did not */
	struct {
		uint64_t frame, about_frame;
		int64_t ns;
		uint32_t claimed_mtu;
		uint32_t start;	  /* of the segment that it was about */
		unsigned repeats; /* as large as before */
		uint64_t repeat_frame;
		uint64_t heeded_frame; /* the first that was not; 0: none */
		int64_t heeded_ns;
	} told;
};

struct path {
	struct section_comment comment;
	const struct probe_rules *rules; /* that it was made by */
	struct probe_table table;
	struct reply replies[SENT_PROBES_MAX];
	struct tally tallies[METHOD_COUNT][PROBE_MOST_BYTES + 1];
	unsigned distance;
	unsigned hop_count;
	struct path_hop hops[HOP_LIMIT_WHOLE_WAY];
	unsigned finding_count;
	struct finding findings[PATH_FINDINGS];
	struct path_totals totals;
	unsigned quote_count;
	struct quote quotes[PATH_QUOTES];
	unsigned specimen_count;
	struct packet specimens[PATH_QUOTES]; /* sent to be quoted */
	/* see path_is_settled */
	bool is_fragments_settled, is_rewritten_settled, is_loss_settled,
		is_too_big_settled;
	unsigned stream_count;
	struct path_stream streams[PATH_STREAMS];
	unsigned later_pieces; /* of answers that came in fragments */
	/* Echo is answered at another distance than the connection: by somebody
	 * else, or on another way. */
	bool is_echo_elsewhere;
	struct connection_roles roles;
	/* its handshake */
	uint64_t syn_frame, opened_frame, closed_frame, rejected_frame;
	unsigned syn_count;
	struct address rejected_from;
	uint8_t rejected_type, rejected_code;
	uint32_t server_next; /* the next byte from the server */
	/* who refused what arrived */
	unsigned liar_count;
	struct address liars[PATH_LIARS];
	/* when the server ended the connection; INT64_MAX: it did not */
	int64_t ended_ns;
	bool has_closed; /* we did */
};

/* From one time to another, both as recordings say; -1 when one of them is not
 * known (INT64_MIN), or clocks are absurd. */
static inline int64_t path_elapsed_ns(int64_t from_ns, int64_t to_ns)
{
	int64_t elapsed_ns;

	return from_ns == INT64_MIN || to_ns == INT64_MIN ||
			       __builtin_sub_overflow(
				       to_ns, from_ns, &elapsed_ns)
		       ? -1
		       : elapsed_ns;
}

/* The ruler of a row, PATH_RULERS for what measures nothing (handshakes,
 * acknowledgments, fragments, what is said on other connections). */
enum probe_method path_method_of(const struct sent_probe *sent_probe);
/* Whether the row went as far as the target, if nothing stopped it. */
bool path_is_whole_way(
	const struct path *path, const struct sent_probe *sent_probe);
/* The hop with this address, HOP_NOT_KNOWN. */
int path_hop_of(const struct path *path, const struct address *address);

/* A new finding of a kind, or NULL when there are too many. */
struct finding *path_add(struct path *path, enum finding_kind kind);
void path_evidence(struct finding *finding, const char *fact, enum truth holds,
	uint64_t frame, uint64_t against, const char *found,
	const char *expected) __attribute__((nonnull(2, 6, 7)));

/* Keep what was sent to be looked at in quotes, and what an error quotes of
 * it. */
void path_note_specimen(struct path *path, const struct packet *packet);
void path_note_quote(struct path *path, const struct sent_probe *sent_probe,
	const struct packet *packet, bool is_target);

/* Of packets asked, how many were lost. */
struct path_share {
	unsigned sent_probe, lost;
	uint64_t lost_frame; /* the first */
};
/* Wilson's interval of 95 %, which is right for few and for none; 0 to 1. */
void path_wilson(const struct path_share *share, double *low, double *high);
/* Adds to a finding of loss where it is, as far as the hops tell. */
void path_place_loss(const struct path *path, struct finding *finding,
	const struct path_share *all);
void path_measure_delays(struct path *path, enum probe_method method);

/* A link: the last hop that answers packets above a size, the first behind it
 * that does not, and what says so. */
struct path_link {
	int after, before;
	unsigned tries; /* of large packets to `before`; 0: it is the target */
	double chance;	/* that a router which rations its errors did it */
	uint64_t large_frame, small_frame, vanished_frame;
};
/* The link that packets above `passed` bytes do not pass, by one ruler. */
struct path_link path_find_link(
	const struct path *path, enum probe_method method, uint32_t passed);
/* Follow what is said, and heard, on connections. */
void path_note_said(struct path *path, const struct packet *packet);
void path_note_heard(struct path *path, const struct packet *packet);
/* An ICMP error of ours. */
void path_note_told(struct path *path, const struct packet *packet);

/* Adds to a hole on the way there whether its router's silence is that of the
 * router, or of the way back. */
void path_ptb_weigh(const struct path *path, struct finding *finding,
	enum probe_method method);

/* Adds to dropped fragments, all or those with a tiny first one, where that
 * is, and how sure, if such a share of round trips is lost. Returns "first" or
 * "later" when those alone are dropped, else NULL. */
const char *path_fragment_place(
	const struct path *path, struct finding *finding, double share);

/* The judges; each adds its findings. */
void path_judge_port(struct path *path);
void path_judge_mtu(struct path *path);
void path_judge_rewritten(struct path *path);
void path_judge_loss(struct path *path);
void path_judge_too_big(struct path *path);
void path_judge_fragments(struct path *path);

#endif
