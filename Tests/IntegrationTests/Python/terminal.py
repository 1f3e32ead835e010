"""terminal.py ANSWERS COMMAND ...: runs a command on its own terminal and answers its questions.

ANSWERS is a JSON list of [question, answer]: once the question is printed, the answer is typed. Prints everything
that the terminal showed. Exits with the command's status, or with 99 if a question never appears. SIGTERM also ends
the command.
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
# The starting process may have blocked it.
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
