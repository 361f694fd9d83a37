/* The layer of the sandbox that is about who we are: no root, no capability. */
#ifndef CLI_SANDBOX_IDENTITY_H
#define CLI_SANDBOX_IDENTITY_H

#include "capture/failure.h"

/* Root becomes `culprit`, or `nobody` where there is no such user; a program
 * with file capabilities or of set user ID becomes its caller. All capabilities
 * go. False, with a sentence, when privilege is held and can't be given up. */
bool sandbox_identity_drop(struct failure *failure);

#endif
