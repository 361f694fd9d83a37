/* Limits an attacker who takes control of a parser through a hostile capture
 * to the files that are already open. First privilege is dropped; if that
 * fails, nothing is read. Then follow three layers, each of which may be
 * missing in a container or an old kernel, which is reported: new privileges,
 * Landlock (paths), seccomp (system calls). Under the sanitizers the last two
 * are left out, since their runtime makes system calls of its own. */
#include "cli/sandbox.h"

#include <assert.h>
#include <cap-ng.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/notice.h"
#include "cli/sandbox_calls.h"
#include "cli/sandbox_identity.h"
#include "cli/sandbox_paths.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define IS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) ||     \
	__has_feature(thread_sanitizer)
#define IS_SANITIZED 1
#endif
#endif
#ifndef IS_SANITIZED
#define IS_SANITIZED 0
#endif

enum layer { LAYER_PRIVILEGES, LAYER_PATHS, LAYER_CALLS, LAYER_COUNT };

static const struct {
	const char *name;
	const char *without; /* what whoever took us over could do */
} layers[] = {
	[LAYER_PRIVILEGES] = {"no_new_privs", "run programs that grant "
					      "privileges"},
	[LAYER_PATHS] = {"Landlock", "open files"},
	[LAYER_CALLS] = {"seccomp", "make any system call"},
};

static_assert(sizeof(layers) / sizeof(layers[0]) == LAYER_COUNT,
	"every layer has its words");

enum { LIST_TEXT = 400 };

/* Appends to a list in words. */
static void list(char *text, const char *name, const char *detail)
{
	size_t used = strlen(text);

	(void)snprintf(text + used, LIST_TEXT - used, "%s%s%s%s%s",
		used ? ", " : "", name, *detail ? " (" : "", detail,
		*detail ? ")" : ""); /* it fits: there are three */
}

static int close_privileges(void)
{
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 ? 0 : errno;
}

/* `errors` say why a layer is missing; 0: it is there. */
static void say_what_is_missing(const int errors[LAYER_COUNT])
{
	char names[LIST_TEXT] = "", without[LIST_TEXT] = "";

	for (unsigned i = 0; i < LAYER_COUNT; i++) {
		if (errors[i] == 0)
			continue;
		list(names, layers[i].name, strerror(errors[i]));
		list(without, layers[i].without, "");
	}
	if (names[0])
		notice_print("this kernel or container refuses %s: hostile "
			     "packets that took control of the program could "
			     "%s",
			names, without);
}

static void close_layers(enum sandbox_kind kind)
{
	int errors[LAYER_COUNT] = {0};
	bool is_helper = kind == SANDBOX_GUARD || kind == SANDBOX_RESOLVER;

	errors[LAYER_PRIVILEGES] = close_privileges();
	if (!IS_SANITIZED) {
		errors[LAYER_PATHS] = sandbox_paths_close(kind, -1);
		errors[LAYER_CALLS] = sandbox_calls_close(kind);
	}
	if (!is_helper)
		say_what_is_missing(errors);
}

bool sandbox_enter(enum sandbox_kind kind, struct failure *failure)
{
	if (!sandbox_identity_drop(failure))
		return false;
	close_layers(kind);
	return true;
}

/* The kernel forgets the signal when the identity changes, and the filter does
 * not allow it to be set. A parent that has ended before sends none. */
bool sandbox_enter_with_parent(
	enum sandbox_kind kind, pid_t parent, struct failure *failure)
{
	if (!sandbox_identity_drop(failure))
		return false;
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent)
		return failure_set(failure, EXIT_INPUT_CUT,
			"the process that asked for it is gone");
	close_layers(kind);
	return true;
}

/* Root without capabilities may still do to what is root's all that this one is
 * for. */
static bool keep_identity(int descriptor, unsigned capability)
{
	struct stat status;

	capng_clear(CAPNG_SELECT_BOTH);
	if (geteuid() == 0 &&
		(fstat(descriptor, &status) != 0 || status.st_uid != 0))
		(void)capng_update(CAPNG_ADD,
			(capng_type_t)(CAPNG_EFFECTIVE | CAPNG_PERMITTED),
			capability); /* a valid one */
	/* The bounding set takes CAP_SETPCAP; nothing is executed here. */
	return capng_apply(CAPNG_SELECT_BOTH) == 0 ||
	       capng_apply(CAPNG_SELECT_CAPS) == 0;
}

static bool enter_as_caller(
	enum sandbox_kind kind, int descriptor, unsigned capability)
{
	if (!keep_identity(descriptor, capability) || close_privileges() != 0)
		return false;
	/* A layer that is missing here is missing for the one that listens too,
	 * which says so. */
	if (!IS_SANITIZED) {
		(void)sandbox_paths_close(kind, descriptor);
		(void)sandbox_calls_close(kind);
	}
	return true;
}

bool sandbox_enter_opener(int folder)
{
	return enter_as_caller(SANDBOX_OPENER, folder, CAP_DAC_OVERRIDE);
}

bool sandbox_enter_mode_setter(int file)
{
	return enter_as_caller(SANDBOX_MODE_SETTER, file, CAP_FOWNER);
}

void sandbox_print_offer(FILE *out)
{
	char there[LIST_TEXT] = "", missing[LIST_TEXT] = "", version[32];
	int errors[LAYER_COUNT], number;

	number = sandbox_paths_offered(&errors[LAYER_PATHS]);
	(void)snprintf(version, sizeof(version), "version %d", number);
	errors[LAYER_PRIVILEGES] =
		prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) < 0 ? errno : 0;
	errors[LAYER_CALLS] = sandbox_calls_offered();
	for (unsigned i = 0; i < LAYER_COUNT; i++)
		if (errors[i] != 0)
			list(missing, layers[i].name, strerror(errors[i]));
		else
			list(there, layers[i].name,
				i == LAYER_PATHS ? version : "");
	(void)fprintf(out, "sandbox of this kernel: %s%s%s\n",
		there[0] ? there : "none", missing[0] ? "; missing: " : "",
		missing);
}
