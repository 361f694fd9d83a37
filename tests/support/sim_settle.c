/* What a conversation is like: hosts, path, turns and fate, drawn at random. */
#include "tests/support/sim_settle.h"

enum { SERVER_PORT = 8080 };

static const int64_t MS = 1000000;

/* A host is the same in all conversations of its recording. */
static void settle_host(struct sim_end *end, struct sim_random *host)
{
	static const uint8_t ttls[] = {64, 64, 64, 128, 255};

	end->ttl = ttls[sim_random_in(host, 0, 4)];
	end->id_kind = (enum sim_id)sim_random_in(host, 0, SIM_ID_SHARED);
	end->has_timestamps = sim_random_is(host, 700);
	end->is_quick = sim_random_is(host, 500);
	end->window_scale = (uint8_t)sim_random_in(host, 0, 9);
}

static void settle_ends(struct sim_talk *talk, struct sim_random *server)
{
	struct sim_random *random = &talk->random;
	uint32_t mss = (uint32_t)(sim_random_is(random, 800)
					  ? 1460
					  : sim_random_in(random, 536, 1440));

	for (unsigned i = 0; i < 2; i++)
		sim_end_begin(&talk->end[i], random);
	settle_host(&talk->end[0], random);
	settle_host(&talk->end[1], server);
	talk->end[0].has_timestamps &= talk->end[1].has_timestamps;
	talk->end[1].has_timestamps = talk->end[0].has_timestamps;
	for (unsigned i = 0; i < 2; i++) {
		struct sim_end *end = &talk->end[i];

		end->ip_id = (uint16_t)sim_random_next(random);
		end->mss =
			mss - (end->has_timestamps ? SIM_TIMESTAMP_BYTES : 0);
		end->buffer = (uint32_t)sim_random_in(random, 8192, 65535)
				      << end->window_scale >>
			      end->window_scale;
		end->clock = (uint32_t)sim_random_next(random);
		end->most_tries = (unsigned)sim_random_in(random, 5, 9);
		talk->isn[i] = (uint32_t)sim_random_next(random);
		if (sim_random_is(random, 100)) /* about to wrap */
			talk->isn[i] = UINT32_MAX -
				       (uint32_t)sim_random_in(random, 0, 3000);
	}
}

static void settle_path(struct sim_talk *talk, struct sim_random *place,
	struct sim_random *server)
{
	struct sim_random *random = &talk->random;
	int64_t where = sim_random_in(place, 0, 2);
	unsigned loss = sim_random_is(random, 600)
				? 0
				: (unsigned)sim_random_in(random, 1, 80);
	int64_t jitter = sim_random_is(random, 850) ? 0 : 1;

	talk->hops[0] = (uint8_t)sim_random_in(place, 1, 12);
	talk->hops[1] = (uint8_t)sim_random_in(server, 1, 14);
	talk->delay_ns[0] = sim_random_in(place, 20000, 60 * MS);
	talk->delay_ns[1] = sim_random_in(server, 20000, 90 * MS);
	for (unsigned i = 0; i < 2; i++) {
		talk->loss[i][0] = talk->loss[i][1] = loss;
		talk->jitter_ns[i] = jitter * talk->delay_ns[i] / 2;
		if (where == i) { /* recorded on that very host */
			talk->hops[i] = 0;
			talk->delay_ns[i] = 5000;
			talk->jitter_ns[i] = 0;
			talk->loss[i][0] = talk->loss[i][1] = 0;
			if (sim_random_is(random, 500))
				talk->end[i].super = 4;
		}
	}
	talk->family = sim_random_is(random, 700) ? 4 : 6;
	if (sim_random_is(random, 100))
		talk->unrecorded = (unsigned)sim_random_in(random, 1, 50);
	if (sim_random_is(random, 100))
		talk->begins_after = (unsigned)sim_random_in(random, 1, 30);
	talk->copies = sim_random_is(random, 900) ? 0 : 20;
	for (unsigned i = 0; i < 2; i++)
		talk->end[i].rto_ns =
			200 * MS + 4 * (talk->delay_ns[0] + talk->delay_ns[1]);
	talk->device_side = (uint8_t)sim_random_in(random, 0, 1);
	talk->dead_side = talk->hole_side =
		(uint8_t)sim_random_in(random, 0, 1);
	if (talk->hops[talk->dead_side] == 0)
		talk->dead_side = talk->hole_side = !talk->dead_side;
}

static void settle_turns(struct sim_talk *talk)
{
	struct sim_random *random = &talk->random;
	bool is_small = talk->fate == FATE_LARGE_VANISH;

	talk->turn_count = (unsigned)sim_random_in(random, 1, SIM_TURNS);
	for (unsigned i = 0; i < talk->turn_count; i++) {
		struct sim_turn *turn = &talk->turns[i];

		turn->who = (uint8_t)(i % 2);
		turn->bytes = (uint32_t)sim_random_in(random, 1,
			is_small || sim_random_is(random, 500) ? 300 : 30000);
		turn->think_ns =
			MS * sim_random_in(random, 0,
				     sim_random_is(random, 100) ? 4000 : 50);
		if (sim_random_is(random, 30)) /* idle */
			turn->think_ns =
				1000 * MS * sim_random_in(random, 5, 400);
		if (sim_random_is(random, 50))
			turn->pause_ns = MS * sim_random_in(random, 50, 8000);
	}
	talk->end_think_ns = MS * sim_random_in(random, 0, 500);
}

void sim_settle(struct sim_talk *talk, const struct sim_place *place,
	unsigned number, int64_t start_ns)
{
	struct sim_random here = {place->seed};
	struct sim_random server;

	*talk = (struct sim_talk){0};
	talk->random.state = place->seed + 0x1000003 * (uint64_t)(number + 1);
	unsigned host = (unsigned)sim_random_in(&talk->random, 0, 3);
	server.state = place->seed ^ (host + 1) << 8;
	talk->fate = (enum sim_fate)sim_random_in(&talk->random, 0,
		sim_random_is(&talk->random, 600) ? FATE_FIRST_GUILTY - 1
						  : FATE_COUNT - 1);
	settle_ends(talk, &server);
	settle_path(talk, &here, &server);
	settle_turns(talk);
	talk->address[0] = (struct address){
		{10, 1, (uint8_t)(number >> 8), (uint8_t)number}};
	talk->address[1] = (struct address){{10, 2, 0, (uint8_t)host}};
	talk->port[0] = (uint16_t)sim_random_in(&talk->random, 32768, 60999);
	/* nothing listens on the port behind */
	talk->port[1] = SERVER_PORT + (talk->fate == FATE_PORT_CLOSED);
	talk->alarm_ns[0] = talk->alarm_ns[1] = INT64_MAX;
	talk->limit_ns = start_ns + 7200 * 1000 * MS;
	talk->end[1].state =
		talk->fate == FATE_PORT_CLOSED ? SIM_CLOSED : SIM_LISTEN;
	if (talk->fate == FATE_SYN_DROPPED) {
		talk->is_dead = true;
		talk->dead_side = 1;
	}
}
