#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// Kernel headers may be older than the kernel: landlock(7) as of Linux 6.12. The calls have one number
// everywhere.
#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule 445
#define SYS_landlock_restrict_self 446
#endif

enum { CREATE_RULESET_VERSION = 1, RULE_PATH_BENEATH = 1 };

// LANDLOCK_ACCESS_FS_*
enum {
    EXECUTE = 1 << 0,
    WRITE_FILE = 1 << 1,
    READ_FILE = 1 << 2,
    READ_DIR = 1 << 3,
    REMOVE_DIR = 1 << 4,
    REMOVE_FILE = 1 << 5,
    MAKE_CHAR = 1 << 6,
    MAKE_DIR = 1 << 7,
    MAKE_REG = 1 << 8,
    MAKE_SOCK = 1 << 9,
    MAKE_FIFO = 1 << 10,
    MAKE_BLOCK = 1 << 11,
    MAKE_SYM = 1 << 12,
    REFER = 1 << 13,     // version 2
    TRUNCATE = 1 << 14,  // version 3
    IOCTL_DEV = 1 << 15, // version 5

    READING = READ_FILE | READ_DIR,
    // Creating devices and starting programs are not allowed.
    WRITING = READING | WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | MAKE_SOCK | MAKE_FIFO | MAKE_SYM
        | REFER | TRUNCATE | IOCTL_DEV,
    // The rights that apply to a file that is not a directory.
    OF_FILE = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV,
};

// LANDLOCK_ACCESS_NET_*, version 4, and LANDLOCK_SCOPE_*, version 6
enum { BIND_TCP = 1 << 0, CONNECT_TCP = 1 << 1 };
enum { SCOPE_ABSTRACT_UNIX_SOCKET = 1 << 0, SCOPE_SIGNAL = 1 << 1 };

struct ruleset_attributes {
    uint64_t filesystem, network, scoped;
};

struct path_beneath {
    uint64_t allowed;
    int32_t parent;
} __attribute__((packed));

int signet_landlock_version(void) {
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, CREATE_RULESET_VERSION);
    return version < 0 ? 0 : (int)version;
}

static uint64_t known_rights(int version) {
    uint64_t rights = ((uint64_t)MAKE_SYM << 1) - 1;
    if (version >= 2) rights |= REFER;
    if (version >= 3) rights |= TRUNCATE;
    if (version >= 5) rights |= IOCTL_DEV;
    return rights;
}

int signet_landlock_begin(int version, int families) {
    struct ruleset_attributes attributes = {.filesystem = known_rights(version)};
    if (version >= 4 && !(families & SIGNET_SOCKETS_INTERNET)) attributes.network = BIND_TCP | CONNECT_TCP;
    if (version >= 6) {
        attributes.scoped = SCOPE_SIGNAL;
        if (!(families & SIGNET_SOCKETS_UNIX)) attributes.scoped |= SCOPE_ABSTRACT_UNIX_SOCKET;
    }
    // A kernel that knows fewer members accepts the others if they are zero.
    long ruleset = syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0);
    return ruleset < 0 ? -errno : (int)ruleset;
}

int signet_landlock_allow(int ruleset, int version, int file, int writable) {
    struct stat status;
    if (fstat(file, &status) != 0) return errno;
    struct path_beneath rule = {.allowed = (writable ? WRITING : READING) & known_rights(version), .parent = file};
    if (!S_ISDIR(status.st_mode)) rule.allowed &= OF_FILE;
    if (syscall(SYS_landlock_add_rule, ruleset, RULE_PATH_BENEATH, &rule, 0) != 0) return errno;
    return 0;
}

int signet_open_path(const char *path) { return open(path, O_PATH | O_CLOEXEC); }

int signet_path_of_descriptor(int file, char *path, size_t size) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, size);
    if (length < 0) return errno;
    if ((size_t)length >= size) return ERANGE;
    path[length] = 0;
    return 0;
}

int signet_landlock_enforce(int ruleset) {
    int error = syscall(SYS_landlock_restrict_self, ruleset, 0) == 0 ? 0 : errno;
    close(ruleset);
    return error;
}
