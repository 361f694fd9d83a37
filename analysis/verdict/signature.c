#include "analysis/verdict/signature.h"

bool signature_applies(const struct signature *row, const struct bit_set *yes,
	const struct bit_set *no)
{
	return bit_set_holds_all(yes, &row->needs) &&
	       bit_set_holds_all(no, &row->denies) &&
	       !bit_set_holds_any(yes, &row->forbids) &&
	       !bit_set_holds_any(no, &row->keeps);
}
