#define _GNU_SOURCE
#include "script.h"
#include "log.h"
#include "state.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { RULES = 64 };

/// Identifies a version of the script. The length is included because two writes may have the same time.
typedef struct {
    faulty_stamp stamp;
    long length;
    ino_t inode;
} identity;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static faulty_rule rules[RULES];
static int rule_count;
static identity current;

static void add_rule(const char *line) {
    faulty_rule rule;
    const char *wrong = faulty_rule_read(line, &rule);
    if (wrong == NULL && rule.action == NO_ACTION) return;
    if (wrong == NULL && rule_count == RULES) wrong = "too many rules";
    if (wrong != NULL) {
        faulty_complain("bad rule `%.*s`: %s", (int)strcspn(line, "\r\n"), line, wrong);
        return;
    }
    // A rule that fired in another process must not fire again in the process that replaces it.
    if (rule.call != 0) rule.fired = faulty_state_has_fired(current.stamp, rule_count);
    rules[rule_count++] = rule;
}

/// Whether the script is another one than before; it has no rules yet then.
static int is_new(identity found) {
    if (found.stamp.seconds == current.stamp.seconds && found.stamp.nanoseconds == current.stamp.nanoseconds &&
        found.length == current.length && found.inode == current.inode)
        return 0;
    current = found;
    rule_count = 0;
    return 1;
}

static void read_file(const char *path, const struct stat *status) {
    identity found = {{status->st_mtim.tv_sec, status->st_mtim.tv_nsec}, (long)status->st_size, status->st_ino};
    if (!is_new(found)) return;
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        faulty_complain("cannot read the script");
        return;
    }
    char *line = NULL;
    size_t capacity = 0;
    while (getline(&line, &capacity, file) >= 0) add_rule(line);
    free(line);
    fclose(file);
}

static void read_text(const char *text) {
    // FNV-1a: the digest identifies the script in the state file.
    unsigned long digest = 0xcbf29ce484222325;
    for (const char *at = text; *at != 0; at++) digest = (digest ^ (unsigned char)*at) * 0x100000001b3;
    identity found = {{(long)(digest >> 1), 0}, (long)strlen(text), 0};
    if (!is_new(found)) return;
    char *copy = strdup(text), *rest = NULL;
    if (copy == NULL) return;
    for (char *line = strtok_r(copy, ";\n", &rest); line != NULL; line = strtok_r(NULL, ";\n", &rest)) add_rule(line);
    free(copy);
}

static void read_script(void) {
    const char *path = getenv("SIGNET_FAULTY_CONTROL"), *text = getenv("SIGNET_FAULTY_SCRIPT");
    struct stat status;
    if (path != NULL && stat(path, &status) == 0) {
        read_file(path, &status);
    } else if (text != NULL) {
        read_text(text);
    } else {
        is_new((identity){{0, 0}, 0, 0});
    }
}

/// Whether the rule holds for the call that was just counted.
static int is_due(int index) {
    faulty_rule *rule = &rules[index];
    if (rule->call == 0) return 1;
    if (rule->onward) {
        if (!rule->fired && rule->seen >= rule->call) {
            rule->fired = 1;
            faulty_state_fires(current.stamp, index);
        }
        return rule->fired;
    }
    if (rule->fired || rule->seen != rule->call) return 0;
    rule->fired = 1;
    return faulty_state_fires(current.stamp, index);
}

/// The first lie about an attribute applies.
static void add_lie(const faulty_lie *lie, faulty_plan *plan) {
    for (int at = 0; at < plan->lie_count; at++)
        if (plan->lies[at].type == lie->type) return;
    if (plan->lie_count < FAULTY_LIES) plan->lies[plan->lie_count++] = *lie;
}

static void add_to_plan(const faulty_rule *rule, faulty_plan *plan) {
    switch (rule->action) {
    case LIE:
        add_lie(&rule->lie, plan);
        break;
    case COUNT_PINS:
        plan->pin_limit = rule->number;
        break;
    case CAP_SESSIONS:
        plan->is_capped = 1;
        plan->session_cap = rule->number;
        break;
    case ABSENT:
        plan->absent = 1;
        break;
    case PINPAD:
        plan->pinpad = 1;
        break;
    case TOKEN_FLAGS:
        plan->token_flags |= rule->number;
        break;
    default:
        plan->action = rule->action;
        plan->number = rule->number;
    }
}

void faulty_script_plan(int function, faulty_plan *plan) {
    memset(plan, 0, offsetof(faulty_plan, lies));
    pthread_mutex_lock(&lock);
    read_script();
    faulty_log("%s", faulty_function_name(function));
    for (int index = 0; index < rule_count; index++) {
        faulty_rule *rule = &rules[index];
        if (rule->action == NULL_ENTRY || !faulty_rule_is_for(rule, function)) continue;
        rule->seen++;
        // The first rule that acts hides the later ones. Conditions hide nothing.
        if (rule->action < LIE && plan->action != NO_ACTION) continue;
        if (is_due(index)) add_to_plan(rule, plan);
    }
    pthread_mutex_unlock(&lock);
}

int faulty_script_is_null(int function) {
    int is_null = 0;
    pthread_mutex_lock(&lock);
    read_script();
    for (int index = 0; index < rule_count; index++)
        is_null |= rules[index].action == NULL_ENTRY && rules[index].function == function;
    pthread_mutex_unlock(&lock);
    return is_null;
}
