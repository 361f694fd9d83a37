#include "report/connection_json.h"

#include <inttypes.h>
#include <netinet/in.h>
#include <sha1.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <time.h>

#include "report/address_text.h"

/* RFC 4648, section 4. `text` has room for four characters per three bytes. */
static void base64(char *text, const uint8_t *bytes, unsigned count)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		"0123456789+/";

	for (unsigned i = 0; i < count; i += 3) {
		uint32_t three = (uint32_t)bytes[i] << 16;

		if (i + 1 < count)
			three |= (uint32_t)bytes[i + 1] << 8;
		if (i + 2 < count)
			three |= bytes[i + 2];
		*text++ = digits[three >> 18];
		*text++ = digits[three >> 12 & 63];
		*text++ = i + 1 < count ? digits[three >> 6 & 63] : '=';
		*text++ = i + 2 < count ? digits[three & 63] : '=';
	}
	*text = '\0';
}

static bool is_first(const struct endpoint *one, const struct endpoint *other,
	size_t address_bytes)
{
	int order = memcmp(&one->address, &other->address, address_bytes);

	return order < 0 || (order == 0 && one->port < other->port);
}

const char *community_id(
	char text[COMMUNITY_ID_TEXT], const struct flow_name *flow)
{
	size_t bytes = flow->family == 6 ? 16 : 4;
	bool is_client_first = is_first(&flow->client, &flow->server, bytes);
	const struct endpoint *ends[] = {
		is_client_first ? &flow->client : &flow->server,
		is_client_first ? &flow->server : &flow->client};
	uint16_t seed = 0;
	uint16_t ports[] = {htons(ends[0]->port), htons(ends[1]->port)};
	uint8_t protocol[] = {IPPROTO_TCP, 0};
	uint8_t digest[SHA1_DIGEST_LENGTH];
	SHA1_CTX context;

	SHA1Init(&context);
	SHA1Update(&context, (const uint8_t *)&seed, sizeof(seed));
	SHA1Update(&context, (const uint8_t *)&ends[0]->address, bytes);
	SHA1Update(&context, (const uint8_t *)&ends[1]->address, bytes);
	SHA1Update(&context, protocol, sizeof(protocol));
	SHA1Update(&context, (const uint8_t *)ports, sizeof(ports));
	SHA1Final(digest, &context);
	(void)strcpy(text, "1:");
	base64(text + 2, digest, sizeof(digest));
	return text;
}

void connection_json(
	struct json *json, const struct flow_name *flow, uint32_t tcp_stream)
{
	char address[ADDRESS_TEXT], id[COMMUNITY_ID_TEXT];

	json_object(json, "connection");
	address_text(address, &flow->client.address, flow->family);
	json_string(json, "client_ip", address);
	json_number(json, "client_port", flow->client.port);
	address_text(address, &flow->server.address, flow->family);
	json_string(json, "server_ip", address);
	json_number(json, "server_port", flow->server.port);
	json_string(json, "community_id", community_id(id, flow));
	if (tcp_stream != TCP_STREAM_UNKNOWN)
		json_number(json, "tcp_stream", tcp_stream);
	json_object_end(json);
}

const char *wall_time_text(char text[WALL_TIME_TEXT], int64_t time_ns)
{
	const int64_t second_ns = 1000000000;
	int64_t rest_ns = time_ns % second_ns;
	time_t seconds = (time_t)(time_ns / second_ns - (rest_ns < 0));
	size_t length;
	struct tm day;

	text[0] = '\0';
	if (time_ns == INT64_MIN || !gmtime_r(&seconds, &day))
		return text;
	length = strftime(text, WALL_TIME_TEXT, "%Y-%m-%dT%H:%M:%S", &day);
	(void)snprintf(text + length, WALL_TIME_TEXT - length,
		".%06" PRId64 "Z",
		(rest_ns + (rest_ns < 0 ? second_ns : 0)) / 1000);
	return text;
}

void wall_time_json(struct json *json, const char *key, int64_t time_ns)
{
	char text[WALL_TIME_TEXT];

	if (wall_time_text(text, time_ns)[0])
		json_string(json, key, text);
}
