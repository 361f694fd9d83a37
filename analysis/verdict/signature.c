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
	struct fact_bits yes = fact_bits_of(facts, TRUTH_YES);
	struct fact_bits no = fact_bits_of(facts, TRUTH_NO);

	while (*from < tables[table].count) {
		const struct signature *row = &tables[table].rows[(*from)++];

		assert(!fact_bits_are_empty(&row->needs));
		if (fact_bits_hold_all(&yes, &row->needs) &&
			fact_bits_hold_all(&no, &row->denies) &&
			!fact_bits_hold_any(&yes, &row->forbids) &&
			!fact_bits_hold_any(&no, &row->keeps))
			return row;
	}
	return NULL;
}
