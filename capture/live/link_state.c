/* While its interface is down, libpcap asks for the flags of the name that the
 * interface had, and takes it for gone when that was renamed. The packet socket
 * is bound to the interface index, which a rename does not change. */
#include "capture/live/link_state.h"

#include <errno.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

enum { INDEX_OF_NONE = -1 }; /* of what was unregistered: af_packet.c */

enum link_state link_state_of(int descriptor, const char *name)
{
	struct sockaddr_ll bound = {.sll_family = AF_UNSPEC};
	socklen_t bytes = sizeof(bound);
	struct ifreq request = {.ifr_ifindex = 0};

	if (getsockname(descriptor, (struct sockaddr *)&bound, &bytes) != 0 ||
		bound.sll_family != AF_PACKET)
		return LINK_THERE;
	if (bound.sll_ifindex == INDEX_OF_NONE)
		return LINK_GONE;
	if (bound.sll_ifindex == 0)
		return LINK_THERE;
	request.ifr_ifindex = bound.sll_ifindex;
	/* An interface that is being deleted loses its number first. */
	if (ioctl(descriptor, SIOCGIFNAME, &request) != 0)
		return errno == ENODEV || errno == ENXIO ? LINK_GONE
							 : LINK_THERE;
	return strncmp(request.ifr_name, name, IFNAMSIZ) == 0 ? LINK_THERE
							      : LINK_RENAMED;
}
