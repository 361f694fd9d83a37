/* The layer of the sandbox that is about who we are: no root, no capability. */
#ifndef CLI_SANDBOX_IDENTITY_H
#define CLI_SANDBOX_IDENTITY_H

#include "capture/failure.h"

/* First thing in main: a program of set user or group ID becomes its caller, so
 * that files are opened as the caller, and keeps the right to hear and send
 * packets. False, with a sentence, when it can't. */
bool sandbox_identity_settle(struct failure *failure);

/* Root becomes `culprit`, or `nobody` where there is no such user; a program
 * with file capabilities stays its caller. All capabilities go. False, with a
 * sentence, when privilege is held and can't be given up. */
bool sandbox_identity_drop(struct failure *failure);

#endif
