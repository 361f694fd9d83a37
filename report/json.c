#include "report/json.h"

#include <assert.h>
#include <string.h>

#include "capture/safe_text.h"

enum { DIGITS_MOST = 20 }; /* of an uint64_t */

void json_begin(struct json *json, FILE *out)
{
	/* not the page: it is written before it is read */
	json->out = out;
	json->is_first = true;
	json->is_in_page = false;
	json->written = 0;
	json->depth = 0;
	json->used = 0;
}

/* '<' stands in strings only, where it may be escaped. */
static void write_out(struct json *json, const char *bytes, size_t count)
{
	const char *found;

	json->written += count; /* an escape's five more don't matter */
	while (json->is_in_page && (found = memchr(bytes, '<', count))) {
		size_t before = (size_t)(found - bytes);

		(void)fwrite_unlocked(bytes, 1, before, json->out);
		(void)fwrite_unlocked("\\u003c", 1, 6, json->out);
		bytes = found + 1;
		count -= before + 1;
	}
	(void)fwrite_unlocked(bytes, 1, count, json->out);
}

static void hand_over(struct json *json)
{
	write_out(json, json->page, json->used);
	json->used = 0;
}

static void put_byte(struct json *json, char byte)
{
	if (json->used == JSON_PAGE_BYTES)
		hand_over(json);
	json->page[json->used++] = byte;
}

static void put(struct json *json, const char *bytes, size_t count)
{
	if (count > JSON_PAGE_BYTES - json->used)
		hand_over(json);
	if (count > JSON_PAGE_BYTES) {
		write_out(json, bytes, count);
		return;
	}
	memcpy(json->page + json->used, bytes, count);
	json->used += count;
}

static void key_of(struct json *json, const char *key)
{
	if (!json->is_first)
		put_byte(json, ',');
	json->is_first = false;
	if (key) {
		put_byte(json, '"');
		put(json, key, strlen(key));
		put(json, "\":", 2);
	}
}

static void open_with(struct json *json, const char *key, char bracket)
{
	key_of(json, key);
	put_byte(json, bracket);
	json->is_first = true;
	json->depth++;
}

static void close_with(struct json *json, char bracket)
{
	assert(json->depth > 0);
	put_byte(json, bracket);
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

static void end_line(struct json *json)
{
	assert(json->depth == 0);
	put_byte(json, '\n');
	hand_over(json);
}

void json_record_end(struct json *json)
{
	close_with(json, '}');
	end_line(json);
}

void json_row(struct json *json)
{
	assert(json->depth == 0);
	json->is_first = true;
	open_with(json, NULL, '[');
}

void json_row_end(struct json *json)
{
	close_with(json, ']');
	end_line(json);
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

/* Copies what needs no escape at once; mostly that is all. */
static void put_escaped(struct json *json, const char *bytes, size_t length)
{
	while (length > 0) {
		size_t plain = safe_text_json_plain(bytes, length), step_bytes;
		char step[SAFE_STEP_BYTES];

		put(json, bytes, plain);
		bytes += plain;
		length -= plain;
		if (length == 0)
			break;
		size_t taken =
			safe_text_json_step(bytes, length, step, &step_bytes);
		put(json, step, step_bytes);
		bytes += taken;
		length -= taken;
	}
}

void json_string(struct json *json, const char *key, const char *value)
{
	key_of(json, key);
	put_byte(json, '"');
	put_escaped(json, value, strlen(value));
	put_byte(json, '"');
}

void json_text(struct json *json, const char *key, const char *text)
{
	if (text && text[0])
		json_string(json, key, text);
}

static void put_digits(struct json *json, uint64_t value, unsigned least)
{
	char digits[DIGITS_MOST];
	unsigned at = DIGITS_MOST;

	do {
		digits[--at] = (char)('0' + value % 10);
		value /= 10;
	} while (value != 0 || DIGITS_MOST - at < least);
	put(json, digits + at, DIGITS_MOST - at);
}

/* Writes the sign; returns what follows it, without the overflow that negating
 * INT64_MIN would be. */
static uint64_t put_sign(struct json *json, int64_t value)
{
	if (value >= 0)
		return (uint64_t)value;
	put_byte(json, '-');
	return 0 - (uint64_t)value;
}

void json_number(struct json *json, const char *key, uint64_t value)
{
	key_of(json, key);
	put_digits(json, value, 1);
}

void json_signed(struct json *json, const char *key, int64_t value)
{
	key_of(json, key);
	put_digits(json, put_sign(json, value), 1);
}

void json_boolean(struct json *json, const char *key, bool value)
{
	key_of(json, key);
	if (value)
		put(json, "true", 4);
	else
		put(json, "false", 5);
}

/* Whole seconds and nanoseconds of a possibly negative time. */
static void put_decimal(struct json *json, int64_t time_ns)
{
	uint64_t magnitude = put_sign(json, time_ns);

	put_digits(json, magnitude / 1000000000, 1);
	put_byte(json, '.');
	put_digits(json, magnitude % 1000000000, 9);
}

void json_seconds(struct json *json, const char *key, int64_t duration_ns)
{
	key_of(json, key);
	put_decimal(json, duration_ns);
}

void json_real(struct json *json, const char *key, double value, int decimals)
{
	char text[400]; /* DBL_MAX has 309 digits */

	(void)snprintf(text, sizeof(text), "%.*f", decimals, value);
	key_of(json, key);
	put(json, text, strlen(text));
}

void json_time(struct json *json, const char *key, int64_t time_ns)
{
	if (time_ns == INT64_MIN)
		return;
	key_of(json, key);
	put_byte(json, '"');
	put_decimal(json, time_ns);
	put_byte(json, '"');
}
