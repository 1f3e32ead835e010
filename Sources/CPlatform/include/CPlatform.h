/// What Swift's Glibc does not show: variadic and glibc-extension calls as plain functions. No logic.
#ifndef CPLATFORM_H
#define CPLATFORM_H

#include <stdint.h>
#include <sys/types.h>

/// The kernel's account of the process at the other end of a Unix socket (`struct ucred`, socket(7) and
/// unix(7)).
typedef struct {
    int32_t pid;
    uint32_t uid;
    uint32_t gid;
} signet_peer_credentials;

/// Socket options for the level SOL_SOCKET on this platform (unix(7)): `signet_peer_credentials`, a list of
/// uint32_t, and a pidfd as int32_t, which the caller closes (Linux 6.5).
extern const int signet_so_peercred;
extern const int signet_so_peergroups;
extern const int signet_so_peerpidfd;

/// A descriptor of the process (pidfd_open(2)), close-on-exec. -1 with the errno.
int signet_pidfd_open(pid_t pid);

/// Whether the process behind a pidfd has ended.
int signet_pidfd_has_ended(int pidfd);

/// The path of the program that a process runs (proc_pid_exe(5)). 0, or an errno: ENOENT when the path leads
/// to another file here, for in a mount namespace of its own a process can give its program any path.
int signet_process_executable(pid_t pid, char *path, size_t size);

/// Whether a process runs the program that is at `path` here.
int signet_process_runs(pid_t pid, const char *path);

/// A descriptor of `/proc/PID/cgroup` (cgroups(7)), close-on-exec, which tells of this process as long as it
/// runs and of no other that has its number later. -1 with the errno.
int signet_process_open_cgroups(pid_t pid);

/// What an open file of /proc says now, from its beginning, with a zero behind it. 0, ERANGE when it does not
/// fit, or an errno: ESRCH when its process has ended.
int signet_read_anew(int file, char *text, size_t size);

/// The effective user and group the process behind a pidfd has now (PIDFD_GET_INFO, Linux 6.13). 0, or an
/// errno.
int signet_pidfd_credentials(int pidfd, uint32_t *uid, uint32_t *gid);

/// What the kernel calls this thread (pthread_setname_np(3)): at most 15 octets.
void signet_name_thread(const char *name);

/// Wipes memory in a way the compiler may not remove (explicit_bzero(3)).
void signet_wipe(void *bytes, size_t count);

/// PR_SET_NO_NEW_PRIVS, PR_SET_DUMPABLE 0, RLIMIT_CORE 0. 0, or the errno of the first that failed.
int signet_harden_process(void);

/// PR_SET_DUMPABLE 0 and RLIMIT_CORE 0: no process but a privileged one can trace this one, read or write its
/// memory, open its files through `/proc` or see its core (PR_SET_DUMPABLE(2const)). 0, or the errno of the
/// first that failed.
int signet_close_process(void);

/// The families of sockets that `signet_confine_calls` leaves, as bits.
enum {
    SIGNET_SOCKETS_UNIX = 1,
    /// AF_INET and AF_INET6, and AF_NETLINK for what the machine's addresses are.
    SIGNET_SOCKETS_INTERNET = 2,
};

/// From now on no thread of this process can start a process or program, touch the memory, descriptors or
/// limits of another process, send a signal to any but this one, use a part of the kernel that `sandbox.c`
/// lists, or make a socket of another family: each is refused with an errno (seccomp(2)). Calls of another
/// architecture end the process. Needs no_new_privs. 0, or an errno.
int signet_confine_calls(int families);

/// The version of the kernel's Landlock (landlock(7)); 0 when there is none.
int signet_landlock_version(void);

/// A set of rules under which every use of a file is refused, TCP and abstract sockets unless `families` has
/// them, and signals to other processes, each as far as this version of Landlock can. A negative errno when
/// it fails.
int signet_landlock_begin(int version, int families);

