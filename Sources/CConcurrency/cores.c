#define _GNU_SOURCE
#include "CConcurrency.h"

#include <sched.h>
#include <stdbool.h>

static _Thread_local struct {
    bool is_held;
    unsigned core;
    /// Where the thread may run otherwise.
    cpu_set_t cores;
} hold;

void signet_stay_on_core(unsigned core) {
    if (hold.is_held && hold.core == core) return;
    signet_leave_core();
    if (core >= CPU_SETSIZE || sched_getaffinity(0, sizeof hold.cores, &hold.cores) != 0) return;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(core, &one);
    if (!CPU_ISSET(core, &hold.cores) || sched_setaffinity(0, sizeof one, &one) != 0) return;
    hold.is_held = true;
    hold.core = core;
}

void signet_leave_core(void) {
    if (!hold.is_held) return;
    hold.is_held = false;
    sched_setaffinity(0, sizeof hold.cores, &hold.cores);
}
