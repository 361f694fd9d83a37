#include "analysis/observe/ssh.h"

#include <assert.h>

const char *ssh_algorithm_name(enum ssh_algorithm algorithm)
{
	static const char *const names[] = {
		[SSH_KEX] = "key exchange",
		[SSH_HOST_KEY] = "host key",
		[SSH_CIPHER_TO_SERVER] = "cipher",
		[SSH_CIPHER_TO_CLIENT] = "cipher (to the client)",
		[SSH_MAC_TO_SERVER] = "MAC",
		[SSH_MAC_TO_CLIENT] = "MAC (to the client)",
		[SSH_COMPRESSION_TO_SERVER] = "compression",
		[SSH_COMPRESSION_TO_CLIENT] = "compression (to the client)",
	};
	static_assert(sizeof(names) / sizeof(names[0]) == SSH_ALGORITHM_COUNT,
		"a name for every class");
	assert(algorithm < SSH_ALGORITHM_COUNT);
	return names[algorithm];
}
