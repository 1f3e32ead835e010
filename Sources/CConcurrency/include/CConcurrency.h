/// Where a job of Swift's default executor runs: on a thread of Dispatch, which may have to be woken for it, or on the thread
/// that enqueued it, once that has the time.
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
void signet_run_job(void *job);

#endif
