/* Where the path of an output leads: a folder that is held open, and a name in
 * it. Whoever may write to a folder can make a name in it lead elsewhere, at
 * any moment; so the way is gone component by component, each looked at by the
 * descriptor that is gone on with.
 *
 * For root, a folder is one of three:
 *
 * - closed: root's, and neither group nor others may write to it. Every name in
 *   it is root's doing.
 * - sticky: root's, and others may write to it, but nobody may rename or remove
 *   what is another's (/tmp). Root's doing are names that belong to root, have
 *   no other name (hard link) and lead to no other mount.
 * - exposed: every other; and every folder that is reached through an exposed
 *   one, or by a name in a sticky one that is not root's doing. Nothing is
 *   root's doing.
 *
 * Root follows a symbolic link of root's doing only. For everybody, a link that
 * the last component is has to be their own or root's. Who is not root follows
 * other links as always. */
#ifndef CLI_OUTPUT_PLACE_H
#define CLI_OUTPUT_PLACE_H

#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

struct output_place {
	int folder; /* a descriptor, of O_PATH */
	char name[NAME_MAX + 1];
	bool is_sticky, is_exposed; /* as root; else both false */
	/* The name is a link of procfs to a descriptor ("/dev/stdout"), which
	 * the kernel alone can follow; else it is not to be followed. */
	bool is_descriptor;
	bool is_root; /* the rules are those for root */
	uid_t system; /* who counts as root beside root, see output_place.c */
};

enum { OUTPUT_FOLDER_FLAGS = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC };

/* Goes the way; the file need not exist. False with errno: ELOOP where a link
 * is not followed. */
bool output_place_find(const char *path, struct output_place *place);

/* Goes on from the folder of `base` by `path`, through folders below it only:
 * no link and no ".." is followed. For a process that may open nothing but what
 * lies below that folder. */
bool output_place_below(const struct output_place *base, const char *path,
	struct output_place *place);

void output_place_close(struct output_place *place);

#endif
