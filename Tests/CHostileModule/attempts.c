/// Attempts on the process that started this one, and on the kernel.
#define _GNU_SOURCE
#include "findings.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SO_PEERPIDFD
#define SO_PEERPIDFD 77
#endif

enum { DAEMON_SOCKET = 3, KEYCTL_GET_KEYRING = 0, WHO_PROCESS = 1 };

void hostile_note_text(const char *function, const char *attempt, long result, const char *text) {
    int error = result < 0 ? errno : 0;
    const char *path = getenv("SIGNET_HOSTILE_FINDINGS");
    int file = path == NULL ? -1 : open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
    if (file < 0) return;
    char line[2048];
    int length = snprintf(line, sizeof line, "%s %s %d%s%s\n", function, attempt, error, *text ? " " : "", text);
    if (length > 0 && (size_t)length < sizeof line && write(file, line, (size_t)length) < 0) perror("findings");
    close(file);
}

void hostile_note(const char *function, const char *attempt, long result) {
    hostile_note_text(function, attempt, result, "");
}

#define TRY(attempt, result) hostile_note(function, attempt, (long)(result))

static int open_of(pid_t process, const char *name, int flags) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", (int)process, name);
    int file = open(path, flags | O_CLOEXEC);
    int error = errno;
    if (file >= 0) close(file);
    errno = error;
    return file;
}

// The first descriptor of the process that can be opened, or the last errno.
static int open_descriptor(pid_t process) {
    int file = -1;
    for (int number = 0; number < 64 && file < 0; number++) {
        char name[32];
        snprintf(name, sizeof name, "fd/%d", number);
        file = open_of(process, name, O_RDONLY | O_NONBLOCK);
        if (file < 0 && errno == ENOENT) errno = EACCES;
    }
    return file;
}

static void attempt_memory(const char *function, pid_t daemon) {
    TRY("mem-read", open_of(daemon, "mem", O_RDONLY));
    TRY("mem-write", open_of(daemon, "mem", O_RDWR));
    TRY("maps", open_of(daemon, "maps", O_RDONLY));
    TRY("environ", open_of(daemon, "environ", O_RDONLY));
    TRY("fd-directory", open_of(daemon, "fd", O_RDONLY | O_DIRECTORY));
    TRY("fd-open", open_descriptor(daemon));
    TRY("root-directory", open_of(daemon, "root", O_RDONLY | O_DIRECTORY));
    char byte = 0;
    struct iovec own = {&byte, 1}, its = {&byte, 1};
    TRY("process-vm-readv", syscall(SYS_process_vm_readv, daemon, &own, 1, &its, 1, 0) < 0 && errno != EFAULT ? -1 : 0);
    TRY("process-vm-writev",
        syscall(SYS_process_vm_writev, daemon, &own, 1, &its, 0, 0) < 0 && errno != EFAULT ? -1 : 0);
    long seized = ptrace(PTRACE_SEIZE, daemon, NULL, NULL);
    TRY("ptrace-seize", seized);
    if (seized == 0) {
        ptrace(PTRACE_INTERRUPT, daemon, NULL, NULL);
        waitpid(daemon, NULL, __WALL);
        ptrace(PTRACE_DETACH, daemon, NULL, NULL);
    }
    TRY("kcmp", syscall(SYS_kcmp, daemon, getpid(), 0, 0, 0));
}

static void attempt_pidfd(const char *function, pid_t daemon) {
    int pidfd = (int)syscall(SYS_pidfd_open, daemon, 0);
    TRY("pidfd-open", pidfd);
    // The kernel assigns one to each end of a socket pair.
    socklen_t size = sizeof pidfd;
    if (pidfd < 0 && getsockopt(DAEMON_SOCKET, SOL_SOCKET, SO_PEERPIDFD, &pidfd, &size) != 0) pidfd = -1;
    int copy = (int)syscall(SYS_pidfd_getfd, pidfd, 0, 0);
    TRY("pidfd-getfd", copy);
    if (copy >= 0) close(copy);
    TRY("pidfd-send-signal", syscall(SYS_pidfd_send_signal, pidfd, SIGURG, NULL, 0));
    TRY("process-madvise", syscall(SYS_process_madvise, pidfd, NULL, 0, 0, 0));
    if (pidfd >= 0) close(pidfd);
}

static void attempt_signals(const char *function, pid_t daemon) {
    siginfo_t information = {.si_signo = SIGURG, .si_code = SI_QUEUE};
    TRY("kill", kill(daemon, SIGURG));
    TRY("kill-all", kill(-1, SIGURG));
    TRY("kill-group", kill(-getpgid(daemon), SIGURG));
    TRY("kill-own-group", kill(0, SIGURG));
    TRY("kill-init", kill(1, SIGURG));
    TRY("tkill", syscall(SYS_tkill, daemon, SIGURG));
    TRY("tgkill", syscall(SYS_tgkill, daemon, daemon, SIGURG));
    TRY("sigqueue", syscall(SYS_rt_sigqueueinfo, daemon, SIGURG, &information));
    TRY("tgsigqueue", syscall(SYS_rt_tgsigqueueinfo, daemon, daemon, SIGURG, &information));
    int ends[2] = {-1, -1};
    if (pipe(ends) != 0) return;
    struct f_owner_ex owner = {F_OWNER_PID, daemon};
    int number = daemon;
    TRY("setown", fcntl(ends[0], F_SETOWN, daemon));
    TRY("setown-ex", fcntl(ends[0], F_SETOWN_EX, &owner));
    int pair[2] = {-1, -1};
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0) return;
    TRY("fiosetown", ioctl(pair[0], FIOSETOWN, &number));
    TRY("siocspgrp", ioctl(pair[0], SIOCSPGRP, &number));
    for (int end = 0; end < 2; end++) {
        close(ends[end]);
        close(pair[end]);
    }
    // These two affect only the module itself.
    TRY("own-kill", kill(getpid(), SIGURG));
    TRY("own-tgkill", syscall(SYS_tgkill, getpid(), gettid(), SIGURG));
}

