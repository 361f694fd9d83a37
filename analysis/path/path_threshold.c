#include "analysis/path/path_threshold.h"

#include <assert.h>

#include "probe/protocol/idle_rules.h"

static const struct path_threshold_text table[] = {
	[PATH_CERTAIN_CHANCE] = {"certain-chance", 1e-4, "probability",
		"below this probability that loss explains missing responses, "
		"a finding is certain",
		"chosen; none of the lab's 400 random black holes was wrong",
		"loss that comes in bursts longer than the waits between "
		"packets"},
	[PATH_LIKELY_CHANCE] = {"likely-chance", 1e-2, "probability",
		"below this probability that loss explains missing responses, "
		"a finding is likely, and possible otherwise",
		"chosen", "loss that comes in bursts"},
	[PATH_SYNS_FOR_SILENCE] = {"syns-for-silence", 2, "packets",
		"that many unanswered SYNs make a port filtered",
		"one may be lost (RFC 9293, 3.8.1)",
		"a path that loses more than half"},
	[PATH_END_ROUND_TRIPS] = {"end-round-trips", 2, "round trips",
		"packets sent so shortly before the server's FIN or reset, and "
		"unanswered, are not counted",
		"the FIN or reset and a response may cross",
		"round trips that vary more than twofold"},
	[PATH_TRIES_FOR_NOTHING_LARGER] = {"tries-for-nothing-larger", 3,
		"packets",
		"the next size has to be sent that often before larger sizes "
		"are reported as lost",
		"chosen", "loss, by its probability"},
	[PATH_SILENT_FOR_LARGER] = {"silent-for-larger", 3, "packets",
		"so many larger packets have to be lost before a black hole in "
		"front of a reported limit is found",
		"chosen", "routers that rate-limit PTB"},
	[PATH_LARGE_TRIES_OF_HOP] = {"large-tries-of-hop", 2, "packets",
		"a hop that large packets do not reach was sent at least so "
		"many",
		"one may be lost", "loss, by its probability"},
	[PATH_RESTED_FOR_LINK] = {"rested-for-link", 3, "pairs",
		"a hop that rate-limits its errors counts when it sent so "
		"many, each after a pause, for the small packet",
		"lab: probes one right after another",
		"a rate limit shared with the probes of others"},
	[PATH_RESTED_CHANCE] = {"rested-chance", 0.25, "probability",
		"the probability that such a pair is chance",
		"of two packets the first is answered and the second not, or "
		"neither: a quarter at most whatever share is answered",
		"routers that answer every second packet"},
	[PATH_PAIR_APART_MS] = {"pair-apart", 200, "ms",
		"a large packet and its small one are at most so far apart",
		"the prober sends them one behind the other",
		"a host that is held up between the two"},
	[PATH_LOSS_LEAST_LOST] = {"loss-least-lost", 2, "packets",
		"fewer lost packets are no finding", "one may be chance",
		"many more packets: two of thousands are no finding"},
	[PATH_LOSS_SURELY_LOST] = {"loss-surely-lost", 4, "packets",
		"fewer lost packets are likely at most", "chosen",
		"many more packets"},
	[PATH_LOSS_DEVIATIONS] = {"loss-deviations", 1.959964,
		"standard deviations", "Wilson's interval of 95 %",
		"Wilson 1927", "many hops: one in twenty lies outside"},
	[PATH_LOSS_PLAIN_SENT] = {"loss-plain-sent", 30, "packets",
		"so many, and not the usual 60, measure a loss that is plain",
		"chosen", "packets that were sent in one burst"},
	[PATH_LOSS_PLAIN_PERCENT] = {"loss-plain-percent", 20, "%",
		"a loss whose interval is above is plain",
		"lab: test_jitter, where 34 of 53 packets were lost",
		"a device that drops some sizes only"},
	[PATH_DELAY_LEAST_TRIPS] = {"delay-least-trips", 8, "packets",
		"fewer round trips are not reported", "chosen",
		"delays of a heavy tail"},
	[PATH_DELAY_MOST_S] = {"delay-most", 600, "s",
		"a longer round trip is a clock that was set", "chosen",
		"nothing: the prober waits for less"},
	[PATH_JITTER_LARGE_MS] = {"jitter-large", 30, "ms",
		"where the jitter of round trips is not below this, loss and "
		"jitter are not excluded as a cause",
		"heuristic", "sessions that no delay disturbs"},
	[PATH_FRAGMENT_LOSS_MOST_BYTES] = {"fragment-loss-most-bytes", 1280,
		"bytes",
		"packets no larger than this measure the loss that "
		"fragments meet",
		"those pass nearly everywhere (RFC 8200, 5)",
		"paths that take less, which are IPv4's alone"},
	[PATH_FRAGMENT_LOSS_FEW] = {"fragment-loss-few", 30, "packets",
		"where fewer packets measure the loss, a dropped kind of "
		"fragment is likely at most",
		"chosen", "loss that comes in bursts"},
	[PATH_FRAGMENT_LOSS_DOUBT] = {"fragment-loss-doubt", 10, "times",
		"the probability that loss explains missing responses is "
		"multiplied by this where some packets are lost: the loss rate "
		"is then not known well",
		"chosen; lab: 20 % loss is not reported as dropped fragments",
		"paths that lose more"},
	[PATH_FRAGMENT_CONTROLS] = {"fragment-controls", 2, "packets",
		"a hop that reports so many whole packets sent beside the "
		"fragments, and no fragment, receives none",
		"one may be chance", "routers that rate-limit their errors"},
	[PATH_SEARCH_DONE_TRIES] = {"search-done-tries", 2, "packets",
		"the search by a method is over when the size above was sent "
		"as often",
		"a connection that ended before has sent it once at most",
		"nothing: the prober sends it twice before it gives up"},
	[PATH_CHANGE_TRIES] = {"change-tries", 4, "packets",
		"so many packets of sizes that arrived before, and do no more, "
		"show that the path has changed",
		"chosen; loss is excluded by its probability",
		"routes that take turns more slowly than the run"},
	[PATH_TRIES_BETWEEN] = {"tries-between", 4, "packets",
		"a size that is lost so often, while larger ones pass, is "
		"dropped for its length",
		"chosen; loss is excluded by its probability", "nothing"},
	[PATH_FEATURE_TRIES] = {"feature-tries", 3, "packets",
		"so many SYNs with an option have to be lost, each before one "
		"without that is not",
		"one may be lost", "loss, by its probability"},
	[PATH_RESET_FAR_HOPS] = {"reset-far-hops", 2, "hops",
		"a reset whose distance differs by less may be the target's "
		"own",
		"chosen: routes of one target differ by one",
		"routes that differ by more"},
	[PATH_PROXY_HOPS_APART] = {"proxy-hops-apart", 2, "hops",
		"ends of TCP and echo that are nearer to each other may be one "
		"host",
		"chosen: routes of one target differ by one",
		"routes that differ by more"},
	[PATH_IDLE_DEATHS] = {"idle-deaths", 2, "connections",
		"fewer dead connections are likely at most", "chosen",
		"nothing: all that are idle for longer die as well"},
	[PATH_IDLE_HOP_LIVES] = {"idle-hop-lives", 2, "connections",
		"where a NAT moved ports, fewer that live at the nearest hop "
		"are likely at most: one may have got its own port again",
		"lab: test_idle", "NATs with few ports"},
	[PATH_IDLE_SAME_AGE] = {"idle-same-age", 0.95, "share",
		"a server's reset on a connection nearly as old as those that "
		"the server closes is no time-out of the path",
		"servers look at their timers a few times in a time-out",
		"servers that close some connections much sooner"},
	[PATH_IDLE_PROOF_TIMES] = {"idle-proof-times",
		IDLE_PROOF_PERCENT / 100.0, "times",
		"a connection with keepalives that lives so many times as long "
		"as the fatal idle time proves that they help",
		"chosen; the prober goes on until it is reached", "nothing"},
	[PATH_IDLE_PROOF_INTERVAL] = {"idle-proof-interval",
		IDLE_PROOF_LATE_PERCENT / 100.0, "times",
		"keepalives at most so much rarer than advised prove it",
		"a host that is held up sends late", "nothing"},
	[PATH_RESETS_SURE] = {"resets-sure", 2, "connections",
		"fewer that were reset after the trigger are likely at most; "
		"so many acknowledged triggers exclude a device",
		"one may be chance",
		"nothing: others are tried after the first"},
	[PATH_RESET_TOOK_SHARE] = {"reset-took-share", 0.5, "share",
		"of a device that waits for longer than triggers were apart, a "
		"reset that comes sooner than that share of its least delay "
		"was provoked by an earlier trigger",
		"chosen; the prober leaves a quarter more than the longest "
		"delay", "devices whose delay varies by more"},
	[PATH_TRIGGERS_DROPPED] = {"triggers-dropped", 3, "packets",
		"so many triggers have to be missing before a device drops "
		"them",
		"chosen", "loss, by its probability"},
	[PATH_SYNS_FOR_BLOCK] = {"syns-for-block", 3, "packets",
		"so many unanswered SYNs after a reset are a block", "chosen",
		"loss, by its probability"},
	[PATH_SSH_OWN_STARTUPS] = {"ssh-own-startups", 10, "connections",
		"with so many of the run's own sshd may refuse by its default",
		"sshd_config(5): MaxStartups 10:30:100", "a higher MaxStartups"},
	[PATH_SSH_LATE_S] = {"ssh-late", 3, "s",
		"an identification that comes so long after the handshake, "
		"beyond a round trip, is late",
		"as for captures; a look-up times out after 5 s "
		"(resolv.conf(5))",
		"busy servers, resolvers with shorter time-outs"},
	[PATH_SSH_LARGE_OFTEN] = {"ssh-large-often", 3, "packets",
		"a segment that was sent less often may be lost by chance",
		"chosen; the prober sends it four times", "loss"},
	[PATH_SSH_GRACE_LEAST_S] = {"ssh-grace-least", 1, "s",
		"a server that ends a silent connection sooner has another "
		"reason than LoginGraceTime",
		"sshd_config(5): it counts in seconds", "nothing"},
	[PATH_SSH_GRACE_DEFAULT_S] = {"ssh-grace-default", 125, "s",
		"a connection that lives for so long shows that LoginGraceTime "
		"is longer than its default, or off",
		"sshd_config(5): 120 s; sshd looks once a second", "nothing"},
};
static_assert(sizeof(table) / sizeof(table[0]) == PATH_THRESHOLD_COUNT,
	"a row for every threshold");

const struct path_threshold_text *path_threshold_text(
	enum path_threshold threshold)
{
	assert(threshold < PATH_THRESHOLD_COUNT);
	return &table[threshold];
}
