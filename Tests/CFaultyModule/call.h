/// The beginning of a wrapper.
#ifndef FAULTY_CALL_H
#define FAULTY_CALL_H

#include "script.h"

#pragma GCC visibility push(hidden)

/// Finds the plan of this call and executes its actions before the real call. True if the call is already
/// answered, with `*rv`.
int faulty_call_begins(int function, faulty_subject subject, CK_ULONG handle, faulty_plan *plan, CK_RV *rv);

#pragma GCC visibility pop

/// Declares `plan` and `rv`, and returns when the call is answered already.
#define FAULTY_BEGIN(function, subject, handle)                                                              \
    faulty_plan plan;                                                                                        \
    CK_RV rv;                                                                                                \
    if (faulty_call_begins(FAULTY_##function, subject, handle, &plan, &rv)) return rv

#endif
