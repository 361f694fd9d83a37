#include "report/json.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "capture/safe_text.h"

void json_begin(struct json *json, FILE *out)
{
	*json = (struct json){.out = out, .is_first = true};
}

static void key_of(struct json *json, const char *key)
{
	if (!json->is_first)
		(void)putc_unlocked(',', json->out);
	json->is_first = false;
	if (key) {
		(void)putc_unlocked('"', json->out);
		(void)fputs(key, json->out);
		(void)fputs("\":", json->out);
	}
}

static void open_with(struct json *json, const char *key, char bracket)
{
	key_of(json, key);
	(void)putc_unlocked(bracket, json->out);
	json->is_first = true;
	json->depth++;
}

static void close_with(struct json *json, char bracket)
{
	assert(json->depth > 0);
	(void)putc_unlocked(bracket, json->out);
	json->is_first = false;
	json->depth--;
}

void json_record(struct json *json, const char *type)
{
	assert(json->depth == 0);
	json->is_first = true;
	open_with(json, NULL, '{');
	json_string(json, "type", type);
}

void json_record_end(struct json *json)
{
	close_with(json, '}');
	assert(json->depth == 0);
	(void)putc_unlocked('\n', json->out);
}

void json_object(struct json *json, const char *key)
{
	open_with(json, key, '{');
}

void json_object_end(struct json *json)
{
	close_with(json, '}');
}

void json_array(struct json *json, const char *key)
{
	open_with(json, key, '[');
}

void json_array_end(struct json *json)
{
	close_with(json, ']');
}

void json_string(struct json *json, const char *key, const char *value)
{
	key_of(json, key);
	(void)putc_unlocked('"', json->out);
	safe_text_json(json->out, value, strlen(value));
	(void)putc_unlocked('"', json->out);
}

void json_number(struct json *json, const char *key, uint64_t value)
{
	key_of(json, key);
	(void)fprintf(json->out, "%" PRIu64, value);
}

void json_signed(struct json *json, const char *key, int64_t value)
{
	key_of(json, key);
	(void)fprintf(json->out, "%" PRId64, value);
}

void json_boolean(struct json *json, const char *key, bool value)
{
	key_of(json, key);
	(void)fputs(value ? "true" : "false", json->out);
}

/* Whole seconds and nanoseconds of a possibly negative time, without the
 * overflow that negating INT64_MIN would be. */
static void decimal(FILE *out, int64_t time_ns)
{
	uint64_t magnitude =
		time_ns < 0 ? 0 - (uint64_t)time_ns : (uint64_t)time_ns;

	(void)fprintf(out, "%s%" PRIu64 ".%09" PRIu64, time_ns < 0 ? "-" : "",
		magnitude / 1000000000, magnitude % 1000000000);
}

void json_seconds(struct json *json, const char *key, int64_t duration_ns)
{
	key_of(json, key);
	decimal(json->out, duration_ns);
}

void json_real(struct json *json, const char *key, double value, int decimals)
{
	key_of(json, key);
	(void)fprintf(json->out, "%.*f", decimals, value);
}

void json_time(struct json *json, const char *key, int64_t time_ns)
{
	if (time_ns == INT64_MIN)
		return;
	key_of(json, key);
	(void)putc_unlocked('"', json->out);
	decimal(json->out, time_ns);
	(void)putc_unlocked('"', json->out);
}
