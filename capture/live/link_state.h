/* What became of the interface that a packet socket listens on. */
#ifndef CAPTURE_LIVE_LINK_STATE_H
#define CAPTURE_LIVE_LINK_STATE_H

enum link_state {
	LINK_THERE, /* or it is no packet socket, or one on all interfaces */
	LINK_RENAMED,
	LINK_GONE, /* deleted, or moved to another network namespace */
};

enum link_state link_state_of(int descriptor, const char *name);

#endif
