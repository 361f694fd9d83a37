#include "wire_options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void refuse(const char *what, const char *value)
{
	fprintf(stderr, "wire: %s: %s\n", what, value);
	exit(2);
}

double number(const char *name, const char *value)
{
	char *end = NULL;
	double result = value ? strtod(value, &end) : 0;

	if (value == NULL || end == value || *end != '\0')
		refuse("not a number", name);
	return result;
}

static int64_t milliseconds(const char *name, const char *value)
{
	return (int64_t)(number(name, value) * 1e6);
}

static void set_direction(
	struct direction_options *to, const char *name, const char *value)
{
	if (strcmp(name, "delay_ms") == 0)
		to->delay_ns = milliseconds(name, value);
	else if (strcmp(name, "jitter_ms") == 0)
		to->jitter_ns = milliseconds(name, value);
	else if (strcmp(name, "loss") == 0)
		to->loss_percent = number(name, value);
	else if (strcmp(name, "duplicate") == 0)
		to->duplicate_percent = number(name, value);
	else if (strcmp(name, "reorder") == 0)
		to->reorder_percent = number(name, value);
	else if (strcmp(name, "reorder_ms") == 0)
		to->reorder_ns = milliseconds(name, value);
	else if (strcmp(name, "spread_ms") == 0)
		to->spread_ns = milliseconds(name, value);
	else if (strcmp(name, "kbit") == 0)
		to->bits_per_second = (int64_t)(number(name, value) * 1000);
	else if (strcmp(name, "drop_larger") == 0)
		to->drop_larger = (size_t)number(name, value);
	else if (strcmp(name, "drop_fragments") == 0)
		to->drop_fragments = true;
	else if (strcmp(name, "drop_icmp_errors") == 0)
		to->drop_icmp_errors = true;
	else if (strcmp(name, "drop_too_big") == 0)
		to->drop_too_big = true;
	else if (strcmp(name, "drop_all") == 0)
		to->drop_all = true;
	else if (strcmp(name, "clear_df") == 0)
		to->clear_df = true;
	else if (strcmp(name, "mss") == 0)
		to->clamp_mss = (unsigned)number(name, value);
	else if (strcmp(name, "ttl") == 0)
		to->set_ttl = (unsigned)number(name, value);
	else if (strcmp(name, "add_ttl") == 0)
		to->add_ttl = (int)number(name, value);
	else if (strcmp(name, "wobble_ttl") == 0)
		to->wobble_ttl = (unsigned)number(name, value);
	else if (strcmp(name, "tos") == 0)
		to->set_tos = (int)number(name, value);
	else if (strcmp(name, "ip_id") == 0)
		to->set_ip_id = (int)number(name, value);
	else if (strcmp(name, "wscale") == 0)
		to->set_wscale = (int)number(name, value);
	else if (strcmp(name, "sequence_shift") == 0)
		to->sequence_shift = (uint32_t)(int64_t)number(name, value);
	else if (strcmp(name, "sack_unshifted") == 0)
		to->sack_unshifted = true;
	else if (strcmp(name, "strip_timestamps") == 0)
		to->strip |= STRIP_TIMESTAMPS;
	else if (strcmp(name, "strip_sack") == 0)
		to->strip |= STRIP_SACK;
	else if (strcmp(name, "strip_wscale") == 0)
		to->strip |= STRIP_WINDOW_SCALE;
	else if (strcmp(name, "strip_mss") == 0)
		to->strip |= STRIP_MSS;
	else
		refuse("unknown word", name);
}

static void set_idle(
	struct idle_options *to, const char *name, const char *value)
{
	if (strcmp(name, "seconds") == 0)
		to->timeout_ns = (int64_t)(number(name, value) * 1e9);
	else if (strcmp(name, "ttl") == 0)
		to->ttl = (uint8_t)number(name, value);
	else if (strcmp(name, "silent") == 0)
		to->expiry = EXPIRY_SILENT;
	else if (strcmp(name, "reset_sender") == 0)
		to->expiry = EXPIRY_RESET_SENDER;
	else if (strcmp(name, "reset_both") == 0)
		to->expiry = EXPIRY_RESET_BOTH;
	else
		refuse("unknown word", name);
}

static void set_inject(
	struct inject_options *to, const char *name, const char *value)
{
	if (strcmp(name, "keyword") == 0 && value != NULL) {
		to->at = INJECT_KEYWORD;
		(void)snprintf(to->keyword, sizeof(to->keyword), "%s", value);
	} else if (strcmp(name, "syn") == 0) {
		to->at = INJECT_SYN;
	} else if (strcmp(name, "style") == 0 && value != NULL) {
		to->style = forge_style_named(value);
		if (to->style == NULL)
			refuse("unknown style", value);
	} else if (strcmp(name, "from_far") == 0) {
		to->from_far = true;
	} else if (strcmp(name, "to_sender") == 0) {
		to->to_sender = true;
	} else if (strcmp(name, "to_receiver") == 0) {
		to->to_receiver = true;
	} else if (strcmp(name, "inline") == 0) {
		to->drops_trigger = true;
	} else if (strcmp(name, "copy_ttl") == 0) {
		to->ttl_rule = TTL_COPY;
	} else if (strcmp(name, "mirror_ttl") == 0) {
		to->ttl_rule = TTL_MIRROR;
	} else if (strcmp(name, "ttl") == 0) {
		to->ttl_rule = TTL_FIXED;
		to->ttl = (uint8_t)number(name, value);
	} else if (strcmp(name, "block_ms") == 0) {
		to->block_ns = milliseconds(name, value);
	} else if (strcmp(name, "block_all_ms") == 0) {
		to->block_all_ns = milliseconds(name, value);
	} else if (strcmp(name, "delay_ms") == 0) {
		to->delay_ns = milliseconds(name, value);
	} else {
		refuse("unknown word", name);
	}
}

void set_words(struct device_options *options, int kind, char *words)
{
	char *next = words;
	char *name;

	while ((name = strsep(&next, ",")) != NULL) {
		char *value = strchr(name, '=');

		if (value != NULL)
			*value++ = '\0';
		if (kind == OPTION_FORWARD || kind == OPTION_BOTH)
			set_direction(&options->direction[0], name, value);
		if (kind == OPTION_REVERSE || kind == OPTION_BOTH)
			set_direction(&options->direction[1], name, value);
		if (kind == OPTION_IDLE)
			set_idle(&options->idle, name, value);
		if (kind == OPTION_INJECT)
			set_inject(&options->inject, name, value);
	}
}
