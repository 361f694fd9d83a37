#include "analysis/observe/evidence.h"

size_t evidence_used_bytes(const struct evidence *evidence)
{
	if (evidence->after_count)
		return sizeof(*evidence);
	if (evidence->reset_count)
		return offsetof(struct evidence, resets) +
		       evidence->reset_count * sizeof(evidence->resets[0]);
	return offsetof(struct evidence, errors) +
	       evidence->error_count * sizeof(evidence->errors[0]);
}

bool evidence_tells_of_sizes(
	const struct thresholds *thresholds, const struct evidence *evidence)
{
	for (unsigned i = 0; i < 2; i++)
		if (evidence_is_repaired_by_smaller(&evidence->recovered[i]) ||
			evidence_is_filled_late(
				thresholds, &evidence->filled_gap[i]) ||
			evidence->seq_gap[i].is_active)
			return true;
	return false;
}

unsigned evidence_unheard(
	const struct flow *flow, const struct evidence *evidence, unsigned side)
{
	const struct unheard_acks *unheard = &evidence->unheard[side];

	return unheard->count && flow->side[side].next == unheard->next
		       ? unheard->count
		       : 0;
}

bool evidence_is_dull(
	const struct thresholds *thresholds, const struct evidence *evidence)
{
	if (evidence->reset_count || evidence->error_count || evidence->ssh ||
		evidence->overdue.silent_ms || evidence->last_error.note.kind ||
		evidence->synack_retransmissions || evidence->other.answers ||
		evidence->other.continued ||
		evidence->closing_message.app_message ||
		evidence->response_wait.end.frame || evidence->forged.forgery)
		return false;
	for (unsigned i = 0; i < 2; i++)
		if (evidence->probes[i] || evidence->zero_windows[i] ||
			evidence->unheard[i].count >=
				thresholds->retransmissions ||
			evidence->misread[i] || evidence->fin_acked_frame[i])
			return false;
	return !evidence_tells_of_sizes(thresholds, evidence);
}
