/// The log of calls.
#ifndef FAULTY_LOG_H
#define FAULTY_LOG_H

#pragma GCC visibility push(hidden)

/// Appends a line to SIGNET_FAULTY_LOG, if there is one, in a single write.
__attribute__((format(printf, 1, 2))) void faulty_log(const char *format, ...);

/// Appends what is about to be signed, in hexadecimal, to SIGNET_FAULTY_SIGNED, if there is one.
void faulty_log_signed(const unsigned char *data, unsigned long length);

/// Appends a line that begins with `# ` to the log, and says it on standard error too.
__attribute__((format(printf, 1, 2))) void faulty_complain(const char *format, ...);

#pragma GCC visibility pop
#endif
