#include "probe/tcp/ssh_offer.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { LANGUAGE_BYTES = 12 }; /* "x-culprit-1," */

/* Methods with short responses in order of preference; the others follow. */
static const char *const short_methods[] = {"curve25519-sha256",
	"curve25519-sha256@libssh.org", "ecdh-sha2-nistp256",
	"ecdh-sha2-nistp384"};
enum { SHORT_METHODS = sizeof(short_methods) / sizeof(short_methods[0]) };

struct ordered_names {
	char text[SSH_PROFILE_BYTES];
	size_t used;
};

static void add(struct ordered_names *ordered, struct ssh_list name)
{
	if (ssh_list_has((struct ssh_list){(const uint8_t *)ordered->text,
				 (uint32_t)ordered->used},
		    name))
		return;
	if (ordered->used)
		ordered->text[ordered->used++] = ',';
	memcpy(ordered->text + ordered->used, name.at, name.bytes);
	ordered->used += name.bytes;
	assert(ordered->used < sizeof(ordered->text));
}

static void add_if_in(
	struct ordered_names *ordered, struct ssh_list all, const char *name)
{
	if (ssh_list_has(all, ssh_list_of(name)))
		add(ordered, ssh_list_of(name));
}

/* The names of `all`, those that are preferred first: the same names, so that
 * they have room. */
static struct ssh_list order(
	struct ordered_names *ordered, enum ssh_class which,
	const struct ssh_profile *profile, bool is_large)
{
	struct ssh_list all = ssh_list_of(profile->list[which]), rest = all,
			name;

	ordered->used = 0;
	if (which == SSH_CLASS_KEX) {
		for (int i = 0; i < SHORT_METHODS && !is_large; i++)
			add_if_in(ordered, all, short_methods[i]);
		for (int i = 0; i < SSH_METHODS; i++)
			add_if_in(ordered, all, ssh_methods[i].name);
	}
	while (ssh_list_next(&rest, &name))
		add(ordered, name);
	return (struct ssh_list){
		(const uint8_t *)ordered->text, (uint32_t)ordered->used};
}

static void write_languages(struct byte_writer *writer, size_t bytes)
{
	size_t count = bytes / LANGUAGE_BYTES;

	write_u32(writer, (uint32_t)(count ? count * LANGUAGE_BYTES - 1 : 0));
	for (size_t i = 0; i < count; i++)
		write_bytes(writer, "x-culprit-1,",
			LANGUAGE_BYTES - (i + 1 == count));
}

void ssh_offer_write(struct byte_writer *writer,
	const struct ssh_profile *profile, bool is_large, uint32_t least_bytes)
{
	struct ssh_open_packet packet = ssh_packet_begin(writer, SSH_KEXINIT);
	struct ordered_names ordered;

	write_bytes(writer, "what SSH is told", SSH_COOKIE);
	for (int i = 0; i < SSH_CLASS_COUNT; i++) {
		enum ssh_class which = (enum ssh_class)i;
		struct ssh_list list =
			order(&ordered, which, profile, is_large);

		ssh_write_list(writer, list);
		if (which == SSH_CLASS_CIPHER || which == SSH_CLASS_MAC)
			ssh_write_list(writer, list); /* of the way back */
	}
	ssh_write_list(writer, ssh_list_of("none,zlib@openssh.com"));
	ssh_write_list(writer, ssh_list_of("none,zlib@openssh.com"));
	size_t used = writer->used - packet.start;
	write_languages(writer, used < least_bytes ? least_bytes - used : 0);
	ssh_write_list(writer, ssh_list_of(""));
	write_zeros(writer, 5); /* no guess follows; reserved */
	ssh_packet_end(writer, &packet);
}

/* The first of the client's that the server has. */
static bool agree(
	struct ssh_list client, struct ssh_list server, struct ssh_list *agreed)
{
	while (ssh_list_next(&client, agreed))
		if (ssh_list_has(server, *agreed))
			return true;
	return false;
}

enum ssh_wire_state ssh_offer_answer(struct byte_writer *writer,
	const struct ssh_profile *profile, bool is_large, const uint8_t *heard,
	uint32_t heard_bytes)
{
	struct ssh_list lists[SSH_LISTS], method, key;
	struct ordered_names ordered;
	enum ssh_wire_state state = ssh_wire_kexinit(heard, heard_bytes, lists);

	if (state != SSH_WIRE_READY)
		return state;
	if (!agree(order(&ordered, SSH_CLASS_HOST_KEY, profile, is_large),
		    lists[SSH_LIST_HOST_KEY], &key) ||
		!agree(order(&ordered, SSH_CLASS_KEX, profile, is_large),
			lists[SSH_LIST_KEX], &method))
		return SSH_WIRE_LOST;
	for (int i = 0; i < SSH_METHODS; i++) {
		const char *name = ssh_methods[i].name;

		if (strlen(name) != method.bytes ||
			memcmp(name, method.at, method.bytes) != 0)
			continue;
		ssh_write_kex_init(writer, &ssh_methods[i]);
		return writer->is_full ? SSH_WIRE_LOST : SSH_WIRE_READY;
	}
	return SSH_WIRE_LOST;
}
