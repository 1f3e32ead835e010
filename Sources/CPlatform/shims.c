#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pthread.h>
#include <pwd.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

// Kernel headers may be older than the kernel, so these numbers of Linux 6.5 and 6.13 are defined if missing.
#ifndef SO_PEERPIDFD
#define SO_PEERPIDFD 77
#endif

const int signet_so_peercred = SO_PEERCRED;
const int signet_so_peergroups = SO_PEERGROUPS;
const int signet_so_peerpidfd = SO_PEERPIDFD;

int signet_pidfd_open(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

int signet_pidfd_has_ended(int pidfd) {
    struct pollfd entry = {.fd = pidfd, .events = POLLIN};
    // Every result but "nothing to read" counts as ended.
    return poll(&entry, 1, 0) != 0;
}

int signet_process_executable(pid_t pid, char *path, size_t size) {
    char link[64];
    snprintf(link, sizeof link, "/proc/%d/exe", (int)pid);
    ssize_t length = readlink(link, path, size);
    if (length < 0) return errno;
    if ((size_t)length >= size) return ERANGE;
    path[length] = 0;
    struct stat program, found;
    if (stat(link, &program) != 0 || stat(path, &found) != 0) return errno;
    return program.st_dev == found.st_dev && program.st_ino == found.st_ino ? 0 : ENOENT;
}

int signet_process_runs(pid_t pid, const char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/%d/exe", (int)pid);
    struct stat program, found;
    return stat(link, &program) == 0 && stat(path, &found) == 0 && program.st_dev == found.st_dev
        && program.st_ino == found.st_ino;
}

int signet_process_open_cgroups(pid_t pid) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/cgroup", (int)pid);
    return open(path, O_RDONLY | O_CLOEXEC);
}

int signet_read_anew(int file, char *text, size_t size) {
    size_t length = 0;
    for (;;) {
        ssize_t count = pread(file, text + length, size - length, (off_t)length);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return errno;
        if (count == 0) break;
        length += (size_t)count;
        if (length == size) return ERANGE;
    }
    text[length] = 0;
    return 0;
}

// `struct pidfd_info` of Linux 6.13. Later versions only add members at the end.
struct pidfd_info_v0 {
    uint64_t mask, cgroupid;
    uint32_t pid, tgid, ppid, ruid, rgid, euid, egid, suid, sgid, fsuid, fsgid, spare;
};

int signet_pidfd_credentials(int pidfd, uint32_t *uid, uint32_t *gid) {
    const uint64_t credentials = 1 << 1;
    struct pidfd_info_v0 info = {.mask = credentials};
    if (ioctl(pidfd, _IOWR(0xFF, 11, struct pidfd_info_v0), &info) != 0) return errno;
    if ((info.mask & credentials) == 0) return ESRCH;
    *uid = info.euid;
    *gid = info.egid;
    return 0;
}

void signet_name_thread(const char *name) { pthread_setname_np(pthread_self(), name); }

void signet_wipe(void *bytes, size_t count) { explicit_bzero(bytes, count); }

int signet_harden_process(void) {
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return errno;
    return signet_close_process();
}

int signet_socketpair(int *first, int *second) {
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) return errno;
    // The most that an unprivileged process may have: hundreds of small frames. On failure the default stays.
    int size = 212992;
    setsockopt(pair[0], SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    setsockopt(pair[1], SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    *first = pair[0];
    *second = pair[1];
    return 0;
}

enum { FIRST_INHERITED = 3 };

static int spawn(const char *path, char *const *arguments, char *const *environment, int input, int errors,
                 const int *descriptors, size_t count, short flags, pid_t *pid) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t all, none;
    int error = posix_spawn_file_actions_init(&actions);
    if (error != 0) return error;
    error = posix_spawnattr_init(&attributes);
    if (error != 0) {
        posix_spawn_file_actions_destroy(&actions);
        return error;
    }
    sigfillset(&all);
    sigemptyset(&none);
    if (input < 0)
        error = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    else
        error = posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    if (error == 0) error = posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    if (error == 0 && errors >= 0) error = posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO);
    for (size_t index = 0; index < count && error == 0; index++) {
        int number = FIRST_INHERITED + (int)index;
        error = descriptors[index] < 0 ? posix_spawn_file_actions_addclose(&actions, number)
                                       : posix_spawn_file_actions_adddup2(&actions, descriptors[index], number);
    }
    if (error == 0) error = posix_spawn_file_actions_addclosefrom_np(&actions, FIRST_INHERITED + (int)count);
    if (error == 0) error = posix_spawnattr_setsigdefault(&attributes, &all);
    if (error == 0) error = posix_spawnattr_setsigmask(&attributes, &none);
    if (error == 0)
        error = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | flags);
    if (error == 0) error = posix_spawn(pid, path, &actions, &attributes, arguments, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

enum { MOST_INHERITED = 128 };

// Duplicates descriptors to numbers above those of the child, so that no dup2 overwrites one that is still
// needed. 0, or an errno; then no duplicates are left.
static int lift(const int *descriptors, size_t count, int *lifted) {
    if (count > MOST_INHERITED) return EMFILE;
    for (size_t index = 0; index < count; index++) {
        lifted[index] = -1;
        if (descriptors[index] < 0) continue;
        lifted[index] = fcntl(descriptors[index], F_DUPFD_CLOEXEC, FIRST_INHERITED + MOST_INHERITED);
        if (lifted[index] >= 0) continue;
        int error = errno;
        while (index-- > 0)
            if (lifted[index] >= 0) close(lifted[index]);
        return error;
    }
    return 0;
}

static int spawn_lifted(const char *path, char *const *arguments, char *const *environment, int input,
                        int errors, const int *descriptors, size_t count, short flags, pid_t *pid) {
    int lifted[MOST_INHERITED];
    int error = lift(descriptors, count, lifted);
    if (error != 0) return error;
    error = spawn(path, arguments, environment, input, errors, lifted, count, flags, pid);
    for (size_t index = 0; index < count; index++)
        if (lifted[index] >= 0) close(lifted[index]);
    return error;
}

int signet_spawn(const char *path, char *const *arguments, char *const *environment, int errors, const int *descriptors,
                 size_t count, pid_t *pid) {
    // `errors` may have a number that one of the descriptors will get.
    int to;
    int error = lift(&errors, 1, &to);
    if (error != 0) return error;
    error = spawn_lifted(path, arguments, environment, -1, to, descriptors, count, POSIX_SPAWN_SETSID, pid);
    close(to);
    return error;
}

int signet_pipe(int *reader, int *writer) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return errno;
    *reader = ends[0];
    *writer = ends[1];
    return 0;
}