static void attempt_limits(const char *function, pid_t daemon) {
    struct rlimit limit = {0, 0};
    TRY("prlimit", prlimit(daemon, RLIMIT_CORE, &limit, NULL));
    TRY("setpriority", setpriority(PRIO_PROCESS, (id_t)daemon, 0));
    TRY("ioprio", syscall(SYS_ioprio_set, WHO_PROCESS, daemon, 0));
    cpu_set_t cores;
    sched_getaffinity(0, sizeof cores, &cores);
    TRY("affinity", sched_setaffinity(daemon, sizeof cores, &cores));
    struct sched_param usual = {0};
    TRY("scheduler", sched_setscheduler(daemon, SCHED_OTHER, &usual));
}

static void attempt_processes(const char *function) {
    long child = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
    if (child == 0) _exit(0);
    TRY("clone", child);
    if (child > 0) waitpid((pid_t)child, NULL, 0);
    unsigned long long arguments[8] = {0, 0, 0, 0, SIGCHLD};
    child = syscall(SYS_clone3, arguments, sizeof arguments);
    if (child == 0) _exit(0);
    TRY("clone3", child);
    if (child > 0) waitpid((pid_t)child, NULL, 0);
    char *nothing[] = {NULL};
    // If the call is allowed, the program does not exist.
    TRY("execve", execve("/there/is/no/program", nothing, nothing) < 0 && errno != ENOENT ? -1 : 0);
    TRY("execveat", syscall(SYS_execveat, -1, "/there/is/no/program", nothing, nothing, 0) < 0 && errno != ENOENT ? -1 : 0);
}

// If the call is allowed, its arguments are invalid.
#define REFUSED(call) ((call) < 0 && (errno == EPERM || errno == EACCES) ? -1 : 0)

static void attempt_kernel(const char *function) {
    TRY("io-uring-setup", REFUSED(syscall(SYS_io_uring_setup, 1, NULL)));
    TRY("io-uring-enter", REFUSED(syscall(SYS_io_uring_enter, -1, 0, 0, 0, NULL, 0)));
    TRY("bpf", REFUSED(syscall(SYS_bpf, -1, NULL, 0)));
    TRY("perf-event-open", REFUSED(syscall(SYS_perf_event_open, NULL, 0, -1, -1, 0)));
    TRY("userfaultfd", REFUSED(syscall(SYS_userfaultfd, -1)));
    TRY("keyctl", REFUSED(syscall(SYS_keyctl, KEYCTL_GET_KEYRING, 0, 0, 0, 0)));
    TRY("add-key", REFUSED(syscall(SYS_add_key, "user", "signet", "x", 0x7FFFFFFF, 0)));
    TRY("mount", REFUSED(mount("none", "/there/is/nothing", "tmpfs", 0, NULL)));
    TRY("umount", REFUSED(umount2("/there/is/nothing", 0)));
    TRY("fsopen", REFUSED(syscall(SYS_fsopen, "there-is-none", 0)));
    TRY("open-tree", REFUSED(syscall(SYS_open_tree, -1, "there-is-none", 0)));
    TRY("move-mount", REFUSED(syscall(SYS_move_mount, -1, "", -1, "", 0x7FFFFFFF)));
    TRY("pivot-root", REFUSED(syscall(SYS_pivot_root, "/there/is/nothing", "/there/is/nothing")));
    TRY("chroot", REFUSED(chroot("/there/is/nothing")));
    TRY("unshare", REFUSED(unshare(0x00000001)));
    TRY("setns", REFUSED(setns(-1, 0)));
    TRY("kexec-load", REFUSED(syscall(SYS_kexec_load, 0, 0x7FFFFFFF, NULL, 0)));
    TRY("init-module", REFUSED(syscall(SYS_init_module, NULL, 0, "")));
}

// Lines like the daemon's own, and sequences that affect a terminal.
static void attempt_log(void) {
    for (int line = 0; line < 200; line++)
        fprintf(stderr, "2026-11-29T12:00:00+0000 critical signetd: forged line\033[2J\r\u202e %s\n", "");
}

// System calls of other architectures, which have other numbers. If the filter allows one, the kernel
// answers.
static void attempt_other_calls(const char *function) {
    const char *which = getenv("SIGNET_HOSTILE_CALL");
    if (which == NULL) return;
    TRY("other-call", 0);
#if defined(__x86_64__)
    if (strcmp(which, "x32") == 0) syscall(0x40000000 | __NR_getpid);
    // getpid of i386
    if (strcmp(which, "i386") == 0) __asm__ volatile("int $0x80" : : "a"(20) : "memory");
#endif
    TRY("other-call-answered", 0);
}

void hostile_attempt_everything(const char *function) {
    pid_t daemon = getppid();
    attempt_log();
    attempt_memory(function, daemon);
    attempt_pidfd(function, daemon);
    attempt_signals(function, daemon);
    attempt_limits(function, daemon);
    attempt_processes(function);
    attempt_kernel(function);
    hostile_attempt_files(function);
    hostile_attempt_sockets(function);
    hostile_note(function, "end", 0);
    if (strcmp(function, "C_Sign") == 0) attempt_other_calls(function);
}
