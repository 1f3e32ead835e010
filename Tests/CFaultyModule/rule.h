/// One rule of a script: `FUNCTION CALL ACTION [ARGUMENT]`.
#ifndef FAULTY_RULE_H
#define FAULTY_RULE_H

#include "functions.h"

typedef enum {
    NO_ACTION,
    // Before the call.
    RETURN,
    DELAY,
    HANG,
    CRASH,
    LOGOUT,
    FORK,
    EXEC,
    INVALIDATE_SESSIONS,
    LOCK_PIN,
    // On the call's answer.
    CORRUPT,
    WRONG_KEY,
    TRUNCATE,
    SWELL,
    HIDE,
    TWICE,
    // These apply together with each other and with one of those above.
    LIE,
    COUNT_PINS,
    CAP_SESSIONS,
    ABSENT,
    PINPAD,
    TOKEN_FLAGS,
    // When the function list is made.
    NULL_ENTRY,
    ACTIONS
} faulty_action;

enum { FAULTY_LIE_BYTES = 512 };

/// The reported value of an attribute: octets, or one of the two ways in which it is unavailable.
typedef struct {
    CK_ATTRIBUTE_TYPE type;
    enum { LIE_BYTES, LIE_UNAVAILABLE, LIE_SENSITIVE } kind;
    CK_ULONG length;
    unsigned char bytes[FAULTY_LIE_BYTES];
} faulty_lie;

typedef struct {
    int function;
    /// The first call it is for, counted from 1; 0 for every call.
    unsigned long call;
    /// Whether it is for every later call too.
    int onward;
    faulty_action action;
    unsigned long number;
    faulty_lie lie;
    unsigned long seen;
    int fired;
} faulty_rule;

#pragma GCC visibility push(hidden)

/// Reads a line; comments and empty lines become `NO_ACTION`. Returns the fault of the line, or NULL.
const char *faulty_rule_read(const char *line, faulty_rule *rule);

/// Whether the rule names `function` and its action applies to it.
int faulty_rule_is_for(const faulty_rule *rule, int function);

#pragma GCC visibility pop
#endif
