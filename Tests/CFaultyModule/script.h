/// The script, and its rules for a call.
#ifndef FAULTY_SCRIPT_H
#define FAULTY_SCRIPT_H

#include "rule.h"

enum { FAULTY_LIES = 8 };

/// The effect on one call: at most one acting rule, and every condition that applies.
typedef struct {
    faulty_action action;
    unsigned long number;
    int absent;
    int pinpad;
    /// Flags that C_GetTokenInfo shows beside the real ones.
    unsigned long token_flags;
    /// How many wrong PINs lock the token; 0: they are not counted.
    unsigned long pin_limit;
    int is_capped;
    unsigned long session_cap;
    int lie_count;
    faulty_lie lies[FAULTY_LIES];
} faulty_plan;

#pragma GCC visibility push(hidden)

/// Reads the script if it changed, logs the call, counts it, and finds the rules that hold for it.
void faulty_script_plan(int function, faulty_plan *plan);

/// Whether the script leaves the entry of `function` NULL.
int faulty_script_is_null(int function);

#pragma GCC visibility pop
#endif
