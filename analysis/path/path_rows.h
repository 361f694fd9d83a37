/* The rows about paths: a table for each subject. Each row has its source and
 * what could fool it; "lab" is a test of tests/probe/, with real kernels. */
#ifndef ANALYSIS_PATH_PATH_ROWS_H
#define ANALYSIS_PATH_PATH_ROWS_H

#include "analysis/path/path_row.h"

extern const struct path_table *const path_rows[PATH_SUBJECT_COUNT];

extern const struct path_table path_rows_port;
extern const struct path_table path_rows_reset;
extern const struct path_table path_rows_proxy;
extern const struct path_table path_rows_forward;
extern const struct path_table path_rows_above;
extern const struct path_table path_rows_flows;
extern const struct path_table path_rows_reverse;
extern const struct path_table path_rows_full_size;
extern const struct path_table path_rows_fragments;
extern const struct path_table path_rows_fragments_back;
extern const struct path_table path_rows_fragments_all;
extern const struct path_table path_rows_field;
extern const struct path_table path_rows_features;
extern const struct path_table path_rows_headers;
extern const struct path_table path_rows_hop_limit;
extern const struct path_table path_rows_idle;
extern const struct path_table path_rows_injector;
extern const struct path_table path_rows_ssh;
extern const struct path_table path_rows_tls;
extern const struct path_table path_rows_loss;
extern const struct path_table path_rows_ptb;

/* The members of a table that are arrays. */
#define PATH_ROWS(array)                                                       \
	.rows = (array), .row_count = sizeof(array) / sizeof((array)[0])
#define PATH_DOUBTS(array)                                                     \
	.doubts = (array), .doubt_count = sizeof(array) / sizeof((array)[0])
#define PATH_REMEDIES(array)                                                   \
	.remedies = (array), .remedy_count = sizeof(array) / sizeof((array)[0])

/* A list of facts: FACTS(NEXT_SIZE_FAILS, IPV6), at most fourteen. */
#define FACTS(...)                                                             \
	{                                                                      \
		FACTS_BY_COUNT(__VA_ARGS__, FACTS_14, FACTS_13, FACTS_12,      \
			FACTS_11, FACTS_10, FACTS_9, FACTS_8, FACTS_7,         \
			FACTS_6, FACTS_5, FACTS_4, FACTS_3, FACTS_2, FACTS_1,  \
			none)                                                  \
		(__VA_ARGS__)                                                  \
	}
#define FACTS_BY_COUNT(                                                        \
	a, b, c, d, e, f, g, h, i, j, k, l, m, n, chosen, ...)                 \
	chosen
#define FACTS_1(a) PATH_FACT_##a
#define FACTS_2(a, ...) PATH_FACT_##a, FACTS_1(__VA_ARGS__)
#define FACTS_3(a, ...) PATH_FACT_##a, FACTS_2(__VA_ARGS__)
#define FACTS_4(a, ...) PATH_FACT_##a, FACTS_3(__VA_ARGS__)
#define FACTS_5(a, ...) PATH_FACT_##a, FACTS_4(__VA_ARGS__)
#define FACTS_6(a, ...) PATH_FACT_##a, FACTS_5(__VA_ARGS__)
#define FACTS_7(a, ...) PATH_FACT_##a, FACTS_6(__VA_ARGS__)
#define FACTS_8(a, ...) PATH_FACT_##a, FACTS_7(__VA_ARGS__)
#define FACTS_9(a, ...) PATH_FACT_##a, FACTS_8(__VA_ARGS__)
#define FACTS_10(a, ...) PATH_FACT_##a, FACTS_9(__VA_ARGS__)
#define FACTS_11(a, ...) PATH_FACT_##a, FACTS_10(__VA_ARGS__)
#define FACTS_12(a, ...) PATH_FACT_##a, FACTS_11(__VA_ARGS__)
#define FACTS_13(a, ...) PATH_FACT_##a, FACTS_12(__VA_ARGS__)
#define FACTS_14(a, ...) PATH_FACT_##a, FACTS_13(__VA_ARGS__)

#endif
