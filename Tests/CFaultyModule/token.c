/// Slots and tokens: `absent`, and the flags of its PIN.
#include "call.h"
#include "state.h"

CK_RV faulty_C_GetSlotList(CK_BBOOL present, CK_SLOT_ID *slots, CK_ULONG *count) {
    FAULTY_BEGIN(C_GetSlotList, NOTHING, 0);
    if (!plan.absent || !present || count == NULL) return faulty_real->C_GetSlotList(present, slots, count);
    *count = 0;
    return CKR_OK;
}

CK_RV faulty_C_GetSlotInfo(CK_SLOT_ID slot, CK_SLOT_INFO *info) {
    FAULTY_BEGIN(C_GetSlotInfo, SLOT, slot);
    rv = faulty_real->C_GetSlotInfo(slot, info);
    if (rv == CKR_OK && plan.absent) info->flags &= ~(CK_FLAGS)CKF_TOKEN_PRESENT;
    return rv;
}

static CK_FLAGS pin_flags(faulty_pins pins) {
    CK_FLAGS flags = 0;
    if (pins.limit == 0 || pins.wrong == 0) return 0;
    flags |= CKF_USER_PIN_COUNT_LOW;
    if (pins.wrong + 1 == pins.limit) flags |= CKF_USER_PIN_FINAL_TRY;
    if (faulty_pins_are_locked(pins)) flags |= CKF_USER_PIN_LOCKED;
    return flags;
}

CK_RV faulty_C_GetTokenInfo(CK_SLOT_ID slot, CK_TOKEN_INFO *info) {
    FAULTY_BEGIN(C_GetTokenInfo, SLOT, slot);
    if (plan.absent) return CKR_TOKEN_NOT_PRESENT;
    rv = faulty_real->C_GetTokenInfo(slot, info);
    if (rv != CKR_OK) return rv;
    info->flags |= pin_flags(faulty_state_pins());
    info->flags |= plan.token_flags;
    if (plan.pinpad) info->flags |= CKF_PROTECTED_AUTHENTICATION_PATH;
    return CKR_OK;
}
