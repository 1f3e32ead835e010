/// Attempts on the daemon's files and its API.
#define _GNU_SOURCE
#include "findings.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/xattr.h>
#include <unistd.h>

#define TRY(attempt, result) hostile_note(function, attempt, (long)(result))

static int open_once(const char *path, int flags) {
    int file = open(path, flags | O_CLOEXEC, 0600);
    int error = errno;
    if (file >= 0) close(file);
    errno = error;
    return file;
}

static const char *variable(const char *name) {
    const char *value = getenv(name);
    return value == NULL ? "" : value;
}

void hostile_attempt_files(const char *function) {
    const char *database = variable("SIGNET_HOSTILE_DATABASE"), *findings = variable("SIGNET_HOSTILE_FINDINGS");
    char path[600], directory[512];
    snprintf(directory, sizeof directory, "%.*s", (int)(strrchr(database, '/') - database), database);
    TRY("database-read", open_once(database, O_RDONLY));
    TRY("database-write", open_once(database, O_RDWR));
    snprintf(path, sizeof path, "%s-wal", database);
    TRY("wal-write", open_once(path, O_RDWR));
    snprintf(path, sizeof path, "%s-shm", database);
    TRY("shm-write", open_once(path, O_RDWR));
    snprintf(path, sizeof path, "%s.lock", database);
    TRY("lock-write", open_once(path, O_RDWR));
    TRY("state-list", open_once(directory, O_RDONLY | O_DIRECTORY));
    snprintf(path, sizeof path, "%s/made-by-a-module", directory);
    TRY("state-make-file", open_once(path, O_WRONLY | O_CREAT));
    snprintf(path, sizeof path, "%s/directory-by-a-module", directory);
    TRY("state-make-directory", mkdir(path, 0700));
    TRY("state-remove", unlink(variable("SIGNET_HOSTILE_VICTIM")));
    // To its own length, so that nothing is lost if this succeeds.
    struct stat status = {.st_size = 1 << 30};
    TRY("database-truncate", stat(database, &status) != 0 ? -1 : truncate(database, status.st_size));
    TRY("database-chmod", chmod(database, 0600));
    TRY("database-fchmodat", fchmodat(AT_FDCWD, database, 0600, 0));
    TRY("database-chown", chown(database, (uid_t)-1, (gid_t)-1));
    TRY("state-setxattr", setxattr(directory, "user.signet", "x", 1, 0) < 0 && errno != EOPNOTSUPP ? -1 : 0);
    // By a name in a directory that is open to the module.
    snprintf(path, sizeof path, "%s.link", findings);
    unlink(path);
    TRY("own-symlink", symlink(database, path));
    TRY("database-by-symlink", open_once(path, O_RDONLY));
    unlink(path);
    TRY("database-by-link", link(database, path));
    unlink(path);
    TRY("other-pin", open_once(variable("SIGNET_HOSTILE_PIN"), O_RDONLY));
    TRY("configuration-write", open_once(variable("SIGNET_HOSTILE_CONFIGURATION"), O_RDWR));
}

static int make(int family, int type) {
    int file = socket(family, type | SOCK_CLOEXEC, 0);
    int error = errno;
    if (file >= 0) close(file);
    errno = error;
    return file;
}

static const char request[] = "POST / HTTP/1.1\r\nHost: signet\r\nContent-Type: application/x-amz-json-1.1\r\n"
                              "X-Amz-Target: ACMPrivateCA.ListCertificateAuthorities\r\nContent-Length: 2\r\n"
                              "Connection: close\r\n\r\n{}";

static const char health[] = "GET /health/live HTTP/1.1\r\nHost: signet\r\nConnection: close\r\n\r\n";

static void attempt_api(const char *function, const char *name, const char *request) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", variable("SIGNET_HOSTILE_SOCKET"));
    int file = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (file < 0 || connect(file, (struct sockaddr *)&address, sizeof address) != 0) {
        TRY(name, -1);
        if (file >= 0) close(file);
        return;
    }
    char answer[1024] = "";
    struct timeval limit = {.tv_sec = 5};
    setsockopt(file, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    size_t length = 0;
    if (send(file, request, strlen(request), MSG_NOSIGNAL) == (ssize_t)strlen(request)) {
        ssize_t count;
        while (length < sizeof answer - 1 && (count = recv(file, answer + length, sizeof answer - 1 - length, 0)) > 0)
            length += (size_t)count;
    }
    for (size_t at = 0; at < length; at++)
        if (answer[at] == '\r' || answer[at] == '\n') answer[at] = ' ';
    hostile_note_text(function, name, 0, length == 0 ? "closed" : answer);
    close(file);
}

void hostile_attempt_sockets(const char *function) {
    TRY("socket-unix", make(AF_UNIX, SOCK_STREAM));
    TRY("socket-unix-datagram", make(AF_UNIX, SOCK_DGRAM));
    TRY("socket-inet", make(AF_INET, SOCK_STREAM));
    TRY("socket-inet-datagram", make(AF_INET, SOCK_DGRAM));
    TRY("socket-inet6", make(AF_INET6, SOCK_STREAM));
    TRY("socket-netlink", make(AF_NETLINK, SOCK_RAW));
    TRY("socket-vsock", make(AF_VSOCK, SOCK_STREAM));
    int pair[2];
    int made = socketpair(AF_UNIX, SOCK_DGRAM, 0, pair);
    TRY("socketpair-datagram", made);
    if (made == 0) {
        close(pair[0]);
        close(pair[1]);
    }
    attempt_api(function, "api", request);
    attempt_api(function, "health", health);
}
