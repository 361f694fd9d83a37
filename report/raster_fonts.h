/* DejaVu Sans Mono, as Debian has it in fonts-dejavu-core: the file in the
 * program's read-only memory, with its copyright and licence in its own name
 * table. */
#ifndef REPORT_RASTER_FONTS_H
#define REPORT_RASTER_FONTS_H

/* From the first byte up to the byte that the second points to. */
extern const char raster_font_plain[], raster_font_plain_end[];
extern const char raster_font_bold[], raster_font_bold_end[];

#endif
