#!/bin/sh
# Finds out how culprit is compiled and linked here: FOLDER/compile and
# FOLDER/link, one flag a line, as compilers read them with @FILE. The libraries
# are those of `build` in the file `packages`. Each FLAG is kept that the
# compiler takes, behind those before it, without a warning.
#
# When a library is missing, all that are missing are named, and nothing is
# written.
#   CC=... CFLAGS=... LDFLAGS=... flags.sh FOLDER FLAG...
set -eu
cd "$(dirname "$0")/.."
. make/library.sh
folder=$1
shift
mkdir -p "$folder"

printf 'int main(void) { return 0; }\n' | compiles || {
	echo "culprit can't be built: no C compiler, ${CC:-cc}" >&2
	echo "'make deps' installs what is missing, where there is apt-get." >&2
	exit 1
}

cflags=''
libs=''
absent='' # PACKAGE=<HEADER> of lines that are not found
seen=' '  # packages of lines that are
while read -r group package found_by module linker; do
	case $group,$found_by in build,'<'*) ;; *) continue ;; esac
	case $seen in *" $package "*) continue ;; esac
	if has_library "$found_by" "$module" "$linker"; then
		seen="$seen$package "
		cflags="$cflags $library_cflags"
		libs="$libs $library_libs"
	else
		absent="$absent $package=$found_by"
	fi
done <packages
missing=''
for one in $absent; do
	case $seen in *" ${one%%=*} "*) ;; *) missing="$missing $one" ;; esac
done
if [ -n "$missing" ]; then
	echo "culprit can't be built: these libraries are missing." >&2
	for one in $missing; do
		printf '  %-20s Debian calls its package %s\n' "${one#*=}" \
			"${one%%=*}" >&2
	done
	echo "'make deps' installs them, where there is apt-get." >&2
	exit 1
fi

# libdnet says its version only to its own script.
version=$(dumbnet-config --version 2>/dev/null ||
	dnet-config --version 2>/dev/null || true)
version=$(printf %s "$version" | tr -cd 'A-Za-z0-9.+-')
# shellcheck disable=SC2089,SC2090 # the compiler takes the backslashes away
[ -z "$version" ] || cflags="$cflags -DLIBDNET_VERSION=\\\"$version\\\""

kept=''
for flag; do
	# with a header: it is the C library that complains of some
	# shellcheck disable=SC2086
	if printf '#include <string.h>\nint main(void) { return 0; }\n' |
		compiles $kept "$flag"; then
		kept="$kept $flag"
	fi
done

write() { # FILE FLAG...: whole or not at all, and only when it changes
	file=$1
	shift
	printf '%s\n' "$@" >"$file.new"
	if cmp -s "$file.new" "$file"; then
		rm "$file.new"
	else
		mv "$file.new" "$file"
	fi
}
# shellcheck disable=SC2086
write "$folder/link" $libs
# shellcheck disable=SC2086,SC2090
write "$folder/compile" $kept $cflags
