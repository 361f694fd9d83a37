#!/bin/sh
# Judges captures of planted culprits, shows one as a ladder, and, as root, has
# a probe find a hole in a path of network namespaces.
#   tests/demo.sh PROGRAM
set -eu
program=$1
captures=$(dirname "$0")/captures/lab

show() { # what was planted; then the command
	echo
	echo "# $1"
	shift
	echo "\$ culprit $*" | sed "s|$captures/||g"
	"$program" "$@"
}

echo "Captures of connections that really died, in network namespaces where the"
echo "culprit was planted. culprit sees the packets only."
show "A NAT forgot the connection after some seconds of silence; the server's
# own kernel sent the reset." \
	analyze "$captures/a2_nat_expired_loose1_randomport.client.pcap"
show "A forger on the path sent resets in the server's name." \
	analyze "$captures/f4_rst_inwindow_challenge.client.pcap"
show "The same, packet by packet." \
	timeline "$captures/f4_rst_inwindow_challenge.client.pcap"
show "What that word means." explain injected

lab=$(dirname "$0")/lab/path.py
if [ "$(id -u)" != 0 ]; then
	echo
	echo "# Left out, for it takes root: a probe that finds a hole in a path."
elif ! python3 "$lab" --routers 1 -- true 2>/dev/null; then
	echo
	echo "# Left out, for this machine has no /dev/net/tun or permits no network"
	echo "# namespaces: a probe that finds a hole in a path."
else
	echo
	echo "# Nothing has died yet. On this path of four routers, made for the moment"
	echo "# from network namespaces, packets over 1372 bytes vanish on link 3."
	echo "\$ culprit probe 10.77.5.2 -p 8080 --only route,mtu"
	# shellcheck disable=SC2016 # the address is known on the path only
	PROGRAM=$program python3 "$lab" --routers 4 --delay-ms 5 \
		--hole 3:1372:silent --serve 8080:echo -- sh -c \
		'"$PROGRAM" probe "$LAB_SERVER4" -p 8080 --only route,mtu'
fi
echo
echo "Your turn:  $program analyze FILE     (pcap, pcapng, .gz, .zst, .xz, -)"
