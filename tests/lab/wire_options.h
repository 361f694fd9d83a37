/*
 * The wire's command line: words such as "delay_ms=5,loss=1".
 */
#ifndef LAB_WIRE_OPTIONS_H
#define LAB_WIRE_OPTIONS_H

#include "device.h"

enum option_kind {
	OPTION_FORWARD = 'f',
	OPTION_REVERSE = 'r',
	OPTION_BOTH = 'b',
	OPTION_IDLE = 'i',
	OPTION_INJECT = 'j',
};

/* Complains and ends the program with status 2. */
_Noreturn void refuse(const char *what, const char *value);

/* The number in `value`; refuses anything else. `name` is for the complaint. */
double number(const char *name, const char *value);

/* Takes "name=value,name,name=value" apart, in place, and sets what it says;
 * `kind` is an enum option_kind. Refuses unknown words. */
void set_words(struct device_options *options, int kind, char *words);

#endif
