/* issue-load SOCKET REQUEST SECONDS CALLERS: sends the HTTP request in the file REQUEST again and again on CALLERS
   connections, one thread each, and prints one line of JSON: operations, seconds, latencies in milliseconds. A client that
   costs next to nothing, so that what is measured is the daemon. Anything but 200 ends it. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
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
    pthread_t thread;
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

/* Reads one response whole: its head, and as much as Content-Length says. */
static void read_response(int descriptor) {
    char buffer[65536];
    size_t have = 0, want = 0;
    for (;;) {
        ssize_t count = read(descriptor, buffer + have, sizeof buffer - 1 - have);
        if (count <= 0) fail("read");
        have += (size_t)count;
        buffer[have] = 0;
        char *end = strstr(buffer, "\r\n\r\n");
        if (end && want == 0) {
            char *length = strcasestr(buffer, "\r\ncontent-length:");
            if (strncmp(buffer, "HTTP/1.1 200", 12) != 0 || !length || length > end) {
                fprintf(stderr, "refused: %s\n", buffer);
                exit(1);
            }
            want = (size_t)(end + 4 - buffer) + strtoul(length + 17, NULL, 10);
        }
        if (want != 0 && have >= want) return;
    }
}

static void *call(void *argument) {
    struct caller *caller = argument;
    int descriptor = connect_to(path);
    double before = now();
    while (before < deadline) {
        for (size_t sent = 0; sent < request_length;) {
            ssize_t count = write(descriptor, request + sent, request_length - sent);
            if (count <= 0) fail("write");
            sent += (size_t)count;
        }
        read_response(descriptor);
        double after = now();
        if (caller->count == caller->room) {
            caller->room = caller->room ? 2 * caller->room : 1024;
            caller->latencies = realloc(caller->latencies, caller->room * sizeof(double));
            if (!caller->latencies) fail("realloc");
        }
        caller->latencies[caller->count++] = (after - before) * 1000;
        before = after;
    }
    close(descriptor);
    return NULL;
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
    for (int i = 0; i < callers; i++) {
        if (pthread_create(&all[i].thread, NULL, call, &all[i]) != 0) fail("pthread_create");
    }
    size_t total = 0;
    for (int i = 0; i < callers; i++) {
        pthread_join(all[i].thread, NULL);
        total += all[i].count;
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
