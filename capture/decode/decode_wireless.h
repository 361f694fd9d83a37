/* 802.11 as recorded in monitor mode, with the headers drivers put before. */
#ifndef CAPTURE_DECODE_DECODE_WIRELESS_H
#define CAPTURE_DECODE_DECODE_WIRELESS_H

#include "capture/decode/decode.h"

/* `is_padded`: the driver aligned what follows the header to four bytes. Of
 * an aggregate (A-MSDU) only the first of its packets is decoded. */
void decode_80211(
	struct decoding *decoding, struct cursor cursor, bool is_padded);

void decode_radiotap(struct decoding *decoding, struct cursor cursor);
void decode_prism(struct decoding *decoding, struct cursor cursor);
void decode_avs(struct decoding *decoding, struct cursor cursor);

#endif
