/// Functions that Swift's Glibc does not import, such as variadic calls and extensions of glibc. No logic.
#ifndef CPLATFORM_H
#define CPLATFORM_H

#include <stdint.h>
#include <sys/types.h>

/// The credentials of the process at the other end of a Unix socket (`struct ucred`, socket(7), unix(7)).
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

/// The path of the program that a process runs (proc_pid_exe(5)). 0, or an errno: ENOENT when the path names
/// another file for this process. In its own mount namespace a process can give its program any path.
int signet_process_executable(pid_t pid, char *path, size_t size);

/// Whether a process runs the program that is at `path` for this process.
int signet_process_runs(pid_t pid, const char *path);

/// A descriptor of `/proc/PID/cgroup` (cgroups(7)), close-on-exec. It never refers to a later process with
/// the same number. -1 with the errno.
int signet_process_open_cgroups(pid_t pid);

/// Reads the current contents of an open file of /proc from its beginning, and adds a zero. 0, ERANGE when
/// they do not fit, or an errno: ESRCH when the process has ended.
int signet_read_anew(int file, char *text, size_t size);

/// The effective user and group the process behind a pidfd has now (PIDFD_GET_INFO, Linux 6.13). 0, or an
/// errno.
int signet_pidfd_credentials(int pidfd, uint32_t *uid, uint32_t *gid);

/// Sets the name of this thread, at most 15 octets (pthread_setname_np(3)).
void signet_name_thread(const char *name);

/// Wipes memory in a way the compiler may not remove (explicit_bzero(3)).
void signet_wipe(void *bytes, size_t count);

/// PR_SET_NO_NEW_PRIVS, PR_SET_DUMPABLE 0, RLIMIT_CORE 0. 0, or the errno of the first that failed.
int signet_harden_process(void);

/// PR_SET_DUMPABLE 0 and RLIMIT_CORE 0: only a privileged process can trace this one, read or write its
/// memory, or open its files through `/proc`, and it leaves no core (PR_SET_DUMPABLE(2const)). 0, or the
/// errno of the first that failed.
int signet_close_process(void);

/// The families of sockets that `signet_confine_calls` can leave allowed, as bits.
enum {
    SIGNET_SOCKETS_UNIX = 1,
    /// AF_INET and AF_INET6, and AF_NETLINK to read the host's addresses.
    SIGNET_SOCKETS_INTERNET = 2,
};

/// Restricts every thread of this process from now on (seccomp(2)). It cannot start processes or programs,
/// access the memory, descriptors or limits of other processes, send signals to other processes, use the
/// calls that `sandbox.c` lists, or create sockets of families not in `families`. Each such call fails with
/// an errno. Calls of another architecture end the process. Requires no_new_privs. 0, or an errno.
int signet_confine_calls(int families);

/// The version of the kernel's Landlock (landlock(7)); 0 when there is none.
int signet_landlock_version(void);

/// A set of rules that refuses every use of files, TCP and abstract sockets unless `families` allows them,
/// and signals to other processes, as far as this version of Landlock supports it. A negative errno on
/// failure.
int signet_landlock_begin(int version, int families);

/// Allows reading the file or directory of `file`, an O_PATH descriptor, and everything below it. With
/// `writable` also writing, creating and removing files, and ioctl(2) of devices. 0, or an errno.
int signet_landlock_allow(int ruleset, int version, int file, int writable);

/// open(2) with O_PATH and O_CLOEXEC. -1 with the errno.
int signet_open_path(const char *path);

/// The path of the file of a descriptor, without links. 0, ERANGE when it does not fit, or an errno.
int signet_path_of_descriptor(int file, char *path, size_t size);

/// Applies the rules to this process permanently, and closes them. The process must have one thread. Requires
/// no_new_privs. 0, or an errno.
int signet_landlock_enforce(int ruleset);

/// Becomes the user called `name`, with the groups of that account. 0, ENOENT when there is none, or an
/// errno.
int signet_become_user(const char *name);

/// Drops every capability but CAP_IPC_LOCK, also those with which root bypasses permissions of files and of
/// other processes (capabilities(7)). 0, or an errno.
int signet_drop_capabilities(void);

/// A connected AF_UNIX, SOCK_SEQPACKET pair, both ends close-on-exec. 0, or an errno.
int signet_socketpair(int *first, int *second);

/// Starts `path` in a new session with default signals. The child gets `count` descriptors, at most 128, as
/// its descriptors 3 and up (a negative one leaves its number unused), and `errors` as its standard error. It
/// inherits nothing else. 0, or an errno.
int signet_spawn(const char *path, char *const *arguments, char *const *environment, int errors, const int *descriptors,
                 size_t count, pid_t *pid);

/// A pipe, both ends close-on-exec. 0, or an errno.
int signet_pipe(int *reader, int *writer);

/// As `signet_spawn`, but in the session and with the terminal of this process, with `input` as standard
/// input and `memory` as descriptor 3. For a program that asks its user for a secret.
int signet_spawn_collector(const char *path, char *const *arguments, int input, int memory, pid_t *pid);

/// A descriptor of `size` bytes of memory that can be passed to another process: memfd_secret(2), which is
/// never dumped, never swapped, and not in the kernel's own map, or memfd_create(2) if the kernel lacks it.
/// -1 if both fail.
int signet_secret_memory(size_t size);

/// open(2) of the terminal of this process, for reading and writing. -1 when it has none.
int signet_open_terminal(void);

/// From now on SIGINT, SIGTERM and SIGHUP do not end this process but are noted, for a program that must
/// clean up before it ends.
void signet_note_signals(void);

/// The last signal that was noted; 0 for none.
int signet_noted_signal(void);

/// Switches the echo of a terminal off until `signet_restore_echo`, or until a signal ends this process.
/// Signals that would stop the process are ignored meanwhile. For one terminal at a time. 0, or an errno.
int signet_hide_echo(int descriptor);

/// Restores the settings before `signet_hide_echo`.
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

/// Removes the access control list of an open file, so that only its mode counts. 0, also when there was
/// none, or an errno.
int signet_remove_access_list(int descriptor);

/// Runs a line with /bin/sh in a process group of its own, and waits for the shell to end, but not for
/// processes that it leaves running. Its standard input is empty, and its standard output is standard error.
/// `status` is that of waitpid(2). 0, ETIMEDOUT when the group was killed after `milliseconds`, or an errno.
int signet_run_shell(const char *line, int milliseconds, int *status);

#endif
