#include "cli/sandbox_identity.h"

#include <cap-ng.h>
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { NOBODY = 65534 }; /* where no file says otherwise */

/* Read from the file itself: with name services, root would listen to the
 * network here. `nobody` may have other processes, so a user of our own, which
 * a package can create, comes first. */
static void find_user(uid_t *user, gid_t *group)
{
	FILE *file = fopen("/etc/passwd", "re");
	const struct passwd *entry;
	bool is_own = false;

	*user = NOBODY;
	*group = NOBODY;
	while (file && !is_own && (entry = fgetpwent(file)) != NULL) {
		is_own = strcmp(entry->pw_name, "culprit") == 0;
		if (entry->pw_uid == 0 || entry->pw_gid == 0 ||
			(!is_own && strcmp(entry->pw_name, "nobody") != 0)) {
			is_own = false;
			continue;
		}
		*user = entry->pw_uid;
		*group = entry->pw_gid;
	}
	if (file)
		(void)fclose(file); /* only read */
}

/* In a user namespace that has one identity, user 0 is all that there is to be,
 * and outside of it may be an ordinary user: `unshare --map-root-user`. */
static bool is_root_in_name_only(void)
{
	FILE *map = fopen("/proc/self/uid_map", "re");
	unsigned long inside, outside, count;
	int values = 0;
	char more;

	if (!map)
		return false;
	values =
		fscanf(map, "%lu %lu %lu %c", &inside, &outside, &count, &more);
	(void)fclose(map); /* only read */
	return values == 3 && inside == 0 && outside != 0 && count == 1;
}

static bool is_root(void)
{
	uid_t real, effective, saved;

	return getresuid(&real, &effective, &saved) != 0 || real == 0 ||
	       effective == 0 || saved == 0;
}

static bool become(uid_t user, gid_t group, bool was_root)
{
	return (!was_root || setgroups(0, NULL) == 0) &&
	       setresgid(group, group, group) == 0 &&
	       setresuid(user, user, user) == 0;
}

bool sandbox_identity_settle(struct failure *failure)
{
	bool was_root = geteuid() == 0;

	if (getuid() == geteuid() && getgid() == getegid())
		return true;
	capng_clear(CAPNG_SELECT_BOTH);
	if (was_root)
		(void)capng_update(CAPNG_ADD,
			(capng_type_t)(CAPNG_EFFECTIVE | CAPNG_PERMITTED),
			CAP_NET_RAW); /* a valid capability */
	/* The user that is left has no way back: no saved ID either. */
	if (was_root ? capng_change_id(
			       (int)getuid(), (int)getgid(), CAPNG_NO_FLAG) == 0
		     : setresgid(getgid(), getgid(), getgid()) == 0 &&
				setresuid(getuid(), getuid(), getuid()) == 0)
		return true;
	return failure_set(failure, EXIT_NO_PERMISSION,
		"can't become user %u, who called it", (unsigned)getuid());
}

bool sandbox_identity_drop(struct failure *failure)
{
	uid_t user = getuid();
	gid_t group = getgid();
	bool was_root = user == 0;

	if (!is_root() && geteuid() == user &&
		capng_have_capabilities(CAPNG_SELECT_CAPS) == CAPNG_NONE)
		return true;
	if (was_root)
		find_user(&user, &group);
	/* The bounding set first, while that is allowed: where it is not, it
	 * bounds nothing that a process without new privileges could do. */
	capng_clear(CAPNG_SELECT_BOTH);
	(void)capng_apply(CAPNG_SELECT_BOUNDS);
	bool has_become = become(user, group, was_root);
	int error = errno;
	if (!has_become && !(was_root && is_root_in_name_only()))
		return failure_set(failure, EXIT_NO_PERMISSION,
			"can't become user %u (%s), and won't read foreign "
			"bytes as root: run it as another user, or in a "
			"container with `--cap-add SETUID --cap-add SETGID`",
			(unsigned)user, strerror(error));
	if (capng_apply(CAPNG_SELECT_CAPS) != 0 ||
		capng_get_caps_process() != 0 ||
		capng_have_capabilities(CAPNG_SELECT_CAPS) != CAPNG_NONE)
		return failure_set(failure, EXIT_NO_PERMISSION,
			"can't give up capabilities: %s", strerror(errno));
	return true;
}
