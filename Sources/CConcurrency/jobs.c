#include "CConcurrency.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SWIFT __attribute__((swiftcall))

typedef SWIFT void enqueue_global(void *job);
typedef SWIFT void enqueue_hook(void *job, enqueue_global *original);
extern enqueue_hook *swift_task_enqueueGlobal_hook;
/// `identity` and `implementation` are those of an executor; the default one has neither.
extern SWIFT void swift_job_run(void *job, void *identity, uintptr_t implementation);

static _Thread_local struct {
    bool is_keeping;
    void *job;
    int asked;
} place;

static SWIFT void enqueue(void *job, enqueue_global *original) {
    if (!place.is_keeping) {
        signet_leave_core();
        original(job);
        return;
    }
    place.is_keeping = false;
    place.job = job;
}

static void install(void) {
    enqueue_hook *none = NULL;
    __atomic_compare_exchange_n(&swift_task_enqueueGlobal_hook, &none, enqueue, false, __ATOMIC_RELEASE, __ATOMIC_RELAXED);
}

void signet_keep_job(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, install);
    place.is_keeping = true;
}

void *signet_kept_job(void) {
    void *job = place.job;
    place.is_keeping = false;
    place.job = NULL;
    return job;
}

int signet_run_job(void *job) {
    place.asked = -1;
    swift_job_run(job, NULL, 0);
    return place.asked;
}

void signet_note_request(int process) { place.asked = process; }