int signet_spawn_collector(const char *path, char *const *arguments, int input, int memory, pid_t *pid) {
    char *environment[] = {NULL};
    // `input` may have the number that `memory` will get.
    int from;
    int error = lift(&input, 1, &from);
    if (error != 0) return error;
    error = spawn_lifted(path, arguments, environment, from, -1, &memory, 1, 0, pid);
    close(from);
    return error;
}

int signet_secret_memory(size_t size) {
    int descriptor = (int)syscall(SYS_memfd_secret, O_CLOEXEC);
    if (descriptor < 0) descriptor = memfd_create("signet", MFD_CLOEXEC);
    if (descriptor < 0) return -1;
    if (ftruncate(descriptor, (off_t)size) == 0) return descriptor;
    close(descriptor);
    return -1;
}

static volatile sig_atomic_t noted_signal;

static void note_signal(int signal) { noted_signal = signal; }

void signet_note_signals(void) {
    struct sigaction note = {.sa_handler = note_signal, .sa_flags = SA_RESTART};
    sigaction(SIGINT, &note, NULL);
    sigaction(SIGTERM, &note, NULL);
    sigaction(SIGHUP, &note, NULL);
    // With an inherited mask they would not be delivered.
    sigset_t noted;
    sigemptyset(&noted);
    sigaddset(&noted, SIGINT);
    sigaddset(&noted, SIGTERM);
    sigaddset(&noted, SIGHUP);
    pthread_sigmask(SIG_UNBLOCK, &noted, NULL);
}

int signet_noted_signal(void) { return noted_signal; }

int signet_open_terminal(void) { return open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY); }

static struct {
    int descriptor;
    struct termios settings;
    struct sigaction actions[4];
    struct sigaction stop;
} hidden = {.descriptor = -1};

static const int endings[4] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

/// Functions that a signal handler may call (signal-safety(7)).
static void restore_and_end(int signal) {
    tcsetattr(hidden.descriptor, TCSAFLUSH, &hidden.settings);
    struct sigaction usual = {.sa_handler = SIG_DFL};
    sigaction(signal, &usual, NULL);
    raise(signal);
}

int signet_hide_echo(int descriptor) {
    if (tcgetattr(descriptor, &hidden.settings) != 0) return errno;
    hidden.descriptor = descriptor;
    struct sigaction end = {.sa_handler = restore_and_end}, ignore = {.sa_handler = SIG_IGN};
    for (size_t index = 0; index < 4; index++) sigaction(endings[index], &end, &hidden.actions[index]);
    sigaction(SIGTSTP, &ignore, &hidden.stop);
    struct termios quiet = hidden.settings;
    quiet.c_lflag &= ~(tcflag_t)ECHO;
    if (tcsetattr(descriptor, TCSAFLUSH, &quiet) == 0) return 0;
    int error = errno;
    signet_restore_echo();
    return error;
}

void signet_restore_echo(void) {
    if (hidden.descriptor < 0) return;
    tcsetattr(hidden.descriptor, TCSAFLUSH, &hidden.settings);
    for (size_t index = 0; index < 4; index++) sigaction(endings[index], &hidden.actions[index], NULL);
    sigaction(SIGTSTP, &hidden.stop, NULL);
    hidden.descriptor = -1;
}

int signet_find_user(const char *name, uint32_t *uid) {
    errno = 0;
    struct passwd *entry = getpwnam(name);
    if (entry == NULL) return errno == 0 ? ENOENT : errno;
    *uid = entry->pw_uid;
    return 0;
}

int signet_find_group(const char *name, uint32_t *gid) {
    errno = 0;
    struct group *entry = getgrnam(name);
    if (entry == NULL) return errno == 0 ? ENOENT : errno;
    *gid = entry->gr_gid;
    return 0;
}

int signet_group_members(uint32_t gid, char *names, size_t size) {
    errno = 0;
    struct group *entry = getgrgid(gid);
    if (entry == NULL) return errno == 0 ? ENOENT : errno;
    size_t used = 0;
    for (char **member = entry->gr_mem; *member != NULL; member++) {
        size_t length = strlen(*member);
        if (used + length + 2 > size) return ERANGE;
        memcpy(names + used, *member, length);
        names[used + length] = '\n';
        used += length + 1;
    }
    names[used] = '\0';
    return 0;
}
