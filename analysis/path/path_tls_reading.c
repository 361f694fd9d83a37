#include "analysis/path/path_tls_reading.h"

#include <string.h>

bool path_tls_is_of(const struct path_dialog *flow, enum tls_purpose *purpose)
{
	struct cursor random, name;

	return tls_hello_read(
		       flow->own.bytes, flow->own.known, &random, &name) &&
	       tls_rules_purpose(random.at, purpose);
}

bool path_tls_is_ended(const struct path_dialogs *dialogs, uint16_t port)
{
	const struct path_dialog *flow = path_dialog_ended(dialogs, port);
	enum tls_purpose purpose;

	return flow && path_tls_is_of(flow, &purpose);
}

static void read_name(struct tls_reading *reading)
{
	const struct dialog_stream *own = &reading->flow->own;
	struct cursor random, name;

	if (!tls_hello_read(own->bytes, own->known, &random, &name) ||
		cursor_is_short(&name) || name.left >= TLS_NAME_BYTES)
		return;
	memcpy(reading->name, name.at, name.left);
	reading->name[name.left] = '\0';
}

void path_tls_read(const struct path_dialog *flow, struct tls_reading *reading)
{
	const struct dialog_stream *server = &flow->server;
	struct tls_answer *answer = &reading->answer;
	uint32_t known = server->known < TLS_STREAM_BYTES ? server->known
							  : TLS_STREAM_BYTES;

	reading->flow = flow;
	reading->name[0] = '\0';
	read_name(reading);
	tls_answer_read(answer, server->bytes, known);
	reading->first = path_dialog_arrival(server, 1);
	reading->hello = path_dialog_arrival(server, answer->hello_end);
	reading->alert = path_dialog_arrival(server, answer->alert_end);
	reading->certificate =
		path_dialog_arrival(server, answer->certificate_end);
	reading->request = path_dialog_arrival(server, answer->request_end);
	reading->done = path_dialog_arrival(server, answer->done_end);
	reading->asked = path_dialog_arrival(&flow->own, flow->own.known);
}
