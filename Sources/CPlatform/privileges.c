#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

int signet_close_process(void) {
    struct rlimit none = {0, 0};
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return errno;
    if (setrlimit(RLIMIT_CORE, &none) != 0) return errno;
    return 0;
}

int signet_become_user(const char *name) {
    errno = 0;
    struct passwd *entry = getpwnam(name);
    if (entry == NULL) return errno == 0 ? ENOENT : errno;
    uid_t uid = entry->pw_uid;
    gid_t gid = entry->pw_gid;
    if (initgroups(name, gid) != 0) return errno;
    if (setresgid(gid, gid, gid) != 0) return errno;
    if (setresuid(uid, uid, uid) != 0) return errno;
    return 0;
}

int signet_drop_capabilities(void) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {{0}};
    if (syscall(SYS_capget, &header, data) != 0) return errno;
    for (int half = 0; half < _LINUX_CAPABILITY_U32S_3; half++) {
        uint32_t kept = half == CAP_IPC_LOCK / 32 ? data[half].permitted & (1u << CAP_IPC_LOCK % 32) : 0;
        data[half] = (struct __user_cap_data_struct){.effective = kept, .permitted = kept, .inheritable = 0};
    }
    // Capabilities that are no longer permitted also leave the ambient set (capabilities(7)).
    if (syscall(SYS_capset, &header, data) != 0) return errno;
    return 0;
}
