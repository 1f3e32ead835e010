/* hostile-load WAY SOCKET SECONDS CONNECTIONS [REQUEST [COUNT]]: a hostile caller, for `Scripts/bench hostile`. It stops by
   itself after SECONDS, on SIGTERM, or after COUNT answers, and prints one line of JSON: connections opened and ended by the
   other side, requests sent, and how they were answered.

   WAY is how it holds its connections; one that is ended is opened again a second later:
     never-read     pipelines requests without reading an answer until the socket is full, and then does nothing
     trickle-body   sends the head of a request that is refused at once, and then an octet of its body a second
     trickle-head   sends an octet of a head a second
     idle           sends nothing
   or it asks:
     ask            sends the request in the file REQUEST as fast as the other side lets it, on every connection

   hostile-load drop SOCKET SECONDS CONNECTIONS: the other side of the controls. It reads requests, drops their octets and
   ends the connection behind each. */
#include "load.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { MOST_SECONDS = 3600, MOST_CONNECTIONS = 2048, MOST_REQUEST = 8 << 20, HEAD_ROOM = 16384 };
static const double pause_seconds = 1;

static const char *way, *path;
static struct sockaddr_un address = {.sun_family = AF_UNIX};
static char *request;
static size_t request_length;
static int poll;
static volatile sig_atomic_t stopped;
static size_t opened, ended, sent, served, refused, cut;

struct connection {
    int descriptor; /* -1 while it waits to be opened */
    double wake;    /* when there is something to do without the other side */
    size_t at;      /* octets of the request that were sent, or of a body that are still to come */
    char buffer[HEAD_ROOM];
    size_t have, want;
};

static void stop(int signal) {
    (void)signal;
    stopped = 1;
}

static int is(const char *name) { return strcmp(way, name) == 0; }

static void watch(struct connection *connection, int change, unsigned events) {
    struct epoll_event event = {.events = events, .data.ptr = connection};
    if (epoll_ctl(poll, change, connection->descriptor, &event) < 0) fail("epoll_ctl");
}

static void end(struct connection *connection, double wake) {
    close(connection->descriptor);
    connection->descriptor = -1;
    connection->wake = wake;
}

/* Sends what the socket takes. Returns 0 when the connection has ended. */
static int push(struct connection *connection, const char *octets, size_t length, size_t *done) {
    while (*done < length) {
        ssize_t count = send(connection->descriptor, octets + *done, length - *done, MSG_NOSIGNAL);
        if (count < 0) return errno == EAGAIN;
        *done += (size_t)count;
    }
    return 1;
}

static const char pipelined_request[] = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";
static char pipelined[100 * (sizeof pipelined_request - 1)];
static const char body_head[] = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-amz-json-1.1\r\n"
    "X-Amz-Target: ACMPrivateCA.NoSuchOperation\r\nContent-Length: 1000000\r\n\r\n";
static const char unfinished_head[] = "POST / HTTP/1.1\r\nHost: localhost\r\nX-Trickle: ";

static int trickle(struct connection *connection) {
    size_t done = 0;
    return push(connection, "a", 1, &done);
}

/* What a connection that is held sends first. Returns 0 when the connection has ended. */
static int begin_holding(struct connection *connection) {
    size_t done = 0;
    if (is("trickle-body")) {
        sent++;
        return push(connection, body_head, sizeof body_head - 1, &done);
    }
    if (is("trickle-head")) return push(connection, unfinished_head, sizeof unfinished_head - 1, &done);
    if (!is("never-read")) return 1;
    do {
        done = 0;
        if (!push(connection, pipelined, sizeof pipelined, &done)) return 0;
    } while (done == sizeof pipelined);
    return 1;
}

/* Returns 0 when the connection has ended. */
static int begin_asking(struct connection *connection) {
    connection->at = connection->have = connection->want = 0;
    sent++;
    /* When the other side does not take more, its answer is still to be read. */
    if (!push(connection, request, request_length, &connection->at)) connection->at = request_length + 1;
    watch(connection, EPOLL_CTL_MOD, EPOLLIN | (connection->at < request_length ? EPOLLOUT : 0));
    return 1;
}

