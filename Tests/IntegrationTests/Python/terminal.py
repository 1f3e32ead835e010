"""terminal.py ANSWERS COMMAND ...: runs a command on a terminal of its own and answers its questions.

ANSWERS is a JSON list of [question, answer]: when the question has been asked, the answer is typed. Prints everything
the terminal showed; leaves with the command's status, or with 99 when a question never came. Whoever ends it with SIGTERM
ends the command.
"""

import json
import os
import pty
import select
import signal
import sys
import time

answers = json.loads(sys.argv[1])
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
signal.signal(signal.SIGTERM, lambda number, _: os.kill(pid, number))
# Whoever starts this may have it blocked.
signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
shown = b""
searched = 0
end = time.monotonic() + 60
while time.monotonic() < end:
    ready, _, _ = select.select([terminal], [], [], 1)
    if ready:
        try:
            chunk = os.read(terminal, 4096)
        except OSError:
            break
        if not chunk:
            break
        shown += chunk
    while answers and (at := shown.find(answers[0][0].encode(), searched)) >= 0:
        searched = at + len(answers[0][0])
        # The echo is switched off before the question is asked.
        os.write(terminal, answers.pop(0)[1].encode() + b"\n")
sys.stdout.write(shown.decode())
_, status = os.waitpid(pid, 0)
sys.exit(99 if answers and os.waitstatus_to_exitcode(status) == 0 else os.waitstatus_to_exitcode(status))
