"""hostile_views.py SIGNET REAL COMMANDS: runs commands of `signet` against a daemon with hostile text in every answer.

A proxy between the command and the real daemon at the socket REAL appends hostile text to every text of an answer.
COMMANDS is a JSON list of lists of arguments. Prints a JSON object: the faults, and the number of outputs that were checked.
"""

import json
import os
import subprocess
import sys
import tempfile

from hostile_text import HOSTILE, ask, raw, serve, spoil

signet, real, commands = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
faults, judged = [], 0


def answer(target, body):
    status, value = ask(real, target, body)
    return status, spoil(value)


def texts(value):
    if isinstance(value, dict):
        value = list(value.values()) + list(value)
    if isinstance(value, list):
        return [text for member in value for text in texts(member)]
    if not isinstance(value, str):
        return []
    # A policy is JSON within JSON.
    return [value] + (texts(json.loads(value)) if value.startswith("{") else [])


def documents(text):
    decoder, at = json.JSONDecoder(), 0
    while text[at:].strip():
        value, end = decoder.raw_decode(text[at:].lstrip())
        yield value
        at = len(text) - len(text[at:].lstrip()) + end


with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "s")
    server = serve(path, answer)
    for command in commands:
        for more in ([], ["--json"]):
            result = subprocess.run(
                [signet] + command + more, capture_output=True, env={**os.environ, "SIGNET_SOCKET": path})
            judged += 1
            shown = " ".join(command + more)
            try:
                output, errors = result.stdout.decode(), result.stderr.decode()
            except UnicodeDecodeError as error:
                faults.append(f"{shown}: {error}")
                continue
            is_refused = errors.startswith("error: ")
            # Of an authority that there is not.
            if is_refused != command[-1].endswith("0" * 12):
                faults.append(f"{shown}: {result.returncode} {errors[:300]!r} {output[:200]!r}")
                continue
            for name, text in (("output", output), ("errors", errors)):
                if found := raw(text):
                    faults.append(f"{shown}: {found} raw in its {name}")
                if any(line.startswith("FORGED") for line in text.split("\n")):
                    faults.append(f"{shown}: a forged line in its {name}")
            if more and not is_refused:
                if not any(HOSTILE in text for value in documents(output) for text in texts(value)):
                    faults.append(f"{shown}: JSON does not have the text as it was: {output[:300]!r}")
            elif "FORGED" not in output + errors:
                faults.append(f"{shown}: the hostile text is not there: {output[:300]!r}")
print(json.dumps({"faults": faults, "judged": judged}))
