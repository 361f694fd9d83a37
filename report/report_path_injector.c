#include "report/report_path_injector.h"

#include <stdio.h>
#include <string.h>

static double seconds(int64_t ns)
{
	return (double)ns / 1e9;
}

size_t report_path_injector_title(
	const struct finding *finding, char *text, size_t bytes)
{
	const char *trigger = finding->injector.trigger;
	size_t used = 0;

	text[0] = '\0';
	if (finding->after_hop != HOP_NOT_KNOWN)
		used = (size_t)snprintf(text, bytes,
			finding->after_hop ? ", between hop %d and hop %d"
					   : ", between this host (%d) and hop "
					     "%d",
			finding->after_hop, finding->before_hop);
	else if (finding->before_hop != HOP_NOT_KNOWN)
		used = (size_t)snprintf(text, bytes, ", at hop %d or nearer",
			finding->before_hop);
	if (used < bytes)
		used += (size_t)snprintf(
			text + used, bytes - used, ", on \"%s\"", trigger);
	return used;
}

static void add(char *text, size_t bytes, const char *more)
{
	size_t used = strlen(text);

	(void)snprintf(
		text + used, bytes - used, "%s%s", used ? ", " : "", more);
}

/* "ttl, ip-id", in the words of rewritten fields */
static void copies(
	const struct injector_figures *injector, char *text, size_t bytes)
{
	text[0] = '\0';
	if (injector->copies_ttl)
		add(text, bytes, "ttl");
	if (injector->copies_id)
		add(text, bytes, "ip-id");
	if (injector->copies_window)
		add(text, bytes, "window");
}

static void blocking(
	const struct layout *layout, const struct injector_figures *injector)
{
	char text[120];

	if (injector->blocked_ns == 0)
		return;
	if (injector->unblocked_ns)
		(void)snprintf(text, sizeof(text),
			"new connections for %.1f to %.1f s after the reset",
			seconds(injector->blocked_ns),
			seconds(injector->unblocked_ns));
	else
		(void)snprintf(text, sizeof(text),
			"new connections for %.1f s after the reset, or longer",
			seconds(injector->blocked_ns));
	layout_labelled(layout, 4, "It blocks:", text);
}

void report_path_injector(
	const struct layout *layout, const struct finding *finding)
{
	const struct injector_figures *injector = &finding->injector;
	char text[64];

	if (injector->drops_trigger != TRUTH_UNKNOWN)
		layout_labelled(layout, 4, "The trigger:",
			injector->drops_trigger == TRUTH_YES
				? "the device drops it (it is in the path)"
				: "passes (the device is beside the path)");
	blocking(layout, injector);
	copies(injector, text, sizeof(text));
	if (text[0])
		layout_labelled(layout, 4, "The reset copies its:", text);
	if (injector->style)
		layout_labelled(layout, 4, "It looks like:", injector->style);
}

void report_path_injector_json(struct json *json, const struct finding *finding)
{
	const struct injector_figures *injector = &finding->injector;
	char text[64];

	if (!finding->has_injector)
		return;
	json_string(json, "trigger", injector->trigger);
	if (injector->style)
		json_string(json, "style", injector->style);
	if (injector->drops_trigger != TRUTH_UNKNOWN)
		json_boolean(json, "drops_trigger",
			injector->drops_trigger == TRUTH_YES);
	copies(injector, text, sizeof(text));
	if (text[0])
		json_string(json, "copies", text);
	if (injector->blocked_ns)
		json_real(json, "blocked_s", seconds(injector->blocked_ns), 3);
	if (injector->unblocked_ns)
		json_real(json, "unblocked_s", seconds(injector->unblocked_ns),
			3);
}
