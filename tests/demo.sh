#!/bin/sh
# Judges captures of planted culprits and shows one as a ladder.
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
echo
echo "Your turn:  $program analyze FILE     (pcap, pcapng, .gz, .zst, .xz, -)"
