/* What glibc declares for _GNU_SOURCE alone, which Swift's Glibc module is built without. */
#ifndef EDGEMANAGE_CLINUX_H
#define EDGEMANAGE_CLINUX_H

#include <spawn.h>

/* syncfs(2): makes everything on the file system of an open descriptor durable. */
extern int syncfs(int descriptor);

/* posix_spawn(3): the new process has no descriptor from `from` on. */
extern int posix_spawn_file_actions_addclosefrom_np(
    posix_spawn_file_actions_t *actions, int from);

#endif
