/* libpcap looks up the names in a filter whenever it compiles it, and a filter
 * is compiled for many link types. Between these two calls each name is looked
 * up once, and every compilation gets the same result. For one thread. */
#ifndef CAPTURE_LIVE_NAME_MEMORY_H
#define CAPTURE_LIVE_NAME_MEMORY_H

void name_memory_begin(void);
void name_memory_end(void);

#endif
