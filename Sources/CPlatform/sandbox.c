#define _GNU_SOURCE
#include "CPlatform.h"

#include <asm/ioctls.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <linux/sockios.h>
#include <sched.h>
#include <stddef.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define SIGNET_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define SIGNET_ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "the system calls of this architecture are not listed yet"
#endif

// Kernel headers may be older than the kernel: calls of Linux 6.6 to 6.15, which have one number everywhere.
#ifndef __NR_open_tree_attr
#define __NR_open_tree_attr 467
#endif
#ifndef __NR_fchmodat2
#define __NR_fchmodat2 452
#endif
#ifndef __NR_setxattrat
#define __NR_setxattrat 463
#define __NR_removexattrat 466
#endif

enum {
    X32_CALLS = 0x40000000, // __X32_SYSCALL_BIT
    SOCKET_TYPE = 0xF,      // SOCK_TYPE_MASK of the kernel
    WHO_PROCESS = 1,        // IOPRIO_WHO_PROCESS (ioprio_set(2))
    ROUTES = 0,             // NETLINK_ROUTE (netlink(7))
};

// Calls that no PKCS#11 module needs, and that a hostile one could use.
static const int refused[] = {
    // Other programs and processes.
    __NR_execve, __NR_execveat,
#ifdef __NR_fork
    __NR_fork, __NR_vfork,
#endif
    // Memory, descriptors and threads of other processes. `tkill` names a thread without its process.
    __NR_ptrace, __NR_process_vm_readv, __NR_process_vm_writev, __NR_process_madvise, __NR_process_mrelease,
    __NR_pidfd_open, __NR_pidfd_getfd, __NR_pidfd_send_signal, __NR_kcmp, __NR_tkill,
    // Ways to make calls that bypass the filter.
    __NR_io_uring_setup, __NR_io_uring_enter, __NR_io_uring_register,
    // Large parts of the kernel.
    __NR_bpf, __NR_perf_event_open, __NR_userfaultfd, __NR_add_key, __NR_request_key, __NR_keyctl, __NR_kexec_load,
    __NR_kexec_file_load, __NR_init_module, __NR_finit_module, __NR_delete_module, __NR_reboot, __NR_syslog,
    __NR_swapon, __NR_swapoff, __NR_acct, __NR_quotactl, __NR_quotactl_fd, __NR_vhangup,
#ifdef __NR_iopl
    __NR_iopl, __NR_ioperm,
#endif
    // Other views of the file system, and access to files other than by path.
    __NR_mount, __NR_umount2, __NR_move_mount, __NR_open_tree, __NR_open_tree_attr, __NR_fsopen, __NR_fsconfig,
    __NR_fsmount, __NR_fspick, __NR_mount_setattr, __NR_pivot_root, __NR_chroot, __NR_unshare, __NR_setns,
    __NR_open_by_handle_at, __NR_name_to_handle_at, __NR_fanotify_init,
    // Owners, permissions and access control lists by path, which Landlock does not restrict (landlock(7)).
    // By descriptor they apply only to files that could be opened.
#ifdef __NR_chmod
    __NR_chmod, __NR_chown, __NR_lchown,
#endif
    __NR_fchmodat, __NR_fchmodat2, __NR_fchownat, __NR_setxattr, __NR_lsetxattr, __NR_setxattrat, __NR_removexattr,
    __NR_lremovexattr, __NR_removexattrat,
};

// Calls that send a signal to the process in their first argument.
static const int signalling[] = {__NR_kill, __NR_tgkill, __NR_rt_sigqueueinfo, __NR_rt_tgsigqueueinfo};

// Calls that change how the process in their first argument runs (0 is the caller). A limit on processor time
// ends a process as a signal does.
static const int governing[] = {
    __NR_prlimit64, __NR_sched_setaffinity, __NR_sched_setscheduler, __NR_sched_setparam, __NR_sched_setattr,
    __NR_migrate_pages, __NR_move_pages,
};

// Calls whose second argument is a process if the first one says so (0 is the caller).
static const int prioritizing[][2] = {{__NR_setpriority, PRIO_PROCESS}, {__NR_ioprio_set, WHO_PROCESS}};

// A descriptor can be made to signal any process of the same user (fcntl(2), "Managing signals").
static const int owning[] = {F_SETOWN, F_SETOWN_EX};
// The same, and the terminal of the daemon.
static const int controlling[] = {FIOSETOWN, SIOCSPGRP, TIOCSTI, TIOCSCTTY, TIOCLINUX};

#define COUNT(list) (sizeof(list) / sizeof *(list))
#define OFFSET(field) (unsigned)offsetof(struct seccomp_data, field)
// The low half of an argument, on a little-endian machine. The kernel reads no more of a process, a command
// or a family.
#define ARGUMENT(number) (OFFSET(args) + 8 * (number))
#define ERROR(number) (SECCOMP_RET_ERRNO | (number))

typedef struct {
    struct sock_filter code[512];
    unsigned short count;
} program;

static void emit(program *p, unsigned code, unsigned value, unsigned char yes, unsigned char no) {
    p->code[p->count++] = (struct sock_filter){(unsigned short)code, yes, no, value};
}

static void load(program *p, unsigned offset) { emit(p, BPF_LD | BPF_W | BPF_ABS, offset, 0, 0); }

static void answer(program *p, unsigned value) { emit(p, BPF_RET | BPF_K, value, 0, 0); }

static void answer_if(program *p, unsigned value, unsigned result) {
    emit(p, BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1);
    answer(p, result);
}

