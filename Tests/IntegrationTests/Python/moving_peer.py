"""Moves a process between control groups, whose files are the arguments, and sends a request in each on one connection.

Prints a line for each request: the HTTP status, the error's message.
"""

import http.client
import json
import os
import socket
import sys

client = http.client.HTTPConnection("localhost")
client.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
client.sock.connect(sys.argv[1])
client.auto_open = False
for group in sys.argv[2:]:
    with open(group, "w", encoding="ascii") as file:
        file.write(str(os.getpid()))
    target = {"X-Amz-Target": "ACMPrivateCA.ListCertificateAuthorities"}
    client.request("POST", "/", "{}", target)
    response = client.getresponse()
    answer = json.loads(response.read())
    print(f"{response.status} {answer.get('message', '')}", flush=True)
