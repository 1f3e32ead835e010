/// The functions that are forwarded unless a rule says otherwise.
#include "call.h"

typedef CK_SESSION_HANDLE HANDLE;
typedef CK_OBJECT_HANDLE OBJECT;
typedef unsigned char *BYTES;

#define WRAP(name, subject, handle, parameters, arguments)                                                   \
    CK_RV faulty_##name parameters {                                                                         \
        FAULTY_BEGIN(name, subject, handle);                                                                 \
        return faulty_real->name arguments;                                                                  \
    }

FAULTY_PLAIN(WRAP)
