#include "probe/protocol/section_comment.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/protocol/probe_rules.h"

static const char introduction[] = "culprit probe: ";
static const char end_word[] = " end=stated", zone_word[] = " zone=",
		  ended_word[] = "ended=", none_word[] = "none",
		  lost_word[] = " lost=";

static bool is_link_local(const struct section_comment *comment)
{
	const uint8_t *bytes = comment->target.bytes;

	return comment->family == 6 && bytes[0] == 0xfe &&
	       (bytes[1] & 0xc0) == 0x80;
}

/* Commands that reports print have it: nothing that a shell would interpret. */
void section_comment_set_zone(
	struct section_comment *comment, const char *interface)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"0123456789.:_@-";
	size_t length = strlen(interface);

	comment->zone[0] = '\0';
	if (is_link_local(comment) && length < SECTION_COMMENT_ZONE &&
		strspn(interface, plain) == length)
		memcpy(comment->zone, interface, length + 1);
}

void section_comment_write(
	const struct section_comment *comment, char text[SECTION_COMMENT_BYTES])
{
	char own[INET6_ADDRSTRLEN] = "", target[INET6_ADDRSTRLEN] = "";
	char experiments[EXPERIMENTS_BYTES];
	int family = comment->family == 4 ? AF_INET : AF_INET6;

	(void)inet_ntop(family, comment->own.bytes, own, sizeof(own));
	(void)inet_ntop(family, comment->target.bytes, target, sizeof(target));
	probe_experiments_write(comment->experiments, ",", experiments);
	char idle[24] = "";

	if (comment->idle_max_s)
		(void)snprintf(
			idle, sizeof(idle), " idle=%u", comment->idle_max_s);
	(void)snprintf(text, SECTION_COMMENT_BYTES,
		"%sversion=%u target=%s port=%u source=%s mtu=%u "
		"experiments=%s%s%s%s%s%s%s",
		introduction, comment->version, target, comment->port, own,
		comment->interface_mtu, experiments, idle,
		comment->trigger[0] ? " trigger=" : "", comment->trigger,
		comment->zone[0] ? zone_word : "", comment->zone,
		comment->is_end_stated ? end_word : "");
}

/* Copies the value that follows `key` in the text; false when there is none,
 * or it does not fit. */
static bool word_after(
	const char *text, const char *key, char *word, size_t word_bytes)
{
	const char *at = strstr(text, key);

	if (!at)
		return false;
	at += strlen(key);
	size_t length = strcspn(at, " ");
	if (length == 0 || length >= word_bytes)
		return false;
	memcpy(word, at, length);
	word[length] = '\0';
	return true;
}

static bool number_after(const char *text, const char *key, uint32_t least,
	uint32_t most, uint32_t *number)
{
	char word[16], *end;

	if (!word_after(text, key, word, sizeof(word)))
		return false;
	unsigned long value = strtoul(word, &end, 10);
	*number = (uint32_t)value;
	return *end == '\0' && value >= least && value <= most;
}

void section_comment_write_end(
	const struct section_end *end, char text[SECTION_COMMENT_BYTES])
{
	char experiments[EXPERIMENTS_BYTES], lost[32] = "";

	probe_experiments_write(end->ended, ",", experiments);
	if (end->lost)
		(void)snprintf(
			lost, sizeof(lost), "%s%" PRIu32, lost_word, end->lost);
	(void)snprintf(text, SECTION_COMMENT_BYTES, "%s%s%s%s", introduction,
		ended_word, end->ended ? experiments : none_word, lost);
}

bool section_comment_read_end(const char *text, struct section_end *end)
{
	size_t length = sizeof(introduction) - 1, unknown_bytes;
	char experiments[EXPERIMENTS_BYTES];
	const char *unknown;

	if (strncmp(text, introduction, length) != 0 ||
		strncmp(text + length, ended_word, sizeof(ended_word) - 1) != 0)
		return false;
	text += length + sizeof(ended_word) - 1;
	*end = (struct section_end){0};
	if (strstr(text, lost_word) &&
		!number_after(text, lost_word, 1, UINT32_MAX, &end->lost))
		return false;
	/* Other words may follow (client_settings.h). */
	length = strcspn(text, " ");
	if (length >= sizeof(experiments))
		return false;
	memcpy(experiments, text, length);
	experiments[length] = '\0';
	return strcmp(experiments, none_word) == 0 ||
	       probe_experiments_read(
		       experiments, &end->ended, &unknown, &unknown_bytes);
}

static bool read_address(
	const char *text, struct address *address, uint8_t *family)
{
	memset(address, 0, sizeof(*address));
	if (inet_pton(AF_INET, text, address->bytes) == 1)
		*family = 4;
	else if (inet_pton(AF_INET6, text, address->bytes) == 1)
		*family = 6;
	else
		return false;
	return true;
}

/* All but the version. */
static bool read_words(const char *text, struct section_comment *comment)
{
	enum { LEAST_MTU = 68, MOST_MTU = 1 << 20 };
	char own[INET6_ADDRSTRLEN], target[INET6_ADDRSTRLEN];
	char experiments[EXPERIMENTS_BYTES], zone[SECTION_COMMENT_ZONE];
	const char *unknown;
	size_t unknown_bytes;
	uint8_t own_family = 0;
	uint32_t port = 0;

	if (strstr(text, " trigger=") &&
		(!word_after(text, " trigger=", comment->trigger,
			 sizeof(comment->trigger)) ||
			!reset_trigger_is_name(comment->trigger)))
		return false;
	if (strstr(text, " idle=") && !number_after(text, " idle=", 1,
					      UINT16_MAX, &comment->idle_max_s))
		return false;
	if (!word_after(text, " target=", target, sizeof(target)) ||
		!word_after(text, " source=", own, sizeof(own)) ||
		!number_after(text, " port=", 1, UINT16_MAX, &port) ||
		!number_after(text, " mtu=", LEAST_MTU, MOST_MTU,
			&comment->interface_mtu) ||
		!word_after(text, " experiments=", experiments,
			sizeof(experiments)))
		return false;
	comment->port = (uint16_t)port;
	comment->is_end_stated = strstr(text, end_word) != NULL;
	if (!read_address(target, &comment->target, &comment->family))
		return false;
	if (word_after(text, zone_word, zone, sizeof(zone)))
		section_comment_set_zone(comment, zone);
	return read_address(own, &comment->own, &own_family) &&
	       own_family == comment->family &&
	       probe_experiments_read(experiments, &comment->experiments,
		       &unknown, &unknown_bytes);
}

enum section_comment_kind section_comment_read(
	const char *text, struct section_comment *comment)
{
	memset(comment, 0, sizeof(*comment));
	comment->version = 1;
	if (!text || strncmp(text, introduction, sizeof(introduction) - 1) != 0)
		return SECTION_COMMENT_NONE;
	if (strstr(text, " version=") && !number_after(text, " version=", 2,
						 UINT32_MAX, &comment->version))
		return SECTION_COMMENT_NONE;
	if (!probe_rules_of(comment->version))
		return SECTION_COMMENT_NEWER;
	return read_words(text, comment) ? SECTION_COMMENT_PROBE
					 : SECTION_COMMENT_NONE;
}
