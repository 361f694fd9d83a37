#include "analysis/path/path_rows.h"

#include <assert.h>

const struct path_table *const path_rows[] = {
	[PATH_SUBJECT_PORT] = &path_rows_port,
	[PATH_SUBJECT_RESET] = &path_rows_reset,
	[PATH_SUBJECT_PROXY] = &path_rows_proxy,
	[PATH_SUBJECT_FORWARD] = &path_rows_forward,
	[PATH_SUBJECT_ABOVE] = &path_rows_above,
	[PATH_SUBJECT_FLOWS] = &path_rows_flows,
	[PATH_SUBJECT_REVERSE] = &path_rows_reverse,
	[PATH_SUBJECT_FULL_SIZE] = &path_rows_full_size,
	[PATH_SUBJECT_FRAGMENTS] = &path_rows_fragments,
	[PATH_SUBJECT_FRAGMENTS_BACK] = &path_rows_fragments_back,
	[PATH_SUBJECT_FRAGMENTS_ALL] = &path_rows_fragments_all,
	[PATH_SUBJECT_FIELD] = &path_rows_field,
	[PATH_SUBJECT_FEATURES] = &path_rows_features,
	[PATH_SUBJECT_HEADERS] = &path_rows_headers,
	[PATH_SUBJECT_HOP_LIMIT] = &path_rows_hop_limit,
	[PATH_SUBJECT_IDLE] = &path_rows_idle,
	[PATH_SUBJECT_INJECTOR] = &path_rows_injector,
	[PATH_SUBJECT_SSH] = &path_rows_ssh,
	[PATH_SUBJECT_TLS] = &path_rows_tls,
	[PATH_SUBJECT_LOSS] = &path_rows_loss,
	[PATH_SUBJECT_PTB] = &path_rows_ptb,
};
static_assert(sizeof(path_rows) / sizeof(path_rows[0]) == PATH_SUBJECT_COUNT,
	"a table for every subject");
