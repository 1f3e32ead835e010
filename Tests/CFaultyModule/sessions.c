/// `cap-sessions`, and the count it needs: sessions opened and not closed, in this process.
#include "sessions.h"
#include "call.h"

#include <pthread.h>
#include <stdlib.h>

typedef struct {
    CK_SESSION_HANDLE session;
    CK_SLOT_ID slot;
} entry;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static entry *entries;
static size_t entry_count, capacity;
/// Sessions that are being opened, which count against the cap already.
static size_t opening;

static int reserve(const faulty_plan *plan) {
    pthread_mutex_lock(&lock);
    int fits = !plan->is_capped || entry_count + opening < plan->session_cap;
    if (fits) opening++;
    pthread_mutex_unlock(&lock);
    return fits;
}

/// Replaces the reservation with an entry, or releases it if the session did not open.
static void settle(const entry *opened) {
    pthread_mutex_lock(&lock);
    opening--;
    if (opened != NULL && entry_count == capacity) {
        entry *more = realloc(entries, (capacity * 2 + 16) * sizeof(entry));
        if (more != NULL) {
            entries = more;
            capacity = capacity * 2 + 16;
        }
    }
    if (opened != NULL && entry_count < capacity) entries[entry_count++] = *opened;
    pthread_mutex_unlock(&lock);
}

static void forget_session(CK_SESSION_HANDLE session) {
    pthread_mutex_lock(&lock);
    for (size_t at = 0; at < entry_count; at++) {
        if (entries[at].session != session) continue;
        entries[at] = entries[--entry_count];
        break;
    }
    pthread_mutex_unlock(&lock);
}

void faulty_sessions_forget_slot(CK_SLOT_ID slot) {
    pthread_mutex_lock(&lock);
    size_t kept = 0;
    for (size_t at = 0; at < entry_count; at++)
        if (entries[at].slot != slot) entries[kept++] = entries[at];
    entry_count = kept;
    pthread_mutex_unlock(&lock);
}

static void forget_all(void) {
    pthread_mutex_lock(&lock);
    free(entries);
    entries = NULL;
    entry_count = capacity = 0;
    pthread_mutex_unlock(&lock);
}

CK_RV faulty_C_OpenSession(CK_SLOT_ID slot, CK_FLAGS flags, void *application, CK_NOTIFY notify,
                           CK_SESSION_HANDLE *session) {
    FAULTY_BEGIN(C_OpenSession, SLOT, slot);
    if (plan.absent) return CKR_TOKEN_NOT_PRESENT;
    if (!reserve(&plan)) return CKR_SESSION_COUNT;
    rv = faulty_real->C_OpenSession(slot, flags, application, notify, session);
    entry opened = {rv == CKR_OK ? *session : 0, slot};
    settle(rv == CKR_OK ? &opened : NULL);
    return rv;
}

CK_RV faulty_C_CloseSession(CK_SESSION_HANDLE session) {
    FAULTY_BEGIN(C_CloseSession, SESSION, session);
    rv = faulty_real->C_CloseSession(session);
    if (rv == CKR_OK || rv == CKR_SESSION_HANDLE_INVALID) forget_session(session);
    return rv;
}

CK_RV faulty_C_CloseAllSessions(CK_SLOT_ID slot) {
    FAULTY_BEGIN(C_CloseAllSessions, SLOT, slot);
    rv = faulty_real->C_CloseAllSessions(slot);
    if (rv == CKR_OK) faulty_sessions_forget_slot(slot);
    return rv;
}

CK_RV faulty_C_Finalize(void *reserved) {
    FAULTY_BEGIN(C_Finalize, NOTHING, 0);
    rv = faulty_real->C_Finalize(reserved);
    if (rv == CKR_OK) forget_all();
    return rv;
}
