/* libpcap can't be handed addresses for a name: it calls getaddrinfo. The
 * dynamic linker finds the one below first, in the program itself, and the C
 * library's behind it. Nothing else changes: outside of begin and end the C
 * library's is called, and within them once for each different request. A
 * failed look-up is remembered too. */
#include "capture/live/name_memory.h"

#include <dlfcn.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct resolved_name {
	struct resolved_name *next;
	char *node, *service; /* NULL: not asked for */
	struct addrinfo hints;
	int error;
	struct addrinfo *found;
};

/* getaddrinfo takes no context argument. */
static struct resolved_name *names;
static bool is_remembering;

static int ask(const char *node, const char *service,
	const struct addrinfo *hints, struct addrinfo **found)
{
	int (*real)(const char *, const char *, const struct addrinfo *,
		struct addrinfo **) = NULL;
	void *symbol = dlsym(RTLD_NEXT, "getaddrinfo");

	*found = NULL;
	/* C knows no conversion between the two kinds of pointers. */
	memcpy(&real, &symbol, sizeof(real));
	return real ? real(node, service, hints, found) : EAI_FAIL;
}

static void release(struct addrinfo *found)
{
	void (*real)(struct addrinfo *) = NULL;
	void *symbol = dlsym(RTLD_NEXT, "freeaddrinfo");

	memcpy(&real, &symbol, sizeof(real));
	if (real && found)
		real(found);
}

static bool is_same_text(const char *one, const char *other)
{
	return one == other || (one && other && strcmp(one, other) == 0);
}

static bool is_same_hints(
	const struct addrinfo *one, const struct addrinfo *other)
{
	return one->ai_flags == other->ai_flags &&
	       one->ai_family == other->ai_family &&
	       one->ai_socktype == other->ai_socktype &&
	       one->ai_protocol == other->ai_protocol;
}

static void forget(struct resolved_name *name)
{
	release(name->found);
	free(name->node);
	free(name->service);
	free(name);
}

static struct resolved_name *remember(
	const char *node, const char *service, const struct addrinfo *hints)
{
	struct resolved_name *name = calloc(1, sizeof(*name));

	if (!name)
		return NULL;
	name->node = node ? strdup(node) : NULL;
	name->service = service ? strdup(service) : NULL;
	name->hints = *hints;
	if ((node && !name->node) || (service && !name->service)) {
		forget(name);
		return NULL;
	}
	name->error = ask(node, service, hints, &name->found);
	name->next = names;
	names = name;
	return name;
}

/* The system's names of the parameters begin with underscores. */
/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name) */
int getaddrinfo(const char *restrict node, const char *restrict service,
	const struct addrinfo *restrict hints, struct addrinfo **restrict found)
{
	static const struct addrinfo none = {.ai_flags = 0};
	const struct addrinfo *asked = hints ? hints : &none;
	struct resolved_name *name = names;

	if (!is_remembering)
		return ask(node, service, hints, found);
	while (name && !(is_same_text(name->node, node) &&
			       is_same_text(name->service, service) &&
			       is_same_hints(&name->hints, asked)))
		name = name->next;
	if (!name)
		name = remember(node, service, asked);
	if (!name)
		return EAI_MEMORY;
	*found = name->found;
	return name->error;
}

/* The cached names stay until the end. */
/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name) */
void freeaddrinfo(struct addrinfo *found)
{
	const struct resolved_name *name = names;

	while (name && name->found != found)
		name = name->next;
	if (!name)
		release(found);
}

void name_memory_begin(void)
{
	is_remembering = true;
}

void name_memory_end(void)
{
	is_remembering = false;
	while (names) {
		struct resolved_name *first = names;

		names = first->next;
		forget(first);
	}
}
