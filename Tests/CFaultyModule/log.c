#define _GNU_SOURCE
#include "log.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/// Appends a line to the file this variable names.
static void append(const char *variable, const char *format, va_list arguments) {
    const char *path = getenv(variable);
    if (path == NULL) return;
    char line[1024];
    int length = vsnprintf(line, sizeof line - 1, format, arguments);
    if (length < 0) return;
    if ((size_t)length > sizeof line - 2) length = sizeof line - 2;
    line[length] = '\n';
    // Reopened for each line, because a reader may have moved the file away.
    int file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    if (file < 0) return;
    if (write(file, line, (size_t)length + 1) < 0) perror(variable);
    close(file);
}

void faulty_log(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    append("SIGNET_FAULTY_LOG", format, arguments);
    va_end(arguments);
}

static void signed_line(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    append("SIGNET_FAULTY_SIGNED", format, arguments);
    va_end(arguments);
}

void faulty_log_signed(const unsigned char *data, unsigned long length) {
    char text[2 * 256 + 1] = "";
    if (getenv("SIGNET_FAULTY_SIGNED") == NULL) return;
    for (unsigned long at = 0; at < length && at < 256; at++) snprintf(text + 2 * at, 3, "%02x", data[at]);
    // Starts with a line feed, because a kill can truncate the previous line: at the end of a page the kernel
    // writes in two steps.
    signed_line("\n%s", text);
}

void faulty_complain(const char *format, ...) {
    char text[1000];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    faulty_log("# %s", text);
    fprintf(stderr, "CFaultyModule: %s\n", text);
}