static void open_connection(struct connection *connection) {
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) fail("socket");
    if (connect(descriptor, (struct sockaddr *)&address, sizeof address) < 0) {
        if (errno != EAGAIN) fail("connect");
        close(descriptor);
        connection->wake = now() + 0.002;
        return;
    }
    opened++;
    connection->descriptor = descriptor;
    connection->wake = now() + pause_seconds;
    watch(connection, EPOLL_CTL_ADD, EPOLLRDHUP);
    int alive = is("ask") ? begin_asking(connection) : begin_holding(connection);
    if (!alive) {
        ended++;
        end(connection, now() + pause_seconds);
    }
}

static void note_answer(const struct connection *connection) {
    if (strncmp(connection->buffer, "HTTP/1.1 200", 12) == 0) served++; else refused++;
}

/* Goes on with a connection that asks, after epoll says that it can. */
static void go_on(struct connection *connection, unsigned events) {
    if (events & EPOLLOUT) {
        if (!push(connection, request, request_length, &connection->at)) connection->at = request_length + 1;
        if (connection->at >= request_length) watch(connection, EPOLL_CTL_MOD, EPOLLIN);
    }
    if (!(events & (EPOLLIN | EPOLLHUP | EPOLLERR))) return;
    size_t room = sizeof connection->buffer - 1 - connection->have;
    /* An answer that is longer than the buffer is counted by its head, and the rest of it is dropped. */
    char rest[HEAD_ROOM];
    ssize_t count = room > 0 ? read(connection->descriptor, connection->buffer + connection->have, room)
                             : read(connection->descriptor, rest, sizeof rest);
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) {
        if (connection->want != 0) note_answer(connection); else cut++;
        ended++;
        end(connection, 0);
        open_connection(connection);
        return;
    }
    if (room > 0) connection->buffer[connection->have + (size_t)count] = 0;
    connection->have += (size_t)count;
    char *head_end = strstr(connection->buffer, "\r\n\r\n");
    if (head_end && connection->want == 0) {
        char *length = strcasestr(connection->buffer, "\r\ncontent-length:");
        if (!length || length > head_end) { fprintf(stderr, "no answer: %s\n", connection->buffer); exit(1); }
        connection->want = (size_t)(head_end + 4 - connection->buffer) + strtoul(length + 17, NULL, 10);
    }
    if (connection->want == 0 || connection->have < connection->want) return;
    note_answer(connection);
    int is_closing = strcasestr(connection->buffer, "\r\nconnection: close") != NULL;
    if (connection->at == request_length && !is_closing) {
        begin_asking(connection);
    } else {
        end(connection, 0);
        open_connection(connection);
    }
}

static void attack(struct connection *all, int connections, double deadline, size_t most) {
    double scanned = 0;
    while (!stopped && now() < deadline && (most == 0 || served + refused < most)) {
        double time = now();
        if (time - scanned > 0.002) {
            scanned = time;
            for (int i = 0; i < connections; i++) {
                struct connection *connection = &all[i];
                if (connection->wake > time) continue;
                if (connection->descriptor < 0) {
                    open_connection(connection);
                    continue;
                }
                connection->wake = time + pause_seconds;
                if (strncmp(way, "trickle", 7) == 0 && !trickle(connection)) {
                    ended++;
                    end(connection, time + pause_seconds);
                }
            }
        }
        struct epoll_event events[64];
        int ready = epoll_wait(poll, events, 64, is("ask") ? 2 : 20);
        if (ready < 0 && errno != EINTR) fail("epoll_wait");
        for (int i = 0; i < ready; i++) {
            struct connection *connection = events[i].data.ptr;
            if (is("ask")) {
                go_on(connection, events[i].events);
            } else {
                ended++;
                end(connection, now() + pause_seconds);
            }
        }
    }
    printf("{\"opened\": %zu, \"ended\": %zu, \"sent\": %zu, \"served\": %zu, \"refused\": %zu, \"cut\": %zu}\n", opened,
           ended, sent, served, refused, cut);
}

