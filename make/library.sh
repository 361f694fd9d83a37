# shellcheck shell=sh
# For flags.sh and deps.sh, which read it in: whether a library is there for
# the compiler CC with CFLAGS and LDFLAGS, whatever system this is.

# compiles FLAG...: whether the program on standard input becomes one, without
# a warning. CC may be several words, "ccache cc".
compiles() {
	# shellcheck disable=SC2086
	${CC:-cc} -std=c17 -D_GNU_SOURCE ${CFLAGS-} ${LDFLAGS-} -Werror \
		-o /dev/null -x c - "$@" 2>/dev/null
}

# has_library HEADER MODULE LINKER, as a line of `packages` has them. Sets
# library_cflags and library_libs. A header without LINKER is all there is.
has_library() {
	library_cflags=$(pkg-config --cflags "$2" 2>/dev/null) ||
		library_cflags=
	library_libs=
	if [ -n "$3" ]; then
		library_libs=$(pkg-config --libs "$2" 2>/dev/null) ||
			library_libs=$3
	fi
	# cmocka.h wants the standard ones before it
	# shellcheck disable=SC2086
	printf '#include <%s.h>\n' stdarg stddef stdint setjmp |
		printf '%s\n#include %s\nint main(void) { return 0; }\n' \
			"$(cat)" "$1" |
		compiles $library_cflags $library_libs
}
