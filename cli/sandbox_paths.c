/* The numbers are those of linux/landlock.h, whose version of the system that
 * compiles may be older than the kernel that runs. A version knows all that the
 * earlier ones know (Documentation/userspace-api/landlock.rst). */
#include "cli/sandbox_paths.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	ASK_VERSION = 1,  /* LANDLOCK_CREATE_RULESET_VERSION */
	PATH_BENEATH = 1, /* LANDLOCK_RULE_PATH_BENEATH */
	WRITE_FILE = 1 << 1,
	READ_FILE = 1 << 2,
	READ_FOLDER = 1 << 3,
	MAKE_FILE = 1 << 8,
	TRUNCATE = 1 << 14,
};

/* What Landlock may forbid, as struct landlock_ruleset_attr. */
struct ruleset {
	uint64_t files, network, scope;
};

/* Everything that version N of Landlock can forbid stands in row N, and the
 * last row holds for all that come after. */
static const struct ruleset rulesets[] = {
	{0},
	{.files = (1 << 13) - 1},		/* reading to making links */
	{.files = (1 << 14) - 1},		/* moving to other folders */
	{.files = (1 << 15) - 1},		/* truncating */
	{.files = (1 << 15) - 1, .network = 3}, /* bind and connect, TCP */
	{.files = (1 << 16) - 1, .network = 3}, /* devices' ioctl */
	/* sockets without a path, signals to others */
	{.files = (1 << 16) - 1, .network = 3, .scope = 3},
};

enum { VERSIONS = sizeof(rulesets) / sizeof(rulesets[0]) };

/* What the C library reads when it looks a name up: its settings (the two
 * links lead anywhere), the modules that they name, and the sockets and tables
 * of the services behind these. */
static const char *const resolver_paths[] = {
	"/etc",
	"/etc/nsswitch.conf",
	"/etc/resolv.conf",
	"/lib",
	"/lib64",
	"/usr/lib",
	"/usr/lib64",
	"/usr/local/lib",
	"/nix/store",
	"/gnu/store",
	"/run",
	"/var/lib/misc",
	"/var/lib/sss",
};

/* struct landlock_path_beneath_attr */
struct path_rule {
	uint64_t allowed;
	int32_t parent;
} __attribute__((packed));

int sandbox_paths_offered(int *error)
{
	long version =
		syscall(SYS_landlock_create_ruleset, NULL, 0, ASK_VERSION);

	*error = version > 0 ? 0 : version == 0 ? ENOSYS : errno;
	return version > 0 ? (int)version : 0;
}

/* A path that is not there is not needed. */
static void allow_reading(int rules, const char *path)
{
	struct path_rule rule = {.allowed = READ_FILE | READ_FOLDER,
		.parent = open(path, O_PATH | O_CLOEXEC)};

	if (rule.parent < 0)
		return;
	/* A plain file has no entries to be read, and is refused with that. */
	if (syscall(SYS_landlock_add_rule, rules, PATH_BENEATH, &rule, 0) !=
		0) {
		rule.allowed = READ_FILE;
		/* Without the rule the look-up fails, and says so. */
		(void)syscall(
			SYS_landlock_add_rule, rules, PATH_BENEATH, &rule, 0);
	}
	(void)close(rule.parent);
}

/* Creating and writing; truncating as far as it can be forbidden: the right to
 * it comes with the descriptor, and is used by the process that gets that. */
static int allow_writing(int rules, int folder, uint64_t forbidden)
{
	struct path_rule rule = {
		.allowed = (WRITE_FILE | MAKE_FILE | TRUNCATE) & forbidden,
		.parent = folder};

	return syscall(SYS_landlock_add_rule, rules, PATH_BENEATH, &rule, 0) ==
			       0
		       ? 0
		       : errno;
}

int sandbox_paths_close(enum sandbox_kind kind, int folder)
{
	int error, version = sandbox_paths_offered(&error);
	struct ruleset ruleset =
		rulesets[version < VERSIONS ? version : VERSIONS - 1];
	bool is_resolver = kind == SANDBOX_RESOLVER;

	if (version == 0)
		return error;
	if (is_resolver)
		ruleset.network = 0; /* name servers are asked by TCP too */
	int rules = (int)syscall(
		SYS_landlock_create_ruleset, &ruleset, sizeof(ruleset), 0);

	if (rules < 0)
		return errno;
	for (unsigned i = 0;
		is_resolver &&
		i < sizeof(resolver_paths) / sizeof(resolver_paths[0]);
		i++)
		allow_reading(rules, resolver_paths[i]);
	error = kind == SANDBOX_OPENER
			? allow_writing(rules, folder, ruleset.files)
			: 0;
	if (error == 0 && syscall(SYS_landlock_restrict_self, rules, 0) != 0)
		error = errno;
	(void)close(rules);
	return error;
}