/// Allows reading what `file`, a descriptor of O_PATH, stands for and everything below it; with `writable`
/// also writing, making and removing files, and the calls of a device. 0, or an errno.
int signet_landlock_allow(int ruleset, int version, int file, int writable);

/// open(2) with O_PATH and O_CLOEXEC. -1 with the errno.
int signet_open_path(const char *path);

/// The path of what a descriptor stands for, links followed. 0, ERANGE when it does not fit, or an errno.
int signet_path_of_descriptor(int file, char *path, size_t size);

/// Puts this process, which must have one thread, under the rules for good, and closes them. Needs
/// no_new_privs. 0, or an errno.
int signet_landlock_enforce(int ruleset);

/// Becomes the user called `name`, with the groups of that account. 0, ENOENT when there is none, or an
/// errno.
int signet_become_user(const char *name);

/// Gives up every capability but CAP_IPC_LOCK: also root's, with which a process is above the permissions of
/// files and of other processes (capabilities(7)). 0, or an errno.
int signet_drop_capabilities(void);

/// A connected AF_UNIX, SOCK_SEQPACKET pair, both ends close-on-exec. 0, or an errno.
int signet_socketpair(int *first, int *second);

/// Starts `path` with `count` descriptors, at most 128, as its descriptors 3 and up, a negative one leaving
/// its number unused, `errors` as its standard error, a fresh session, default signals and nothing else
/// inherited. 0, or an errno.
int signet_spawn(const char *path, char *const *arguments, char *const *environment, int errors, const int *descriptors,
                 size_t count, pid_t *pid);

/// A pipe, both ends close-on-exec. 0, or an errno.
int signet_pipe(int *reader, int *writer);

/// As `signet_spawn`, in the session and with the terminal of this process, `input` as standard input, and
/// `memory` as descriptor 3: for a program that asks its user for a secret.
int signet_spawn_collector(const char *path, char *const *arguments, int input, int memory, pid_t *pid);

/// Memory of `size` bytes behind a descriptor that can be handed to another process: memfd_secret(2), which
/// is in no dump, no swap and not even in the kernel's own map, or memfd_create(2) where the kernel has no
/// other. -1 for neither.
int signet_secret_memory(size_t size);

/// open(2) of the terminal of this process, for reading and writing. -1 when it has none.
int signet_open_terminal(void);

/// From now on SIGINT, SIGTERM and SIGHUP end nothing and are noted, for a program that has something to
/// clear away first.
void signet_note_signals(void);

/// The last signal that was noted; 0 for none.
int signet_noted_signal(void);

/// Switches the echo of a terminal off until `signet_restore_echo`, or until a signal ends this process
/// first; one that would stop it is ignored meanwhile. For one terminal at a time. 0, or an errno.
int signet_hide_echo(int descriptor);

/// Restores what `signet_hide_echo` found.
void signet_restore_echo(void);

/// The number of the user or group called `name` (getpwnam(3), getgrnam(3)). 0, ENOENT when there is none, or
/// an errno.
int signet_find_user(const char *name, uint32_t *uid);
int signet_find_group(const char *name, uint32_t *gid);

/// The names of the members of a group, in `names` with a line end after each (getgrgid(3)). 0, ENOENT when
/// there is none, ERANGE when they do not fit, or an errno.
int signet_group_members(uint32_t gid, char *names, size_t size);

/// Whether a file has an access control list (acl(5)): 1, 0, or -1 when it is not known. Links are followed.
int signet_has_access_list(const char *path);

/// Takes the access control list from an open file, so that its mode alone counts. 0, also when there was
/// none, or an errno.
int signet_remove_access_list(int descriptor);

/// Runs a line with /bin/sh in a process group of its own, and waits for the shell's end; processes that it
/// leaves behind are not waited for. Its standard input is empty, and its standard output is standard error.
/// `status` is waitpid(2)'s. 0, ETIMEDOUT when the group was killed after so many milliseconds, or an errno.
int signet_run_shell(const char *line, int milliseconds, int *status);

#endif
