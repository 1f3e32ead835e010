#ifndef SIGNET_CSPAWN_H
#define SIGNET_CSPAWN_H

#include <spawn.h>

/// posix_spawn_file_actions_addclosefrom_np(3), which the Swift overlay of the C library does not have.
int signet_spawn_close_from(posix_spawn_file_actions_t *actions, int first);

#endif
