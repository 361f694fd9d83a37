#!/bin/sh
# Prints the newest of a tool that systems keep in several versions beside each
# other: clang, clang-14, clang-19. With a flag, the newest that links a fuzz
# harness with it. Fails when there is none.
#   newest.sh NAME [FLAG]
set -u
name=$1
flag=${2-}

versions() { # "19 /usr/bin/clang-19", the newest first
	IFS=:
	for folder in $PATH; do
		for tool in "$folder/$name" "$folder/$name"-[1-9]*; do
			[ -x "$tool" ] || continue
			version=$("$tool" --version 2>/dev/null |
				sed -n 's/.*version \([0-9][0-9]*\).*/\1/p' |
				head -n 1)
			[ -z "$version" ] || echo "$version $tool"
		done
	done | sort -s -k 1,1nr
}

links() {
	printf 'int %s(const char *, long);\nint %s(%s) { return b && n; }\n' \
		LLVMFuzzerTestOneInput LLVMFuzzerTestOneInput \
		'const char *b, long n' |
		"$1" "$flag" -o /dev/null -x c - 2>/dev/null
}

versions | while read -r _ tool; do
	if [ -z "$flag" ] || links "$tool"; then
		echo "$tool"
		break
	fi
done | grep .
