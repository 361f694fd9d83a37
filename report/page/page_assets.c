/* The files go into read-only memory as they are: the assembler includes them.
 * report/page/page.mk says where they are and that this depends on them. */
#include "report/page/page_assets.h"

#ifdef PAGE_FOLDER
#define ASSET(name, file)                                                      \
	__asm__(".pushsection .rodata\n"                                       \
		".global " name "\n"                                           \
		".hidden " name "\n" name ":\n"                                \
		".incbin \"" PAGE_FOLDER "/" file "\"\n"                       \
		".global " name "_end\n"                                       \
		".hidden " name "_end\n" name "_end:\n"                        \
		".byte 0\n"                                                    \
		".popsection\n")

ASSET("page_head", "head.html");
ASSET("page_tail", "tail.html");
#endif