// The instructions up to `end` apply to this call only and decide it.
static unsigned short begin(program *p, int call) {
    emit(p, BPF_JMP | BPF_JEQ | BPF_K, (unsigned)call, 0, 0);
    return (unsigned short)(p->count - 1);
}

static void end(program *p, unsigned short begun) { p->code[begun].jf = (unsigned char)(p->count - begun - 1); }

static void check_process(program *p, int call, pid_t own, int zero_is_own) {
    unsigned short begun = begin(p, call);
    load(p, ARGUMENT(0));
    answer_if(p, (unsigned)own, SECCOMP_RET_ALLOW);
    if (zero_is_own) answer_if(p, 0, SECCOMP_RET_ALLOW);
    answer(p, ERROR(EPERM));
    end(p, begun);
}

static void check_priority(program *p, const int call[2], pid_t own) {
    unsigned short begun = begin(p, call[0]);
    load(p, ARGUMENT(0));
    emit(p, BPF_JMP | BPF_JEQ | BPF_K, (unsigned)call[1], 1, 0);
    answer(p, ERROR(EPERM));
    load(p, ARGUMENT(1));
    answer_if(p, 0, SECCOMP_RET_ALLOW);
    answer_if(p, (unsigned)own, SECCOMP_RET_ALLOW);
    answer(p, ERROR(EPERM));
    end(p, begun);
}

static void refuse_commands(program *p, int call, const int *commands, size_t count) {
    unsigned short begun = begin(p, call);
    load(p, ARGUMENT(1));
    for (size_t index = 0; index < count; index++) answer_if(p, (unsigned)commands[index], ERROR(EPERM));
    answer(p, SECCOMP_RET_ALLOW);
    end(p, begun);
}

static void check_clone(program *p) {
    // clone3 keeps its flags in memory a filter cannot read; without it the C library uses clone.
    answer_if(p, __NR_clone3, ERROR(ENOSYS));
    unsigned short begun = begin(p, __NR_clone);
    load(p, ARGUMENT(0));
    emit(p, BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 1, 0);
    answer(p, ERROR(EPERM));
    answer(p, SECCOMP_RET_ALLOW);
    end(p, begun);
}

static void check_sockets(program *p, int families) {
    unsigned short begun = begin(p, __NR_socket);
    load(p, ARGUMENT(0));
    if (families & SIGNET_SOCKETS_UNIX) answer_if(p, AF_UNIX, SECCOMP_RET_ALLOW);
    if (families & SIGNET_SOCKETS_INTERNET) {
        answer_if(p, AF_INET, SECCOMP_RET_ALLOW);
        answer_if(p, AF_INET6, SECCOMP_RET_ALLOW);
        // The C library's resolver asks which addresses the machine has.
        emit(p, BPF_JMP | BPF_JEQ | BPF_K, AF_NETLINK, 0, 3);
        load(p, ARGUMENT(2));
        answer_if(p, ROUTES, SECCOMP_RET_ALLOW);
    }
    answer(p, ERROR(EAFNOSUPPORT));
    end(p, begun);
    begun = begin(p, __NR_socketpair);
    load(p, ARGUMENT(0));
    emit(p, BPF_JMP | BPF_JEQ | BPF_K, AF_UNIX, 1, 0);
    answer(p, ERROR(EAFNOSUPPORT));
    if (families & SIGNET_SOCKETS_UNIX) answer(p, SECCOMP_RET_ALLOW);
    // A socket pair stays connected, except one of datagrams, which can send to any other socket.
    load(p, ARGUMENT(1));
    emit(p, BPF_ALU | BPF_AND | BPF_K, SOCKET_TYPE, 0, 0);
    answer_if(p, SOCK_STREAM, SECCOMP_RET_ALLOW);
    answer_if(p, SOCK_SEQPACKET, SECCOMP_RET_ALLOW);
    answer(p, ERROR(EAFNOSUPPORT));
    end(p, begun);
}

int signet_confine_calls(int families) {
    const pid_t own = getpid();
    program p = {.count = 0};
    load(&p, OFFSET(arch));
    emit(&p, BPF_JMP | BPF_JEQ | BPF_K, SIGNET_ARCHITECTURE, 1, 0);
    answer(&p, SECCOMP_RET_KILL_PROCESS);
    load(&p, OFFSET(nr));
#if defined(__x86_64__)
    // The x32 calls have other numbers for the same functions.
    emit(&p, BPF_JMP | BPF_JGE | BPF_K, X32_CALLS, 0, 1);
    answer(&p, SECCOMP_RET_KILL_PROCESS);
#endif
    for (size_t index = 0; index < COUNT(refused); index++) answer_if(&p, (unsigned)refused[index], ERROR(EPERM));
    check_clone(&p);
    for (size_t index = 0; index < COUNT(signalling); index++) check_process(&p, signalling[index], own, 0);
    for (size_t index = 0; index < COUNT(governing); index++) check_process(&p, governing[index], own, 1);
    for (size_t index = 0; index < COUNT(prioritizing); index++) check_priority(&p, prioritizing[index], own);
    refuse_commands(&p, __NR_fcntl, owning, COUNT(owning));
    refuse_commands(&p, __NR_ioctl, controlling, COUNT(controlling));
    check_sockets(&p, families);
    // Before version 3 Landlock does not see truncate(2).
    if (signet_landlock_version() < 3) answer_if(&p, __NR_truncate, ERROR(EPERM));
    answer(&p, SECCOMP_RET_ALLOW);
    struct sock_fprog filter = {p.count, p.code};
    long result = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &filter);
    // A positive result is a thread to which the filter could not be applied.
    return result == 0 ? 0 : result > 0 ? EBUSY : errno;
}
