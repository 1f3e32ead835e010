/// Wrong signatures: `corrupt`, `wrong-key`, `truncate`, `swell`.
#include "call.h"
#include "log.h"

#include <stdatomic.h>
#include <stdint.h>

/// The next number of a pseudorandom sequence that is the same in every process (SplitMix64).
static uint64_t next_random(void) {
    static _Atomic uint64_t state;
    uint64_t z = atomic_fetch_add(&state, 0x9e3779b97f4a7c15) + 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

/// The first bytes of both halves become smaller, so that an RSA signature stays below the modulus, and `r`
/// and `s` of an ECDSA one below the order.
static void replace(unsigned char *signature, CK_ULONG length) {
    for (CK_ULONG at = 0; at < length; at++) {
        if (at == 0 || at == length / 2) {
            signature[at] >>= 1;
        } else {
            signature[at] = (unsigned char)next_random();
        }
    }
}

/// Changes the signature. A call that only asks for the length (no buffer) is not changed.
static void change(const faulty_plan *plan, unsigned char *signature, CK_ULONG room, CK_ULONG *length) {
    if (signature == NULL) return;
    switch (plan->action) {
    case CORRUPT:
        if (*length > 8) signature[8] ^= 1;
        break;
    case WRONG_KEY:
        replace(signature, *length);
        break;
    case TRUNCATE:
        *length -= plan->number < *length ? plan->number : *length;
        break;
    case SWELL:
        *length = room + 16;
        break;
    default:
        break;
    }
}

CK_RV faulty_C_Sign(CK_SESSION_HANDLE session, unsigned char *data, CK_ULONG data_length, unsigned char *signature,
                    CK_ULONG *length) {
    FAULTY_BEGIN(C_Sign, SESSION, session);
    CK_ULONG room = length == NULL ? 0 : *length;
    if (signature != NULL && data != NULL) faulty_log_signed(data, data_length);
    rv = faulty_real->C_Sign(session, data, data_length, signature, length);
    if (rv == CKR_OK) change(&plan, signature, room, length);
    return rv;
}

CK_RV faulty_C_SignFinal(CK_SESSION_HANDLE session, unsigned char *signature, CK_ULONG *length) {
    FAULTY_BEGIN(C_SignFinal, SESSION, session);
    CK_ULONG room = length == NULL ? 0 : *length;
    rv = faulty_real->C_SignFinal(session, signature, length);
    if (rv == CKR_OK) change(&plan, signature, room, length);
    return rv;
}
