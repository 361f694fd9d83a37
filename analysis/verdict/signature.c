#include "analysis/verdict/signature.h"

#include <assert.h>
#include <stddef.h>

#include "analysis/verdict/signatures.h"

const struct signature *signature_match(
	enum signature_table table, const struct facts *facts, unsigned *from)
{
	const struct {
		const struct signature *rows;
		unsigned count;
	} tables[] = {
		[SIGNATURES_RESET] = {signatures_reset, signatures_reset_count},
		[SIGNATURES_SILENCE] = {signatures_silence,
			signatures_silence_count},
		[SIGNATURES_SSH] = {signatures_ssh, signatures_ssh_count},
		[SIGNATURES_MTU] = {signatures_mtu, signatures_mtu_count},
		[SIGNATURES_FORGED] = {signatures_forged,
			signatures_forged_count},
	};
	uint64_t yes = facts_that(facts, TRUTH_YES);
	uint64_t no = facts_that(facts, TRUTH_NO);

	while (*from < tables[table].count) {
		const struct signature *row = &tables[table].rows[(*from)++];

		assert(row->needs);
		if ((row->needs & yes) == row->needs &&
			(row->denies & no) == row->denies &&
			!(row->forbids & yes) && !(row->keeps & no))
			return row;
	}
	return NULL;
}
