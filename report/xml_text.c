#include "report/xml_text.h"

size_t xml_text_step(const char *text, size_t length, char out[SAFE_STEP_BYTES],
	size_t *out_length, unsigned *columns)
{
	size_t taken = safe_text_step(text, length, out, out_length, columns);
	const unsigned char *bytes = (const unsigned char *)out;

	if (taken == 3 && bytes[0] == 0xef && bytes[1] == 0xbf &&
		bytes[2] >= 0xbe) {
		*columns = (unsigned)snprintf(out, SAFE_STEP_BYTES,
			"\\xef\\xbf\\x%02x", (unsigned)bytes[2]);
		*out_length = *columns;
	} else if (bytes[0] >= 0xe1) {
		*columns = 2; /* may be wide, from U+1000 on */
	}
	return taken;
}

static void escaped_byte(FILE *out, char byte)
{
	switch (byte) {
	case '&':
		(void)fputs("&amp;", out);
		break;
	case '<':
		(void)fputs("&lt;", out);
		break;
	case '>':
		(void)fputs("&gt;", out);
		break;
	case '"':
		(void)fputs("&quot;", out);
		break;
	case '\'':
		(void)fputs("&#39;", out);
		break;
	default:
		(void)fputc(byte, out);
		break;
	}
}

unsigned xml_text_write(FILE *out, const char *text, size_t length)
{
	unsigned sum = 0;

	while (length > 0) {
		char bytes[SAFE_STEP_BYTES];
		size_t count;
		unsigned columns;
		size_t taken =
			xml_text_step(text, length, bytes, &count, &columns);

		for (size_t i = 0; out && i < count; i++)
			escaped_byte(out, bytes[i]);
		sum += columns;
		text += taken;
		length -= taken;
	}
	return sum;
}
