#include "capture/quotation.h"

#include "capture/address.h"

bool quotation_is_same(
	const struct quotation *one, const struct quotation *other)
{
	return address_is_same(&one->source, &other->source) &&
	       address_is_same(&one->target, &other->target) &&
	       one->sequence == other->sequence &&
	       one->acknowledged == other->acknowledged &&
	       one->source_port == other->source_port &&
	       one->target_port == other->target_port &&
	       one->total_bytes == other->total_bytes &&
	       one->ip_id == other->ip_id &&
	       one->tcp_flags == other->tcp_flags &&
	       one->family == other->family &&
	       one->protocol == other->protocol && one->ttl == other->ttl &&
	       one->tos == other->tos && one->is_df == other->is_df &&
	       one->has_ports == other->has_ports &&
	       one->has_sequence == other->has_sequence &&
	       one->has_acknowledged == other->has_acknowledged;
}
