/* Header fields, as one number each, and the part of a packet that has to be
 * quoted for each. */
#ifndef ANALYSIS_PATH_HEADER_VALUE_H
#define ANALYSIS_PATH_HEADER_VALUE_H

#include "analysis/path/path_record.h"

/* Whether packets of this family have such a field. */
bool header_value_exists(enum header_field field, uint8_t family);
/* Whether the quote is long enough to contain the field. */
bool header_value_is_quoted(const struct quote *quote, enum header_field field);
bool header_value_is_changed(
	const struct quote *quote, enum header_field field);
/* Whether the address differs, not the port. */
bool header_value_is_address_changed(
	const struct quote *quote, enum header_field field);
/* "1460", "absent" */
void header_value_text(char text[FOUND_BYTES], const struct packet *packet,
	enum header_field field);

#endif
