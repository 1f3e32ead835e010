/// The results of attempts.
#ifndef HOSTILE_FINDINGS_H
#define HOSTILE_FINDINGS_H

#pragma GCC visibility push(hidden)

/// Makes every attempt, and records each under this function's name.
void hostile_attempt_everything(const char *function);

/// Appends a line: 0 for a `result` that is not negative, or the errno.
void hostile_note(const char *function, const char *attempt, long result);
void hostile_note_text(const char *function, const char *attempt, long result, const char *text);

/// Attempts on files, and on sockets.
void hostile_attempt_files(const char *function);
void hostile_attempt_sockets(const char *function);

#pragma GCC visibility pop

#endif
