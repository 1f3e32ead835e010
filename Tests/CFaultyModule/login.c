/// C_Login: `pinpad`, `count-pins`, and a PIN that is locked.
#define _GNU_SOURCE
#include "call.h"
#include "state.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PIN_BYTES = 256 };

/// The PIN from the file, without the end of its line; -1 when there is none.
static ssize_t type_pin(unsigned char *pin) {
    const char *path = getenv("SIGNET_FAULTY_PIN");
    int file = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return -1;
    ssize_t length = read(file, pin, PIN_BYTES);
    close(file);
    while (length > 0 && (pin[length - 1] == '\n' || pin[length - 1] == '\r')) length--;
    return length;
}

static CK_RV log_in_at_pinpad(CK_SESSION_HANDLE session, CK_USER_TYPE user) {
    unsigned char pin[PIN_BYTES];
    ssize_t length = type_pin(pin);
    // No PIN was entered.
    if (length < 0) return CKR_FUNCTION_CANCELED;
    CK_RV rv = faulty_real->C_Login(session, user, pin, (CK_ULONG)length);
    explicit_bzero(pin, sizeof pin);
    return rv;
}

CK_RV faulty_C_Login(CK_SESSION_HANDLE session, CK_USER_TYPE user, unsigned char *pin, CK_ULONG length) {
    FAULTY_BEGIN(C_Login, SESSION, session);
    if (plan.pinpad && pin != NULL) return CKR_ARGUMENTS_BAD;
    // The security officer has another PIN.
    int is_user_pin = user != CKU_SO;
    if (is_user_pin && faulty_pins_are_locked(faulty_state_pins())) return CKR_PIN_LOCKED;
    rv = plan.pinpad ? log_in_at_pinpad(session, user) : faulty_real->C_Login(session, user, pin, length);
    if (is_user_pin && rv == CKR_OK) faulty_state_forget_wrong_pins();
    if (is_user_pin && plan.pin_limit > 0 && (rv == CKR_PIN_INCORRECT || rv == CKR_PIN_LEN_RANGE))
        faulty_state_count_wrong_pin(plan.pin_limit);
    return rv;
}
