/// State shared between processes, in files beside the script or in SIGNET_FAULTY_STATE.
#ifndef FAULTY_STATE_H
#define FAULTY_STATE_H

#pragma GCC visibility push(hidden)

/// Which script a rule that fired belongs to: the time of its file, or a digest of its text.
typedef struct {
    long seconds;
    long nanoseconds;
} faulty_stamp;

/// Whether rule `index` has fired, in any process.
int faulty_state_has_fired(faulty_stamp stamp, int index);

/// Notes that rule `index` fires now. False when it had already, in another process.
int faulty_state_fires(faulty_stamp stamp, int index);

typedef struct {
    unsigned long wrong;
    /// After how many wrong PINs the token locks; 0 if they are not counted.
    unsigned long limit;
} faulty_pins;

faulty_pins faulty_state_pins(void);
int faulty_pins_are_locked(faulty_pins pins);

/// A wrong PIN, of which `limit` lock the token.
void faulty_state_count_wrong_pin(unsigned long limit);

/// A right PIN: counting begins anew, unless the token is locked.
void faulty_state_forget_wrong_pins(void);

void faulty_state_lock_pin(void);

#pragma GCC visibility pop
#endif
