/// A disk that fails by script. Intercepts write(2) and related functions; see README.md.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef enum { WELL, EIO_WRITE, EIO_SYNC, SHORT_WRITE } fault;

/// The current content of the control file.
static fault fault_now(void) {
    const char *path = getenv("SIGNET_FAULTY_DISK");
    if (path == NULL) return WELL;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return WELL;
    char text[32] = "";
    ssize_t length = read(file, text, sizeof text - 1);
    close(file);
    if (length < 0) return WELL;
    if (strncmp(text, "write", 5) == 0) return EIO_WRITE;
    if (strncmp(text, "sync", 4) == 0) return EIO_SYNC;
    if (strncmp(text, "short", 5) == 0) return SHORT_WRITE;
    return WELL;
}

/// Whether the descriptor is of a database, its write-ahead log, or a copy that is to replace it.
static int is_database(int file) {
    char link[64], name[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, name, sizeof name - 1);
    if (length < 0) return 0;
    name[length] = 0;
    const char *end = strstr(name, ".sqlite");
    if (end == NULL) return 0;
    end += strlen(".sqlite");
    return *end == 0 || strcmp(end, "-wal") == 0 || strcmp(end, ".restoring") == 0;
}

static fault fault_of(int file) {
    fault now = fault_now();
    return now == WELL || !is_database(file) ? WELL : now;
}

/// After a short write, the next write fails because the disk is full.
static _Thread_local int was_short;

/// The number of octets that are written; negative for none.
static ssize_t allowed(int file, size_t count) {
    switch (fault_of(file)) {
    case EIO_WRITE:
        errno = EIO;
        return -1;
    case SHORT_WRITE:
        if (was_short || count < 2) {
            was_short = 0;
            errno = ENOSPC;
            return -1;
        }
        was_short = 1;
        return (ssize_t)(count / 2);
    default:
        return (ssize_t)count;
    }
}

#define REAL(name, ...)                                                                                                \
    static __typeof__(&name) real;                                                                                     \
    if (real == NULL) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name);                                               \
    return real(__VA_ARGS__)

ssize_t write(int file, const void *bytes, size_t count) {
    ssize_t through = allowed(file, count);
    if (through < 0) return -1;
    REAL(write, file, bytes, (size_t)through);
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset) {
    ssize_t through = allowed(file, count);
    if (through < 0) return -1;
    REAL(pwrite, file, bytes, (size_t)through, offset);
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t offset) {
    ssize_t through = allowed(file, count);
    if (through < 0) return -1;
    REAL(pwrite64, file, bytes, (size_t)through, offset);
}

int fsync(int file) {
    if (fault_of(file) == EIO_SYNC) {
        errno = EIO;
        return -1;
    }
    REAL(fsync, file);
}

int fdatasync(int file) {
    if (fault_of(file) == EIO_SYNC) {
        errno = EIO;
        return -1;
    }
    REAL(fdatasync, file);
}
