/// Where a job of Swift's default executor runs: on a thread of Dispatch, which may have to be woken for it, or on the thread
/// that enqueued it, once that has the time. And on which core such a thread waits for what brings it the next.
///
/// By `swift_task_enqueueGlobal_hook` of Swift's concurrency runtime (6.3, `ConcurrencyHooks.def`), which SwiftNIO's
/// `ConcurrencyTakeOver` uses too, for compilers before 6.4. Where another hook is installed already, no job is kept.
#ifndef CCONCURRENCY_H
#define CCONCURRENCY_H

/// The first job that this thread enqueues before it calls `signet_kept_job` is kept from the default executor.
void signet_keep_job(void);

/// The job that was kept since `signet_keep_job`, which is the caller's to run, or NULL. From now on none is kept.
void *signet_kept_job(void);

/// Runs a job here, until the task that it is of waits for something.
/// Returns what the last `signet_note_request` meanwhile was given, or -1.
int signet_run_job(void *job);

/// Says that the task that runs on this thread asks a process for something.
void signet_note_request(int process);

/// Holds this thread on `core` (sched_setaffinity(2)), for a short way from whoever wakes it there: by itself the kernel would
/// rather wake a core that sleeps. The threads that it makes would stay there too; before it hands a job to Dispatch, which makes
/// some, it is let go. Where the kernel refuses, nothing is held.
void signet_stay_on_core(unsigned core);

/// Lets this thread run again where it might before.
void signet_leave_core(void);

#endif
