#include "analysis/path/path_threshold.h"

#include <assert.h>

static const struct path_threshold_text table[] = {
	[PATH_CERTAIN_CHANCE] = {"certain-chance", 1e-4, "probability",
		"silence that loss alone explains less often is certain",
		"chosen; the lab's 400 random holes had none wrong",
		"loss that comes in bursts longer than the waits between "
		"packets"},
	[PATH_LIKELY_CHANCE] = {"likely-chance", 1e-2, "probability",
		"silence that loss alone explains less often is likely, and "
		"possible otherwise",
		"chosen", "loss that comes in bursts"},
	[PATH_SYNS_FOR_SILENCE] = {"syns-for-silence", 2, "packets",
		"that many SYNs without an answer are a silence",
		"one may be lost (RFC 9293, 3.8.1)",
		"a path that loses more than half"},
	[PATH_END_ROUND_TRIPS] = {"end-round-trips", 2, "round trips",
		"what was sent as long before the server's end, and had no "
		"answer, says nothing",
		"the end and an answer may cross",
		"round trips that vary more than twofold"},
	[PATH_TRIES_FOR_NOTHING_LARGER] = {"tries-for-nothing-larger", 3,
		"packets",
		"the next size has to be sent that often before nothing larger "
		"is said to arrive",
		"chosen", "loss, which its chance tells"},
	[PATH_SILENT_FOR_LARGER] = {"silent-for-larger", 3, "packets",
		"so many larger ones have to vanish before a hole in front of "
		"a limit is told",
		"chosen", "routers that ration \"too big\""},
	[PATH_LARGE_TRIES_OF_HOP] = {"large-tries-of-hop", 2, "packets",
		"a hop that large packets do not reach was sent as many",
		"one may be lost", "loss, which its chance tells"},
	[PATH_RESTED_FOR_LINK] = {"rested-for-link", 3, "pairs",
		"a hop that rations its errors counts when it spent as many, "
		"each after a rest, on the small packet",
		"lab: probes one right after another",
		"a ration shared with the probes of others"},
	[PATH_RESTED_CHANCE] = {"rested-chance", 0.25, "probability",
		"that such a pair is chance",
		"of two packets the first is answered and the second not, or "
		"neither: a quarter at most whatever share is answered",
		"routers that answer every second packet"},
	[PATH_PAIR_APART_MS] = {"pair-apart", 200, "ms",
		"a large packet and its small one are as close",
		"the prober sends them one behind the other",
		"a host that is held up between the two"},
	[PATH_LOSS_LEAST_LOST] = {"loss-least-lost", 2, "packets",
		"fewer lost are no finding", "one may be chance",
		"many more packets: two of thousands are no finding"},
	[PATH_LOSS_SURELY_LOST] = {"loss-surely-lost", 4, "packets",
		"fewer lost are likely at most", "chosen", "many more packets"},
	[PATH_LOSS_DEVIATIONS] = {"loss-deviations", 1.959964,
		"standard deviations", "Wilson's interval of 95 %",
		"Wilson 1927", "many hops: one in twenty lies outside"},
	[PATH_DELAY_LEAST_TRIPS] = {"delay-least-trips", 8, "packets",
		"fewer round trips are not told", "chosen",
		"delays of a heavy tail"},
	[PATH_DELAY_MOST_S] = {"delay-most", 600, "s",
		"a longer round trip is a clock that was set", "chosen",
		"nothing: the prober waits for less"},
	[PATH_FRAGMENT_LOSS_MOST_BYTES] = {"fragment-loss-most-bytes", 1280,
		"bytes", "packets no larger tell how much is lost of fragments",
		"those pass nearly everywhere (RFC 8200, 5)",
		"paths that take less, which are IPv4's alone"},
	[PATH_FRAGMENT_LOSS_FEW] = {"fragment-loss-few", 30, "packets",
		"where fewer tell how much is lost, a kind of fragment is "
		"dropped likely at most",
		"chosen", "loss that comes in bursts"},
	[PATH_FRAGMENT_LOSS_DOUBT] = {"fragment-loss-doubt", 10, "times",
		"the chance that loss explains silence counts as many times "
		"where some is lost: how much is not known well then",
		"chosen; lab: 20 % of loss is no dropper",
		"paths that lose more"},
	[PATH_FRAGMENT_CONTROLS] = {"fragment-controls", 2, "packets",
		"a hop that reports as many whole packets beside them, and no "
		"fragment, has none",
		"one may be chance", "routers that ration their errors"},
	[PATH_SEARCH_DONE_TRIES] = {"search-done-tries", 2, "packets",
		"the search by a method is over when the size above was sent "
		"as often",
		"a connection that ended before has sent it once at most",
		"nothing: the prober sends it twice before it gives up"},
};
static_assert(sizeof(table) / sizeof(table[0]) == PATH_THRESHOLD_COUNT,
	"a row for every threshold");

const struct path_threshold_text *path_threshold_text(
	enum path_threshold threshold)
{
	assert(threshold < PATH_THRESHOLD_COUNT);
	return &table[threshold];
}
