#include "probe/protocol/tls_rules.h"

#include <assert.h>
#include <string.h>

static const char *const randoms[] = {
	[TLS_PHASES] = "culprit probe, TLS, the phases..",
	[TLS_LARGE] = "culprit probe, TLS, large ones..",
	[TLS_OLD] = "culprit probe, TLS, 1.2 alone...",
	[TLS_WIDE] = "culprit probe, TLS, all suites..",
	[TLS_NAMELESS] = "culprit probe, TLS, no name.....",
};
static_assert(sizeof(randoms) / sizeof(randoms[0]) == TLS_PURPOSE_COUNT,
	"a random for every purpose");

const char *tls_rules_random(enum tls_purpose purpose)
{
	assert(purpose < TLS_PURPOSE_COUNT);
	return randoms[purpose];
}

bool tls_rules_purpose(
	const uint8_t random[TLS_RANDOM_BYTES], enum tls_purpose *purpose)
{
	for (int i = 0; i < TLS_PURPOSE_COUNT; i++)
		if (memcmp(random, randoms[i], TLS_RANDOM_BYTES) == 0) {
			*purpose = (enum tls_purpose)i;
			return true;
		}
	return false;
}

const char *tls_version_text(uint16_t version)
{
	switch (version) {
	case 0x0300:
		return "SSL 3.0";
	case TLS_1_0:
		return "TLS 1.0";
	case 0x0302:
		return "TLS 1.1";
	case TLS_1_2:
		return "TLS 1.2";
	case TLS_1_3:
		return "TLS 1.3";
	default:
		return NULL;
	}
}
