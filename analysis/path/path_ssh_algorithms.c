/* Which algorithms client and server do not share, and the lines that mend it,
 * one for each class: the client's, where OpenSSH's client has an algorithm of
 * the server's that it does not propose by itself, or else the server's. A
 * server has an algorithm of host keys if it has a key of that type. */
#include <stdio.h>
#include <string.h>

#include "analysis/observe/ssh_proposal.h"
#include "analysis/path/path_ssh_result.h"
#include "capture/safe_text.h"

enum { NAMES_MOST_SHOWN = 80, LINE_BYTES = 96 };

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

/* Certificates and keys of devices are not what a server is given. */
static bool is_plain(const char *name)
{
	return strstr(name, "-cert-") == NULL && strncmp(name, "sk-", 3) != 0;
}

/* The first name of our own list that a server can be given; "": none. */
static void plain_name(struct cursor list, char *text, size_t bytes)
{
	text[0] = '\0';
	while (list.left) {
		const uint8_t *comma = memchr(list.at, ',', list.left);
		uint32_t length =
			comma ? (uint32_t)(comma - list.at) : list.left;

		(void)safe_text_copy(
			text, bytes, (const char *)list.at, length);
		if (!comma || is_plain(text))
			return;
		cursor_skip(&list, length + 1);
	}
}

/* What sshd needs for a host key of that algorithm: a key of its type, or, with
 * RSA keys, only the older signature. */
static void host_key_line(
	const char *name, struct cursor server, char line[LINE_BYTES])
{
	const char *type = strstr(name, "ed25519")	  ? "ed25519"
			   : strstr(name, "ecdsa")	  ? "ecdsa"
			   : strcmp(name, "ssh-dss") == 0 ? "dsa"
							  : "rsa";
	bool has_rsa = has_name(server, "rsa-sha2-256") ||
		       has_name(server, "rsa-sha2-512") ||
		       has_name(server, "ssh-rsa");

	if (strcmp(type, "rsa") == 0 && has_rsa)
		(void)snprintf(
			line, LINE_BYTES, "HostKeyAlgorithms +%.40s", name);
	else
		(void)snprintf(line, LINE_BYTES,
			"HostKey /etc/ssh/ssh_host_%s_key (ssh-keygen -A makes "
			"it)",
			type);
}

/* Each line once. */
static void add_line(
	struct path_words *words, enum path_word word, const char *line)
{
	char before[PATH_WORD_BYTES];

	(void)snprintf(before, sizeof(before), "%s", words->word[word]);
	if (strstr(before, line))
		return;
	path_case_word(
		words, word, "%s%s%s", before, before[0] ? "; " : "", line);
}

static void set_line(struct path_case *one, enum ssh_algorithm which,
	const struct ssh_proposal *client, const struct ssh_proposal *server)
{
	const char *known = known_name(server->lists[which], which);
	char name[LINE_BYTES], line[LINE_BYTES];

	if (known) {
		(void)snprintf(line, sizeof(line), "%s +%s",
			classes[which].word, known);
		add_line(&one->words, PATH_WORD_LINE, line);
		path_fact_set(&one->facts, PATH_FACT_SSH_CLIENT_COULD, true);
		return;
	}
	plain_name(client->lists[which], name, sizeof(name));
	if (which == SSH_HOST_KEY)
		host_key_line(name, server->lists[which], line);
	else
		(void)snprintf(line, sizeof(line), "%s +%.60s",
			classes[which].word, name);
	add_line(&one->words, PATH_WORD_SERVER_LINE, line);
	path_fact_set(&one->facts, PATH_FACT_SSH_SERVER_COULD, true);
}

/* "no common cipher, the server has aes256-cbc"; of several classes their
 * names. */
static void set_found(struct path_facts *facts, uint8_t missing,
	const struct ssh_proposal *server)
{
	char names[NAMES_MOST_SHOWN] = "";
	size_t used = 0;
	unsigned count = 0;
	bool is_cut = false;

	for (int i = 0; i < SSH_ALGORITHM_COUNT; i++) {
		const struct cursor *list = &server->lists[i];

		if (!(missing >> i & 1))
			continue;
		if (count++ == 0) {
			is_cut = list->left >= sizeof(names);
			(void)safe_text_copy(names, sizeof(names),
				(const char *)list->at, list->left);
			path_fact_found(facts, PATH_FACT_SSH_ALGORITHMS_COMMON,
				"no common %s, the server has %s%s",
				ssh_algorithm_name((enum ssh_algorithm)i),
				names, is_cut ? "..." : "");
		}
	}
	if (count < 2)
		return;
	names[0] = '\0';
	for (int i = 0; i < SSH_ALGORITHM_COUNT; i++)
		if (missing >> i & 1 && used < sizeof(names))
			used += (size_t)snprintf(names + used,
				sizeof(names) - used, "%s%s", used ? ", " : "",
				ssh_algorithm_name((enum ssh_algorithm)i));
	path_fact_found(
		facts, PATH_FACT_SSH_ALGORITHMS_COMMON, "no common %s", names);
}

void path_ssh_set_algorithms(
	struct path_case *one, const struct ssh_result *result)
{
	const struct ssh_reading *reading = &result->phases;
	struct path_facts *facts = &one->facts;
	struct ssh_proposal client, server;

	if (!reading->flow || !reading->has_compared ||
		!ssh_proposal_read(reading->offer_packet, &client) ||
		!ssh_proposal_read(reading->kexinit_packet, &server))
		return;
	path_fact_set(
		facts, PATH_FACT_SSH_ALGORITHMS_COMMON, reading->missing == 0);
	path_fact_frames(facts, PATH_FACT_SSH_ALGORITHMS_COMMON,
		reading->kexinit->frame,
		reading->offered ? reading->offered->frame : 0);
	path_fact_as_expected(
		facts, PATH_FACT_SSH_ALGORITHMS_COMMON, "one of each class");
	if (reading->missing == 0)
		return;
	set_found(facts, reading->missing, &server);
	for (int i = 0; i < SSH_ALGORITHM_COUNT; i++)
		if (reading->missing >> i & 1)
			set_line(one, (enum ssh_algorithm)i, &client, &server);
}
