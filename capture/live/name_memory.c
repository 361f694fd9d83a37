/* libpcap can't be handed addresses for a name: it calls getaddrinfo. The
 * dynamic linker finds the one below first, in the program itself, and the C
 * library's behind it. Nothing else changes: outside of begin and end the C
 * library's is called, and within them once for each different question. An
 * error is an answer too. */
#include "capture/live/name_memory.h"

#include <dlfcn.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct answer {
	struct answer *next;
	char *node, *service; /* NULL: not asked for */
	struct addrinfo hints;
	int error;
	struct addrinfo *found;
};

/* Who calls getaddrinfo hands it no context. */
static struct answer *answers;
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

static void forget(struct answer *answer)
{
	release(answer->found);
	free(answer->node);
	free(answer->service);
	free(answer);
}

static struct answer *remember(
	const char *node, const char *service, const struct addrinfo *hints)
{
	struct answer *answer = calloc(1, sizeof(*answer));

	if (!answer)
		return NULL;
	answer->node = node ? strdup(node) : NULL;
	answer->service = service ? strdup(service) : NULL;
	answer->hints = *hints;
	if ((node && !answer->node) || (service && !answer->service)) {
		forget(answer);
		return NULL;
	}
	answer->error = ask(node, service, hints, &answer->found);
	answer->next = answers;
	answers = answer;
	return answer;
}

/* The system's names of the parameters begin with underlines. */
/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name) */
int getaddrinfo(const char *restrict node, const char *restrict service,
	const struct addrinfo *restrict hints, struct addrinfo **restrict found)
{
	static const struct addrinfo none = {.ai_flags = 0};
	const struct addrinfo *asked = hints ? hints : &none;
	struct answer *answer = answers;

	if (!is_remembering)
		return ask(node, service, hints, found);
	while (answer && !(is_same_text(answer->node, node) &&
				 is_same_text(answer->service, service) &&
				 is_same_hints(&answer->hints, asked)))
		answer = answer->next;
	if (!answer)
		answer = remember(node, service, asked);
	if (!answer)
		return EAI_MEMORY;
	*found = answer->found;
	return answer->error;
}

/* What is remembered stays until the end. */
/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name) */
void freeaddrinfo(struct addrinfo *found)
{
	const struct answer *answer = answers;

	while (answer && answer->found != found)
		answer = answer->next;
	if (!answer)
		release(found);
}

void name_memory_begin(void)
{
	is_remembering = true;
}

void name_memory_end(void)
{
	is_remembering = false;
	while (answers) {
		struct answer *first = answers;

		answers = first->next;
		forget(first);
	}
}
