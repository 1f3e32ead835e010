/* issue-load SOCKET REQUEST SECONDS CALLERS [RATE]: sends the HTTP request in the file REQUEST again and again on CALLERS
   connections, each when its last is answered, and prints one line of JSON: operations, seconds, latencies in milliseconds.
   One thread for all: a client that costs next to nothing, so that what is measured is the daemon. Anything but 200 ends it.

   With RATE the load is open-loop: RATE requests a second become due at equal distances, whether or not earlier ones are
   answered, and each is sent on the first connection that is free. The latency of a request counts from the time at which it
   was due. Anything but 200, and the end of a connection, counts as `refused`, and the load goes on. A request without an
   answer at the end is not among the operations; its latency is the time that it has waited. */
#include "load.h"

#include <errno.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <unistd.h>

static const char *path;
static char request[1 << 20];
static size_t request_length;
static double deadline;
static double rate;
static size_t refused;

struct caller {
    int descriptor;
    int busy;
    double before;
    char buffer[16384];
    size_t have, want;
    double *latencies;
    size_t count, room;
};

static int connect_to(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) { fprintf(stderr, "the path is too long\n"); exit(1); }
    strcpy(address.sun_path, path);
    int descriptor = socket(AF_UNIX, SOCK_STREAM, 0);
    if (descriptor < 0 || connect(descriptor, (struct sockaddr *)&address, sizeof address) < 0) fail("connect");
    return descriptor;
}

/* Sends a request. Returns 0 when the connection has ended. */
static int ask(struct caller *caller, double due) {
    caller->before = due;
    caller->busy = 1;
    caller->have = caller->want = 0;
    for (size_t sent = 0; sent < request_length;) {
        ssize_t count = send(caller->descriptor, request + sent, request_length - sent, MSG_NOSIGNAL);
        if (count <= 0 && rate > 0) return 0;
        if (count <= 0) fail("write");
        sent += (size_t)count;
    }
    return 1;
}

enum answer { PART, ISSUED, REFUSED, ENDED };

/* Reads what is there of a response. It is whole with its head and as much as Content-Length says. */
static enum answer read_response(struct caller *caller) {
    ssize_t count = read(caller->descriptor, caller->buffer + caller->have, sizeof caller->buffer - 1 - caller->have);
    if (count <= 0 && rate > 0) return ENDED;
    if (count < 0) fail("read");
    if (count == 0) { fprintf(stderr, "closed, or longer than expected: %s\n", caller->buffer); exit(1); }
    caller->have += (size_t)count;
    caller->buffer[caller->have] = 0;
    char *end = strstr(caller->buffer, "\r\n\r\n");
    int issued = strncmp(caller->buffer, "HTTP/1.1 200", 12) == 0;
    if (end && caller->want == 0) {
        char *length = strcasestr(caller->buffer, "\r\ncontent-length:");
        if ((!issued && rate == 0) || !length || length > end) {
            fprintf(stderr, "refused: %s\n", caller->buffer);
            exit(1);
        }
        caller->want = (size_t)(end + 4 - caller->buffer) + strtoul(length + 17, NULL, 10);
    }
    if (caller->want == 0 || caller->have < caller->want) return PART;
    return issued ? ISSUED : REFUSED;
}

static void note(struct caller *caller, double latency) {
    if (caller->count == caller->room) {
        caller->room = caller->room ? 2 * caller->room : 1024;
        caller->latencies = realloc(caller->latencies, caller->room * sizeof(double));
        if (!caller->latencies) fail("realloc");
    }
    caller->latencies[caller->count++] = latency * 1000;
}

static int compare(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void watch(int poll, struct caller *caller) {
    caller->descriptor = connect_to(path);
    caller->busy = 0;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = caller};
    if (epoll_ctl(poll, EPOLL_CTL_ADD, caller->descriptor, &event) < 0) fail("epoll_ctl");
}

static size_t run_closed(int poll, struct caller *all, int callers) {
    size_t issued = 0;
    for (int i = 0; i < callers; i++) ask(&all[i], now());
    for (int open = callers; open > 0;) {
        struct epoll_event events[64];
        int ready = epoll_wait(poll, events, 64, -1);
        if (ready < 0) fail("epoll_wait");
        for (int i = 0; i < ready; i++) {
            struct caller *caller = events[i].data.ptr;
            if (read_response(caller) != ISSUED) continue;
            note(caller, now() - caller->before);
            issued++;
            if (now() < deadline) {
                ask(caller, now());
            } else {
                close(caller->descriptor);
                open--;
            }
        }
    }
    return issued;
}

