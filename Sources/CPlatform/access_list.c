#include "CPlatform.h"

#include <errno.h>
#include <stddef.h>
#include <sys/xattr.h>

static const char access_list[] = "system.posix_acl_access";

int signet_has_access_list(const char *path) {
    if (getxattr(path, access_list, NULL, 0) >= 0) return 1;
    return errno == ENODATA || errno == ENOTSUP ? 0 : -1;
}

int signet_remove_access_list(int descriptor) {
    if (fremovexattr(descriptor, access_list) == 0) return 0;
    // A file system without access control lists has none to remove.
    return errno == ENODATA || errno == ENOTSUP ? 0 : errno;
}
