#include "analysis/path/path_subjects.h"

#include "analysis/path/path_features.h"
#include "analysis/path/path_fragments.h"
#include "analysis/path/path_idle.h"
#include "analysis/path/path_injector.h"
#include "analysis/path/path_loss.h"
#include "analysis/path/path_mtu.h"
#include "analysis/path/path_port.h"
#include "analysis/path/path_proxy.h"
#include "analysis/path/path_resets.h"
#include "analysis/path/path_rewritten.h"
#include "analysis/path/path_ssh.h"
#include "analysis/path/path_tls.h"
#include "analysis/path/path_too_big.h"

static bool is_tested(const struct path *path, enum probe_experiment experiment)
{
	return section_comment_has(&path->comment, experiment);
}

void path_subjects_each(
	const struct path *path, const struct path_case_sink *sink)
{
	path_port_cases(path, sink);
	path_resets_cases(path, sink);
	path_proxy_cases(path, sink);
	if (is_tested(path, EXPERIMENT_MTU))
		path_mtu_cases(path, sink);
	if (is_tested(path, EXPERIMENT_FRAGMENTS))
		path_fragments_cases(path, sink);
	path_rewritten_cases(path, sink);
	path_features_cases(path, sink);
	if (is_tested(path, EXPERIMENT_IDLE))
		path_idle_cases(path, sink);
	if (is_tested(path, EXPERIMENT_RESET))
		path_injector_cases(path, sink);
	path_ssh_cases(path, sink);
	if (is_tested(path, EXPERIMENT_TLS))
		path_tls_cases(path, sink);
	if (is_tested(path, EXPERIMENT_LOSS))
		path_loss_cases(path, sink);
	path_too_big_cases(path, sink);
}
