#define _GNU_SOURCE
#include "rule.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const char *name;
    enum { NO_ARGUMENT, NUMBER, ATTRIBUTE } argument;
    int base;
    /// The functions it applies to; none: all.
    int functions[5];
} description;

#define SIGNATURES {FAULTY_C_Sign, FAULTY_C_SignFinal}
#define TOKEN_PRESENCE {FAULTY_C_GetSlotList, FAULTY_C_GetSlotInfo, FAULTY_C_GetTokenInfo, FAULTY_C_OpenSession}

static const description descriptions[ACTIONS] = {
    [RETURN] = {"return", NUMBER, 0, {0}},
    [DELAY] = {"delay", NUMBER, 10, {0}},
    [HANG] = {"hang", NO_ARGUMENT, 0, {0}},
    [CRASH] = {"crash", NO_ARGUMENT, 0, {0}},
    [LOGOUT] = {"logout", NO_ARGUMENT, 0, {0}},
    [FORK] = {"fork", NO_ARGUMENT, 0, {0}},
    [EXEC] = {"exec", NO_ARGUMENT, 0, {0}},
    [INVALIDATE_SESSIONS] = {"invalidate-sessions", NO_ARGUMENT, 0, {0}},
    [LOCK_PIN] = {"lock-pin", NO_ARGUMENT, 0, {0}},
    [CORRUPT] = {"corrupt", NO_ARGUMENT, 0, SIGNATURES},
    [WRONG_KEY] = {"wrong-key", NO_ARGUMENT, 0, SIGNATURES},
    [TRUNCATE] = {"truncate", NUMBER, 10, SIGNATURES},
    [SWELL] = {"swell", NO_ARGUMENT, 0, SIGNATURES},
    [HIDE] = {"hide", NO_ARGUMENT, 0, {FAULTY_C_FindObjects}},
    [TWICE] = {"twice", NO_ARGUMENT, 0, {FAULTY_C_FindObjects}},
    [LIE] = {"lie", ATTRIBUTE, 0, {FAULTY_C_GetAttributeValue}},
    [COUNT_PINS] = {"count-pins", NUMBER, 10, {FAULTY_C_Login}},
    [CAP_SESSIONS] = {"cap-sessions", NUMBER, 10, {FAULTY_C_OpenSession}},
    [ABSENT] = {"absent", NO_ARGUMENT, 0, TOKEN_PRESENCE},
    [PINPAD] = {"pinpad", NO_ARGUMENT, 0, {FAULTY_C_GetTokenInfo, FAULTY_C_Login}},
    [TOKEN_FLAGS] = {"token-flags", NUMBER, 0, {FAULTY_C_GetTokenInfo}},
    [NULL_ENTRY] = {"null", NO_ARGUMENT, 0, {0}},
};

int faulty_rule_is_for(const faulty_rule *rule, int function) {
    if (rule->function != FAULTY_ANY && rule->function != function) return 0;
    const int *functions = descriptions[rule->action].functions;
    if (functions[0] == 0) return 1;
    for (; *functions != 0; functions++)
        if (*functions == function) return 1;
    return 0;
}

/// Reads all of `text`, or up to `end` if that is given, as a number.
static int read_number(const char *text, const char *end, int base, unsigned long *number) {
    char *stopped;
    if (*text < '0' || *text > '9') return 0;
    errno = 0;
    *number = strtoul(text, &stopped, base);
    return errno == 0 && (end == NULL ? *stopped == 0 : stopped == end);
}

static int digit(char character) {
    const char *digits = "0123456789abcdef", *found = strchr(digits, tolower((unsigned char)character));
    return character == 0 || found == NULL ? -1 : (int)(found - digits);
}

static const char *read_lie(const char *text, faulty_lie *lie) {
    const char *value = strchr(text, '=');
    if (value == NULL || !read_number(text, value, 0, &lie->type)) return "the argument is not TYPE=VALUE";
    value++;
    lie->kind = LIE_BYTES;
    if (strcmp(value, "unavailable") == 0) lie->kind = LIE_UNAVAILABLE;
    if (strcmp(value, "sensitive") == 0) lie->kind = LIE_SENSITIVE;
    if (lie->kind != LIE_BYTES) return NULL;
    for (; value[0] != 0; value += 2) {
        int high = digit(value[0]), low = high < 0 ? -1 : digit(value[1]);
        if (low < 0) return "the value is not hexadecimal";
        if (lie->length == FAULTY_LIE_BYTES) return "the value is too long";
        lie->bytes[lie->length++] = (unsigned char)(high << 4 | low);
    }
    return NULL;
}

static const char *read_call(char *text, faulty_rule *rule) {
    size_t length = strlen(text);
    if (strcmp(text, "*") == 0) return NULL;
    rule->onward = text[length - 1] == '+';
    if (rule->onward) text[length - 1] = 0;
    return read_number(text, NULL, 10, &rule->call) && rule->call > 0 ? NULL : "the call is not `*`, N or N+, from 1";
}

static const char *read_argument(const char *text, faulty_rule *rule) {
    const description *action = &descriptions[rule->action];
    if (action->argument == NO_ARGUMENT) return text == NULL ? NULL : "the action takes no argument";
    if (text == NULL) return "the action needs an argument";
    if (action->argument == ATTRIBUTE) return read_lie(text, &rule->lie);
    if (!read_number(text, NULL, action->base, &rule->number)) return "the argument is not a number";
    return rule->action == COUNT_PINS && rule->number == 0 ? "at least one PIN must be counted" : NULL;
}

const char *faulty_rule_read(const char *line, faulty_rule *rule) {
    char text[2048], *rest = NULL, *words[5] = {NULL};
    memset(rule, 0, sizeof *rule);
    if (strlen(line) >= sizeof text) return "the line is too long";
    strcpy(text, line);
    text[strcspn(text, "#")] = 0;
    for (int at = 0; at < 5; at++) words[at] = strtok_r(at == 0 ? text : NULL, " \t\r\n", &rest);
    if (words[0] == NULL) return NULL;
    if (words[2] == NULL) return "a rule is FUNCTION CALL ACTION [ARGUMENT]";
    if (words[4] != NULL) return "too many words";

    while (rule->function < FAULTY_END && strcmp(words[0], faulty_function_name(rule->function)) != 0) rule->function++;
    if (rule->function == FAULTY_END) return "unknown function";
    const char *wrong = read_call(words[1], rule);
    if (wrong != NULL) return wrong;
    faulty_action action = RETURN;
    while (action < ACTIONS && strcmp(words[2], descriptions[action].name) != 0) action++;
    if (action == ACTIONS) return "unknown action";
    rule->action = action;
    if (rule->function != FAULTY_ANY && !faulty_rule_is_for(rule, rule->function))
        return "the action does nothing in this function";
    if (action == NULL_ENTRY && (rule->function == FAULTY_ANY || rule->call != 0))
        return "null is for one function, and for `*` calls";
    return read_argument(words[3], rule);
}