/* Reads what has come. Returns 0 when the connection has ended, or a request is complete. */
static int drop(struct connection *connection) {
    static char body[1 << 18];
    for (;;) {
        size_t room = sizeof connection->buffer - 1 - connection->have;
        ssize_t count = connection->want == 0 ? read(connection->descriptor, connection->buffer + connection->have, room)
                                              : read(connection->descriptor, body, sizeof body);
        if (count < 0 && errno == EAGAIN) return 1;
        if (count <= 0) return 0;
        connection->have += (size_t)count;
        if (connection->want == 0) {
            connection->buffer[connection->have] = 0;
            char *head_end = strstr(connection->buffer, "\r\n\r\n");
            if (!head_end && connection->have == sizeof connection->buffer - 1) return 0;
            if (!head_end) continue;
            char *length = strcasestr(connection->buffer, "\r\ncontent-length:");
            connection->want = (size_t)(head_end + 4 - connection->buffer);
            if (length && length < head_end) connection->want += strtoul(length + 17, NULL, 10);
        }
        if (connection->have >= connection->want) return 0;
    }
}

static void serve(struct connection *all, int connections, double deadline) {
    unlink(path);
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || chmod(path, 0666) < 0 ||
        listen(listener, 512) < 0)
        fail(path);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    if (epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event) < 0) fail("epoll_ctl");
    while (!stopped && now() < deadline) {
        struct epoll_event events[64];
        int ready = epoll_wait(poll, events, 64, 100);
        if (ready < 0 && errno != EINTR) fail("epoll_wait");
        for (int i = 0; i < ready; i++) {
            struct connection *connection = events[i].data.ptr;
            if (connection) {
                if (!drop(connection)) end(connection, 0);
                continue;
            }
            int descriptor = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
            if (descriptor < 0) continue;
            int free = 0;
            while (free < connections && all[free].descriptor >= 0) free++;
            if (free == connections) {
                close(descriptor);
                continue;
            }
            all[free].descriptor = descriptor;
            all[free].have = all[free].want = 0;
            watch(&all[free], EPOLL_CTL_ADD, EPOLLIN);
        }
    }
    unlink(path);
}

static void read_request(const char *name) {
    FILE *file = fopen(name, "rb");
    request = malloc(MOST_REQUEST);
    if (!file || !request) fail(name);
    request_length = fread(request, 1, MOST_REQUEST, file);
    fclose(file);
}

int main(int count, char **arguments) {
    static const char *const ways[] = {"never-read", "trickle-body", "trickle-head", "idle", "ask", "drop"};
    int known = 0;
    for (size_t i = 0; count > 1 && i < sizeof ways / sizeof *ways; i++) known |= strcmp(arguments[1], ways[i]) == 0;
    int asks = known && strcmp(arguments[1], "ask") == 0;
    if (!known || count < (asks ? 6 : 5) || count > (asks ? 7 : 5)) {
        fprintf(stderr, "usage: hostile-load WAY SOCKET SECONDS CONNECTIONS [REQUEST [COUNT]]\n");
        return 64;
    }
    way = arguments[1];
    path = arguments[2];
    double seconds = atof(arguments[3]);
    int connections = atoi(arguments[4]);
    if (strlen(path) >= sizeof address.sun_path || seconds <= 0 || seconds > MOST_SECONDS || connections < 1 ||
        connections > MOST_CONNECTIONS) {
        fprintf(stderr, "SOCKET is too long, SECONDS is not in 0 to %d, or CONNECTIONS not in 1 to %d\n", MOST_SECONDS,
                MOST_CONNECTIONS);
        return 64;
    }
    strcpy(address.sun_path, path);
    if (asks) read_request(arguments[5]);
    for (size_t i = 0; i < sizeof pipelined; i++) pipelined[i] = pipelined_request[i % (sizeof pipelined_request - 1)];
    struct rlimit files = {MOST_CONNECTIONS + 64, MOST_CONNECTIONS + 64}, before;
    /* Some limits are high enough and may not be raised. */
    if (getrlimit(RLIMIT_NOFILE, &before) == 0 && before.rlim_cur < files.rlim_cur) {
        if (before.rlim_max > files.rlim_max) files.rlim_max = before.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    struct sigaction action = {.sa_handler = stop};
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    poll = epoll_create1(EPOLL_CLOEXEC);
    struct connection *all = calloc((size_t)connections, sizeof *all);
    if (poll < 0 || !all) fail("epoll_create1");
    for (int i = 0; i < connections; i++) all[i].descriptor = -1;
    if (is("drop")) serve(all, connections, now() + seconds);
    else attack(all, connections, now() + seconds, count == 7 ? (size_t)atol(arguments[6]) : 0);
    return 0;
}
