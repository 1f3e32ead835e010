#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int signet_run_shell(const char *line, int milliseconds, int *status) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    // The daemon or client may ignore and block signals that the command needs.
    sigset_t all, none;
    sigfillset(&all);
    sigemptyset(&none);
    int error = posix_spawn_file_actions_init(&actions);
    if (error != 0) return error;
    error = posix_spawnattr_init(&attributes);
    if (error != 0) {
        posix_spawn_file_actions_destroy(&actions);
        return error;
    }
    char *const arguments[] = {"sh", "-c", (char *)line, NULL};
    pid_t process = 0;
    const short flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
    if ((error = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)) == 0 &&
        (error = posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO)) == 0 &&
        (error = posix_spawnattr_setsigdefault(&attributes, &all)) == 0 &&
        (error = posix_spawnattr_setsigmask(&attributes, &none)) == 0 &&
        (error = posix_spawnattr_setflags(&attributes, flags)) == 0) {
        error = posix_spawn(&process, "/bin/sh", &actions, &attributes, arguments, environ);
    }
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (error != 0) return error;

    const int pause = 5;
    for (int waited = 0;; waited += pause) {
        pid_t found = waitpid(process, status, WNOHANG);
        if (found == process) return 0;
        if (found < 0 && errno != EINTR) return errno;
        if (waited >= milliseconds) break;
        struct timespec time = {.tv_nsec = pause * 1000000L};
        nanosleep(&time, NULL);
    }
    kill(-process, SIGKILL);
    while (waitpid(process, status, 0) < 0 && errno == EINTR) {
    }
    return ETIMEDOUT;
}
