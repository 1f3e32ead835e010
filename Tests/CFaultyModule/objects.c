/// False answers about objects: `lie`, `hide`, `twice`.
#include "call.h"

#include <string.h>

/// The caller's buffer length for an attribute, which the real module overwrites.
typedef struct {
    CK_ATTRIBUTE *attribute;
    CK_ULONG room;
} place;

static place find(CK_ATTRIBUTE *attributes, CK_ULONG count, CK_ATTRIBUTE_TYPE type) {
    for (CK_ULONG at = 0; attributes != NULL && at < count; at++)
        if (attributes[at].type == type) return (place){&attributes[at], attributes[at].ulValueLen};
    return (place){NULL, 0};
}

static CK_RV tell(const faulty_lie *lie, place told) {
    CK_ATTRIBUTE *attribute = told.attribute;
    int is_too_small = attribute->pValue != NULL && told.room < lie->length;
    if (lie->kind != LIE_BYTES || is_too_small) {
        attribute->ulValueLen = CK_UNAVAILABLE_INFORMATION;
        return lie->kind == LIE_SENSITIVE ? CKR_ATTRIBUTE_SENSITIVE
               : lie->kind == LIE_UNAVAILABLE ? CKR_OK : CKR_BUFFER_TOO_SMALL;
    }
    attribute->ulValueLen = lie->length;
    if (attribute->pValue != NULL) memcpy(attribute->pValue, lie->bytes, lie->length);
    return CKR_OK;
}

/// Whether the real module refused an attribute without a lie.
static int is_refused(const CK_ATTRIBUTE *attributes, CK_ULONG count, const place *places, int lies) {
    for (CK_ULONG at = 0; at < count; at++) {
        int is_lie = 0;
        for (int lie = 0; lie < lies; lie++) is_lie |= places[lie].attribute == &attributes[at];
        if (!is_lie && attributes[at].ulValueLen == CK_UNAVAILABLE_INFORMATION) return 1;
    }
    return 0;
}

CK_RV faulty_C_GetAttributeValue(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *attributes,
                                 CK_ULONG count) {
    FAULTY_BEGIN(C_GetAttributeValue, SESSION, session);
    place places[FAULTY_LIES];
    int told = 0;
    for (int at = 0; at < plan.lie_count; at++) {
        places[at] = find(attributes, count, plan.lies[at].type);
        told |= places[at].attribute != NULL;
    }
    rv = faulty_real->C_GetAttributeValue(session, object, attributes, count);
    // PKCS#11 2.40, section 5.7: with these three, every attribute has been looked at.
    int is_partial = rv == CKR_ATTRIBUTE_SENSITIVE || rv == CKR_ATTRIBUTE_TYPE_INVALID || rv == CKR_BUFFER_TOO_SMALL;
    if (!told || (rv != CKR_OK && !is_partial)) return rv;
    if (is_partial && !is_refused(attributes, count, places, plan.lie_count)) rv = CKR_OK;
    for (int at = 0; at < plan.lie_count; at++) {
        if (places[at].attribute == NULL) continue;
        CK_RV answer = tell(&plan.lies[at], places[at]);
        if (rv == CKR_OK) rv = answer;
    }
    return rv;
}

CK_RV faulty_C_FindObjects(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE *objects, CK_ULONG room, CK_ULONG *count) {
    FAULTY_BEGIN(C_FindObjects, SESSION, session);
    rv = faulty_real->C_FindObjects(session, objects, room, count);
    if (rv != CKR_OK) return rv;
    if (plan.action == HIDE) *count = 0;
    if (plan.action == TWICE && *count > 0 && room > 1) {
        CK_ULONG kept = *count < room ? *count : room - 1;
        memmove(objects + 1, objects, kept * sizeof *objects);
        *count = kept + 1;
    }
    return CKR_OK;
}
