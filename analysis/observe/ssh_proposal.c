#include "analysis/observe/ssh_proposal.h"

#include "analysis/observe/ssh_names.h"

enum { COOKIE_BYTES = 16 };

bool ssh_proposal_read(struct cursor packet, struct ssh_proposal *proposal)
{
	uint32_t length = cursor_u32(&packet);

	packet = cursor_cut(&packet, length);
	cursor_skip(&packet, 1 + 1 + COOKIE_BYTES);
	for (unsigned i = 0; i < SSH_ALGORITHM_COUNT; i++) {
		uint32_t bytes = cursor_u32(&packet);

		proposal->lists[i] = cursor_cut(&packet, bytes);
		cursor_skip(&packet, bytes);
	}
	return !cursor_is_short(&packet);
}

bool ssh_proposal_compare(const struct ssh_proposal *client,
	const struct ssh_proposal *server, uint8_t *missing)
{
	const struct cursor *ours = client->lists, *theirs = server->lists;
	uint8_t found = 0;

	for (unsigned i = 0; i < SSH_ALGORITHM_COUNT; i++) {
		bool is_mac = i == SSH_MAC_TO_SERVER || i == SSH_MAC_TO_CLIENT;
		enum names_common common =
			ssh_names_common(ours[i], theirs[i], NULL);

		if (common == NAMES_UNKNOWN)
			return false;
		/* ciphers that bring their own integrity need no MAC */
		if (common == NAMES_NONE &&
			!(is_mac && ssh_names_need_no_mac(
					    ours[i - 2], theirs[i - 2])))
			found |= (uint8_t)(1u << i);
	}
	*missing = found;
	return true;
}
