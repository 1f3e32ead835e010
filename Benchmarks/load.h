/* What the callers of the benchmarks share. */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* Seconds of a clock that is never set. */
static inline double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* Ends the program, with the reason that errno has. */
static inline void fail(const char *what) {
    perror(what);
    exit(1);
}
