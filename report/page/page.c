#include "report/page/page.h"

#include <stdlib.h>
#include <string.h>

#include "report/page/page_assets.h"

enum {
	TEXT_SLOTS = 1 << 15,
	TEXTS_MOST = TEXT_SLOTS / 2,
	TEXT_BYTES = 1 << 20, /* of all that have a number */
	/* Texts are foreign and may be made to collide; a search ends here. */
	SLOTS_SEARCHED = 16,
};

struct text_slot {
	uint32_t hash;
	uint32_t at;	 /* in `bytes` */
	uint32_t number; /* from 1; 0: empty */
};

struct report_page {
	FILE *out;
	int64_t first_ns;
	struct json json;
	uint32_t text_count;
	uint32_t used; /* of `bytes` */
	struct text_slot slots[TEXT_SLOTS];
	char bytes[TEXT_BYTES];
};

static size_t head_bytes(void)
{
	return (uintptr_t)page_head_end - (uintptr_t)page_head;
}

static size_t tail_bytes(void)
{
	return (uintptr_t)page_tail_end - (uintptr_t)page_tail;
}

struct report_page *page_begin(FILE *out)
{
	struct report_page *page = calloc(1, sizeof(*page));

	if (!page)
		return NULL;
	page->out = out;
	page->first_ns = INT64_MIN;
	json_begin(&page->json, out);
	page->json.is_in_page = true;
	(void)fwrite(page_head, 1, head_bytes(), out);
	return page;
}

void page_end(struct report_page *page)
{
	(void)fwrite(page_tail, 1, tail_bytes(), page->out);
	free(page);
}

struct json *page_json(struct report_page *page)
{
	return &page->json;
}

uint64_t page_data_bytes(const struct report_page *page)
{
	return page->json.written;
}

uint64_t page_frame_bytes(void)
{
	return head_bytes() + tail_bytes();
}

void page_set_first_time(struct report_page *page, int64_t time_ns)
{
	page->first_ns = time_ns;
}

void page_time(struct report_page *page, int64_t time_ns)
{
	int64_t since_ns;

	if (time_ns == INT64_MIN || page->first_ns == INT64_MIN ||
		__builtin_sub_overflow(time_ns, page->first_ns, &since_ns))
		json_string(&page->json, NULL, "");
	else
		json_signed(&page->json, NULL, since_ns);
}

/* FNV-1a */
static uint32_t hash_of(const char *text)
{
	uint32_t hash = 2166136261u;

	for (; *text; text++)
		hash = (hash ^ (uint8_t)*text) * 16777619u;
	return hash;
}

/* Its slot, or an empty one for it; NULL: neither. */
static struct text_slot *slot_of(
	struct report_page *page, const char *text, uint32_t hash)
{
	for (uint32_t i = 0; i < SLOTS_SEARCHED; i++) {
		struct text_slot *slot = &page->slots[(hash + i) % TEXT_SLOTS];

		if (slot->number == 0)
			return slot;
		if (slot->hash == hash &&
			strcmp(page->bytes + slot->at, text) == 0)
			return slot;
	}
	return NULL;
}

static bool has_room(const struct report_page *page, size_t bytes)
{
	return page->text_count < TEXTS_MOST &&
	       bytes <= TEXT_BYTES - page->used;
}

void page_text(struct report_page *page, const char *text)
{
	struct json *json = &page->json;
	const char *known = text ? text : "";
	uint32_t hash = hash_of(known);
	struct text_slot *slot = slot_of(page, known, hash);
	size_t bytes = strlen(known) + 1;

	if (slot && slot->number) {
		json_number(json, NULL, slot->number - 1);
	} else if (slot && has_room(page, bytes)) {
		*slot = (struct text_slot){
			hash, page->used, ++page->text_count};
		memcpy(page->bytes + page->used, known, bytes);
		page->used += (uint32_t)bytes;
		json_string(json, NULL, known);
	} else {
		json_array(json, NULL);
		json_string(json, NULL, known);
		json_array_end(json);
	}
}
