#define _GNU_SOURCE
#include "state.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

/// Opens and locks a state file; NULL when there is no place for one, or no file and `flags` do not create
/// it. Closing it unlocks it.
static FILE *open_state(const char *name, int flags) {
    const char *folder = getenv("SIGNET_FAULTY_STATE"), *script = getenv("SIGNET_FAULTY_CONTROL");
    char path[4096];
    int length = -1;
    if (folder != NULL) {
        length = snprintf(path, sizeof path, "%s/faulty.%s", folder, name);
    } else if (script != NULL) {
        length = snprintf(path, sizeof path, "%s.%s", script, name);
    }
    if (length < 0 || (size_t)length >= sizeof path) return NULL;
    int descriptor = open(path, O_RDWR | O_CLOEXEC | flags, 0666);
    if (descriptor < 0) return NULL;
    flock(descriptor, LOCK_EX);
    FILE *file = fdopen(descriptor, "r+");
    if (file == NULL) close(descriptor);
    return file;
}

// Rules that fired: `SECONDS.NANOSECONDS INDEX`, one a line.

static int has_line(FILE *file, faulty_stamp stamp, int index) {
    faulty_stamp read;
    int read_index;
    while (fscanf(file, "%ld.%ld %d", &read.seconds, &read.nanoseconds, &read_index) == 3)
        if (read.seconds == stamp.seconds && read.nanoseconds == stamp.nanoseconds && read_index == index) return 1;
    return 0;
}

int faulty_state_has_fired(faulty_stamp stamp, int index) {
    FILE *file = open_state("fired", 0);
    if (file == NULL) return 0;
    int found = has_line(file, stamp, index);
    fclose(file);
    return found;
}

int faulty_state_fires(faulty_stamp stamp, int index) {
    FILE *file = open_state("fired", O_CREAT);
    if (file == NULL) return 1;
    int found = has_line(file, stamp, index);
    if (!found) {
        fseek(file, 0, SEEK_END);
        fprintf(file, "%ld.%ld %d\n", stamp.seconds, stamp.nanoseconds, index);
    }
    fclose(file);
    return !found;
}

// Wrong PINs: `WRONG LIMIT`. Without a state directory this process counts them in memory.

static faulty_pins own_pins;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

typedef enum { READ, COUNT, FORGET, LOCK } change;

static faulty_pins change_pins(change what, unsigned long limit) {
    pthread_mutex_lock(&lock);
    FILE *file = open_state("pins", what == COUNT || what == LOCK ? O_CREAT : 0);
    faulty_pins pins = own_pins;
    if (file != NULL && fscanf(file, "%lu %lu", &pins.wrong, &pins.limit) != 2) memset(&pins, 0, sizeof pins);
    faulty_pins before = pins;
    if (what == COUNT) pins = (faulty_pins){pins.wrong + 1, limit};
    if (what == FORGET && !faulty_pins_are_locked(pins)) pins.wrong = 0;
    if (what == LOCK) pins = (faulty_pins){1, 1};
    if (file == NULL) {
        own_pins = pins;
    } else {
        if (memcmp(&pins, &before, sizeof pins) != 0) {
            rewind(file);
            if (ftruncate(fileno(file), 0) == 0) fprintf(file, "%lu %lu\n", pins.wrong, pins.limit);
        }
        fclose(file);
    }
    pthread_mutex_unlock(&lock);
    return pins;
}

int faulty_pins_are_locked(faulty_pins pins) { return pins.limit > 0 && pins.wrong >= pins.limit; }

faulty_pins faulty_state_pins(void) { return change_pins(READ, 0); }
void faulty_state_count_wrong_pin(unsigned long limit) { change_pins(COUNT, limit); }
void faulty_state_forget_wrong_pins(void) { change_pins(FORGET, 0); }
void faulty_state_lock_pin(void) { change_pins(LOCK, 0); }
