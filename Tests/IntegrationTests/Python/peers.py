"""One connection used by several processes: prints the daemon's answers to each. Needs root.

Prints a line for each request: the step, the HTTP status, the error's message.
"""

import array
import http.client
import json
import os
import socket
import sys

PATH = sys.argv[1]


def connect():
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.connect(PATH)
    return connection


def ask(step, connection):
    """Lists the authorities over a connection that stays open."""
    client = http.client.HTTPConnection("localhost")
    client.sock = connection
    client.auto_open = False
    target = {"X-Amz-Target": "ACMPrivateCA.ListCertificateAuthorities"}
    client.request("POST", "/", "{}", target)
    response = client.getresponse()
    answer = json.loads(response.read())
    print(f"{step}: {response.status} {answer.get('message', '')}", flush=True)


def child(body):
    pid = os.fork()
    if pid == 0:
        try:
            body()
            os._exit(0)
        except BaseException as error:
            print(f"failed: {error}", flush=True)
            os._exit(1)
    return pid


def become(number):
    os.setgroups([])
    os.setresgid(number, number, number)
    os.setresuid(number, number, number)


def change_user():
    """Connects as root, and changes to another user on the open connection."""
    connection = connect()
    ask("as root", connection)
    become(65001)
    ask("changed to 65001", connection)
    fresh = connect()
    ask("connected again as 65001", fresh)


def pass_on():
    """A process of user 65001 connects and sends the socket to one of user 65002."""
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)

    def owner():
        become(65001)
        connection = connect()
        descriptors = array.array("i", [connection.fileno()])
        here.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, descriptors)])
        here.recv(1)

    pid = child(owner)

    def receiver():
        become(65002)
        _, ancillary, _, _ = there.recvmsg(1, socket.CMSG_SPACE(4))
        (descriptor,) = array.array("i", ancillary[0][2])
        connection = socket.socket(fileno=descriptor)
        ask("65002 with the socket of 65001", connection)
        there.send(b"x")
        there.recv(1)
        ask("the process that connected has ended", connection)
        ask("65002 with its own socket", connect())

    other = child(receiver)
    os.waitpid(pid, 0)
    here.send(b"x")
    os.waitpid(other, 0)


for scene in (change_user, pass_on):
    os.waitpid(child(scene), 0)
