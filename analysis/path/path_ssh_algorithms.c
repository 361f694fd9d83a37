/* Which algorithms client and server do not share, and the one line that mends
 * it: the client's, where OpenSSH's client has an algorithm of the server's
 * that it does not propose by itself, or else the server's. */
#include <stdio.h>
#include <string.h>

#include "analysis/observe/ssh_proposal.h"
#include "analysis/path/path_ssh_result.h"
#include "capture/safe_text.h"

enum { NAMES_MOST_SHOWN = 40 };

/* Of each class the words of ssh_config(5) and sshd_config(5), and what
 * OpenSSH's client knows and does not propose: `ssh -Q` without `ssh -G` [9.2].
 * In order of preference. */
static const struct {
	const char *word;
	const char *known[8];
} classes[SSH_ALGORITHM_COUNT] = {
	[SSH_KEX] = {"KexAlgorithms",
		{"diffie-hellman-group14-sha1",
			"diffie-hellman-group-exchange-sha1",
			"diffie-hellman-group1-sha1"}},
	[SSH_HOST_KEY] = {"HostKeyAlgorithms", {"ssh-rsa", "ssh-dss"}},
	[SSH_CIPHER_TO_SERVER] = {"Ciphers",
		{"aes256-cbc", "aes192-cbc", "aes128-cbc", "3des-cbc"}},
	[SSH_CIPHER_TO_CLIENT] = {"Ciphers",
		{"aes256-cbc", "aes192-cbc", "aes128-cbc", "3des-cbc"}},
	[SSH_MAC_TO_SERVER] = {"MACs",
		{"hmac-sha1-96", "hmac-md5", "hmac-md5-96"}},
	[SSH_MAC_TO_CLIENT] = {"MACs",
		{"hmac-sha1-96", "hmac-md5", "hmac-md5-96"}},
	[SSH_COMPRESSION_TO_SERVER] = {"Compression", {NULL}},
	[SSH_COMPRESSION_TO_CLIENT] = {"Compression", {NULL}},
};

static bool has_name(struct cursor list, const char *name)
{
	size_t length = strlen(name);

	while (list.left >= length) {
		const uint8_t *comma = memchr(list.at, ',', list.left);
		uint32_t bytes =
			comma ? (uint32_t)(comma - list.at) : list.left;

		if (bytes == length && memcmp(list.at, name, length) == 0)
			return true;
		if (!comma)
			return false;
		cursor_skip(&list, bytes + 1);
	}
	return false;
}

static const char *known_name(struct cursor list, enum ssh_algorithm which)
{
	for (int i = 0; i < 8 && classes[which].known[i]; i++)
		if (has_name(list, classes[which].known[i]))
			return classes[which].known[i];
	return NULL;
}

/* The first name of our own list, for the server. */
static void first_name(struct cursor list, char *text, size_t bytes)
{
	const uint8_t *comma = memchr(list.at, ',', list.left);

	(void)safe_text_copy(text, bytes, (const char *)list.at,
		comma ? (size_t)(comma - list.at) : list.left);
}

static void set_line(struct path_case *one, enum ssh_algorithm which,
	const struct ssh_proposal *client, const struct ssh_proposal *server)
{
	const char *known = known_name(server->lists[which], which);
	char name[PATH_WORD_BYTES] = "";

	if (!known && client->lists[which].left)
		first_name(client->lists[which], name, sizeof(name));
	path_case_word(&one->words, PATH_WORD_LINE, "%s +%.56s",
		classes[which].word, known ? known : name);
	path_fact_set(&one->facts, PATH_FACT_SSH_CLIENT_MENDS, known != NULL);
	path_fact_set(&one->facts, PATH_FACT_SSH_SERVER_MENDS, known == NULL);
}

void path_ssh_set_algorithms(
	struct path_case *one, const struct ssh_result *result)
{
	const struct ssh_reading *reading = &result->phases;
	struct path_facts *facts = &one->facts;
	struct ssh_proposal client, server;
	char names[NAMES_MOST_SHOWN];

	if (!reading->flow || !reading->has_compared ||
		!ssh_proposal_read(reading->offer_packet, &client) ||
		!ssh_proposal_read(reading->kexinit_packet, &server))
		return;
	path_fact_set(facts, PATH_FACT_SSH_COMMON, reading->missing == 0);
	path_fact_frames(facts, PATH_FACT_SSH_COMMON, reading->kexinit->frame,
		reading->offered ? reading->offered->frame : 0);
	for (int i = 0; i < SSH_ALGORITHM_COUNT; i++) {
		enum ssh_algorithm which = (enum ssh_algorithm)i;
		const struct cursor *list = &server.lists[i];

		if (!(reading->missing >> i & 1))
			continue;
		(void)safe_text_copy(names, sizeof(names),
			(const char *)list->at, list->left);
		path_fact_found(facts, PATH_FACT_SSH_COMMON,
			"no common %s, the server has %s",
			ssh_algorithm_name(which), names);
		path_fact_expected(
			facts, PATH_FACT_SSH_COMMON, "one of each class");
		set_line(one, which, &client, &server);
		return;
	}
	path_fact_as_expected(facts, PATH_FACT_SSH_COMMON, "one of each class");
}