/* Seconds for which a request that was sent in time is waited for. */
static const double grace = 1;

static size_t run_open(int poll, struct caller *all, int callers, double start, size_t offered) {
    size_t issued = 0, sent = 0, answered = 0;
    int timer = timerfd_create(CLOCK_MONOTONIC, 0);
    struct epoll_event timed = {.events = EPOLLIN, .data.ptr = NULL};
    if (timer < 0 || epoll_ctl(poll, EPOLL_CTL_ADD, timer, &timed) < 0) fail("timerfd");
    for (;;) {
        double time = now();
        for (int i = 0; i < callers && time < deadline; i++) {
            double due = start + sent / rate;
            if (sent == offered || due > time) break;
            if (all[i].busy) continue;
            sent++;
            if (!ask(&all[i], due)) shutdown(all[i].descriptor, SHUT_RDWR);
        }
        if (time >= deadline + grace || (time >= deadline && answered == sent)) break;
        double next = start + sent / rate;
        if (time >= deadline || sent == offered) next = time < deadline ? deadline : deadline + grace;
        /* With all connections busy, only an answer lets a request that is due go. */
        if (next <= time) next = time + 0.1;
        double wait = next - time;
        struct itimerspec once = {.it_value = {(time_t)wait, (long)((wait - (time_t)wait) * 1e9) + 1}};
        if (once.it_value.tv_nsec > 999999999) once.it_value.tv_nsec = 999999999;
        if (timerfd_settime(timer, 0, &once, NULL) < 0) fail("timerfd_settime");
        struct epoll_event events[64];
        int ready = epoll_wait(poll, events, 64, -1);
        if (ready < 0) fail("epoll_wait");
        for (int i = 0; i < ready; i++) {
            struct caller *caller = events[i].data.ptr;
            if (!caller) continue;
            enum answer answer = read_response(caller);
            if (answer == PART) continue;
            if (caller->busy) {
                note(caller, now() - caller->before);
                answered++;
                if (answer == ISSUED) issued++; else refused++;
            }
            caller->busy = 0;
            if (answer != ENDED) continue;
            close(caller->descriptor);
            watch(poll, caller);
        }
    }
    for (int i = 0; i < callers; i++) {
        if (all[i].busy) note(&all[i], now() - all[i].before);
    }
    for (size_t i = sent; i < offered; i++) note(&all[0], now() - (start + i / rate));
    return issued;
}

int main(int count, char **arguments) {
    if (count != 5 && count != 6) { fprintf(stderr, "usage: issue-load SOCKET REQUEST SECONDS CALLERS [RATE]\n"); return 64; }
    path = arguments[1];
    FILE *file = fopen(arguments[2], "rb");
    if (!file) fail(arguments[2]);
    request_length = fread(request, 1, sizeof request, file);
    fclose(file);
    double seconds = atof(arguments[3]);
    int callers = atoi(arguments[4]);
    if (count == 6 && (rate = atof(arguments[5])) <= 0) { fprintf(stderr, "RATE is a number above 0\n"); return 64; }
    struct caller *all = calloc((size_t)callers, sizeof *all);
    int poll = epoll_create1(0);
    if (!all || poll < 0) fail("epoll_create1");
    double start = now();
    for (int i = 0; i < callers; i++) watch(poll, &all[i]);
    if (rate > 0) start = now();
    deadline = start + seconds;
    size_t offered = rate > 0 ? (size_t)(rate * seconds) : 0;
    size_t issued = rate > 0 ? run_open(poll, all, callers, start, offered) : run_closed(poll, all, callers);
    double elapsed = now() - start;
    size_t total = 0, at = 0;
    for (int i = 0; i < callers; i++) total += all[i].count;
    double *latencies = calloc(total + 1, sizeof(double));
    if (!latencies) fail("calloc");
    for (int i = 0; i < callers; i++) {
        memcpy(latencies + at, all[i].latencies, all[i].count * sizeof(double));
        at += all[i].count;
    }
    qsort(latencies, total, sizeof(double), compare);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    double cpu = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
    printf("{\"operations\": %zu, \"seconds\": %f, \"p50\": %f, \"p99\": %f, \"cpu\": %f", issued, elapsed,
           latencies[total / 2], latencies[total * 99 / 100], cpu / total * 1e6);
    if (rate > 0) printf(", \"offered\": %zu, \"refused\": %zu, \"max\": %f", offered, refused, latencies[total - 1]);
    printf("}\n");
    return 0;
}
