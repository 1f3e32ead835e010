/* issue-load SOCKET REQUEST SECONDS CALLERS: sends the HTTP request in the file REQUEST again and again on CALLERS
   connections, each when its last is answered, and prints one line of JSON: operations, seconds, latencies in milliseconds.
   One thread for all: a client that costs next to nothing, so that what is measured is the daemon. Anything but 200 ends it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static const char *path;
static char request[1 << 20];
static size_t request_length;
static double deadline;

struct caller {
    int descriptor;
    double before;
    char buffer[16384];
    size_t have, want;
    double *latencies;
    size_t count, room;
};

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static int connect_to(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) { fprintf(stderr, "the path is too long\n"); exit(1); }
    strcpy(address.sun_path, path);
    int descriptor = socket(AF_UNIX, SOCK_STREAM, 0);
    if (descriptor < 0 || connect(descriptor, (struct sockaddr *)&address, sizeof address) < 0) fail("connect");
    return descriptor;
}

static void ask(struct caller *caller) {
    caller->before = now();
    caller->have = caller->want = 0;
    for (size_t sent = 0; sent < request_length;) {
        ssize_t count = write(caller->descriptor, request + sent, request_length - sent);
        if (count <= 0) fail("write");
        sent += (size_t)count;
    }
}

/* Reads what is there of a response; whether it is whole: its head, and as much as Content-Length says. */
static int read_response(struct caller *caller) {
    ssize_t count = read(caller->descriptor, caller->buffer + caller->have, sizeof caller->buffer - 1 - caller->have);
    if (count < 0) fail("read");
    if (count == 0) { fprintf(stderr, "closed, or longer than expected: %s\n", caller->buffer); exit(1); }
    caller->have += (size_t)count;
    caller->buffer[caller->have] = 0;
    char *end = strstr(caller->buffer, "\r\n\r\n");
    if (end && caller->want == 0) {
        char *length = strcasestr(caller->buffer, "\r\ncontent-length:");
        if (strncmp(caller->buffer, "HTTP/1.1 200", 12) != 0 || !length || length > end) {
            fprintf(stderr, "refused: %s\n", caller->buffer);
            exit(1);
        }
        caller->want = (size_t)(end + 4 - caller->buffer) + strtoul(length + 17, NULL, 10);
    }
    return caller->want != 0 && caller->have >= caller->want;
}

static void note(struct caller *caller) {
    if (caller->count == caller->room) {
        caller->room = caller->room ? 2 * caller->room : 1024;
        caller->latencies = realloc(caller->latencies, caller->room * sizeof(double));
        if (!caller->latencies) fail("realloc");
    }
    caller->latencies[caller->count++] = (now() - caller->before) * 1000;
}

static int compare(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int count, char **arguments) {
    if (count != 5) { fprintf(stderr, "usage: issue-load SOCKET REQUEST SECONDS CALLERS\n"); return 64; }
    path = arguments[1];
    FILE *file = fopen(arguments[2], "rb");
    if (!file) fail(arguments[2]);
    request_length = fread(request, 1, sizeof request, file);
    fclose(file);
    int callers = atoi(arguments[4]);
    struct caller *all = calloc((size_t)callers, sizeof *all);
    double start = now();
    deadline = start + atof(arguments[3]);
    int poll = epoll_create1(0);
    if (poll < 0) fail("epoll_create1");
    for (int i = 0; i < callers; i++) {
        all[i].descriptor = connect_to(path);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &all[i]};
        if (epoll_ctl(poll, EPOLL_CTL_ADD, all[i].descriptor, &event) < 0) fail("epoll_ctl");
        ask(&all[i]);
    }
    size_t total = 0;
    for (int open = callers; open > 0;) {
        struct epoll_event events[64];
        int ready = epoll_wait(poll, events, 64, -1);
        if (ready < 0) fail("epoll_wait");
        for (int i = 0; i < ready; i++) {
            struct caller *caller = events[i].data.ptr;
            if (!read_response(caller)) continue;
            note(caller);
            total++;
            if (now() < deadline) {
                ask(caller);
            } else {
                close(caller->descriptor);
                open--;
            }
        }
    }
    double elapsed = now() - start;
    double *latencies = malloc((total + 1) * sizeof(double));
    size_t at = 0;
    for (int i = 0; i < callers; i++) {
        memcpy(latencies + at, all[i].latencies, all[i].count * sizeof(double));
        at += all[i].count;
    }
    qsort(latencies, total, sizeof(double), compare);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    double cpu = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
    printf("{\"operations\": %zu, \"seconds\": %f, \"p50\": %f, \"p99\": %f, \"cpu\": %f}\n", total, elapsed,
           latencies[total / 2], latencies[total * 99 / 100], cpu / total * 1e6);
    return 0;
}
