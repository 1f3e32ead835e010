#define _GNU_SOURCE
#include "log.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void append(const char *format, va_list arguments) {
    const char *path = getenv("SIGNET_FAULTY_LOG");
    if (path == NULL) return;
    char line[1024];
    int length = vsnprintf(line, sizeof line - 1, format, arguments);
    if (length < 0) return;
    if ((size_t)length > sizeof line - 2) length = sizeof line - 2;
    line[length] = '\n';
    // The file is opened anew each time: who reads it may have moved it away.
    int file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    if (file < 0) return;
    if (write(file, line, (size_t)length + 1) < 0) perror("CFaultyModule: SIGNET_FAULTY_LOG");
    close(file);
}

void faulty_log(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    append(format, arguments);
    va_end(arguments);
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
