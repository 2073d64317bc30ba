/* A library for LD_PRELOAD; nothing is called by name. See calls.c. */
