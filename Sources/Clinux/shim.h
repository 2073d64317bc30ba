/* What glibc declares for _GNU_SOURCE alone, which Swift's Glibc module is built without. */
#ifndef EDGEMANAGE_CLINUX_H
#define EDGEMANAGE_CLINUX_H

/* syncfs(2): makes everything on the file system of an open descriptor durable. */
extern int syncfs(int descriptor);

#endif
