#define _GNU_SOURCE
#include "call.h"
#include "sessions.h"
#include "state.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void delay(unsigned long milliseconds) {
    struct timespec left = {(time_t)(milliseconds / 1000), (long)(milliseconds % 1000) * 1000000};
    while (nanosleep(&left, &left) != 0 && errno == EINTR) continue;
}

static void crash(void) {
    signal(SIGSEGV, SIG_DFL);
    sigset_t fault;
    sigemptyset(&fault);
    sigaddset(&fault, SIGSEGV);
    pthread_sigmask(SIG_UNBLOCK, &fault, NULL);
    raise(SIGSEGV);
}

/// True when there was a child.
static int try_fork(void) {
    pid_t child = fork();
    if (child == 0) _exit(0);
    if (child > 0) waitpid(child, NULL, 0);
    return child > 0;
}

static void try_exec(void) {
    char *arguments[] = {"/bin/true", NULL}, *environment[] = {NULL};
    execve(arguments[0], arguments, environment);
}

static void invalidate_sessions(faulty_subject subject, CK_ULONG handle) {
    CK_SLOT_ID slot = handle;
    if (subject == NOTHING || faulty_real->C_CloseAllSessions == NULL) return;
    if (subject == SESSION) {
        CK_SESSION_INFO info;
        if (faulty_real->C_GetSessionInfo == NULL) return;
        if (faulty_real->C_GetSessionInfo(handle, &info) != CKR_OK) return;
        slot = info.slotID;
    }
    if (faulty_real->C_CloseAllSessions(slot) == CKR_OK) faulty_sessions_forget_slot(slot);
}

int faulty_call_begins(int function, faulty_subject subject, CK_ULONG handle, faulty_plan *plan, CK_RV *rv) {
    faulty_script_plan(function, plan);
    switch (plan->action) {
    case RETURN:
        *rv = plan->number;
        return 1;
    case DELAY:
        delay(plan->number);
        return 0;
    case HANG:
        for (;;) pause();
    case CRASH:
        crash();
        return 0;
    case LOGOUT:
        if (subject == SESSION && faulty_real->C_Logout != NULL) faulty_real->C_Logout(handle);
        return 0;
    case FORK:
        *rv = CKR_GENERAL_ERROR;
        return try_fork();
    case EXEC:
        try_exec();
        return 0;
    case INVALIDATE_SESSIONS:
        invalidate_sessions(subject, handle);
        return 0;
    case LOCK_PIN:
        faulty_state_lock_pin();
        return 0;
    default:
        return 0;
    }
}
