/* The assembler includes the files; the Makefile says where they are. */
#include "report/raster_fonts.h"

#ifdef FONT_FOLDER
#define FONT(name, file)                                                       \
	__asm__(".pushsection .rodata\n"                                       \
		".global " name "\n"                                           \
		".hidden " name "\n" name ":\n"                                \
		".incbin \"" FONT_FOLDER "/" file "\"\n"                       \
		".global " name "_end\n"                                       \
		".hidden " name "_end\n" name "_end:\n"                        \
		".byte 0\n"                                                    \
		".popsection\n")

FONT("raster_font_plain", "DejaVuSansMono.ttf");
FONT("raster_font_bold", "DejaVuSansMono-Bold.ttf");
#endif
