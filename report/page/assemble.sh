#!/bin/sh
# Makes the two halves of the HTML report, head.html and tail.html, in a folder.
#   assemble.sh FOLDER SCRIPT...
# Scripts and styles stand in the page itself; its policy allows those that have
# these SHA-256 hashes and nothing else, no request either.
set -eu
folder=$1
shift
here=report/page
mkdir -p "$folder"

{
	printf '\n(function () {\n"use strict";\n'
	cat "$@"
	printf '})();\n'
} >"$folder/page.js"
{
	printf '\n'
	cat $here/uplot/uPlot.iife.min.js
} >"$folder/uplot.js"
{
	printf '\n'
	cat $here/uplot/uPlot.min.css $here/page.css
} >"$folder/page.css"

hash_of() { # as a policy names it
	sum=$(sha256sum <"$1" | cut -c 1-64 | tr a-f A-F)
	sum=$(printf %s "$sum" | basenc --base16 -d | basenc -w 0 --base64)
	if [ ${#sum} != 44 ]; then
		echo "no hash of $1: sha256sum, cut, tr and basenc are needed" >&2
		exit 1
	fi
	printf "'sha256-%s'" "$sum"
}

uplot=$(hash_of "$folder/uplot.js")
script=$(hash_of "$folder/page.js")
style=$(hash_of "$folder/page.css")

{
	printf '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
	printf '<meta http-equiv="Content-Security-Policy" content="'
	printf "default-src 'none'; script-src %s %s; style-src %s; " \
		"$uplot" "$script" "$style"
	printf "base-uri 'none'; form-action 'none'\">\n"
	printf '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
	printf '<meta name="color-scheme" content="light dark">\n'
	printf '<meta name="generator" content="culprit">\n'
	printf '<title>culprit report</title>\n<style>'
	cat "$folder/page.css"
	printf '</style>\n</head>\n'
	cat $here/body.html
	printf '<script type="text/plain" id="licence-uplot">\n'
	cat $here/uplot/LICENSE
	printf '</script>\n<script type="application/json" id="data">\n'
} >"$folder/head.html"
{
	printf '</script>\n<script>'
	cat "$folder/uplot.js"
	printf '</script>\n<script>'
	cat "$folder/page.js"
	printf '</script>\n</body>\n</html>\n'
} >"$folder/tail.html"
