/// The sessions that are open.
#ifndef FAULTY_SESSIONS_H
#define FAULTY_SESSIONS_H

#include "functions.h"

#pragma GCC visibility push(hidden)

/// The real module closed every session of this slot.
void faulty_sessions_forget_slot(CK_SLOT_ID slot);

#pragma GCC visibility pop
#endif
