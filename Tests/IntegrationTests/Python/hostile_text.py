"""Text from other parties, daemons that forward it, and sequences that must not reach a terminal."""

import base64
import http.client
import http.server
import json
import socket
import socketserver
import threading
import unicodedata

# Sequences of C0 and C1, OSC, BEL, backspace, line and paragraph separators, bidirectional controls, tags,
# zero widths, private use, and lines that look like the program's own.
HOSTILE = (
    "\x1b[2J\x1b[1A\x1b]0;title\x07\r\nFORGED  ROW\x08\x7f\x9b31m\x85\x9d0;x\x9c\u2028FORGED\u2029FORGED"
    "\u202egro\u202c\u2066a\u2069\u200b\u200d\ufeff\U000e0001\U000e0041\ue000\U0010fffd\u3164\u0378"
    + " " * 120 + "FORGED"
)
FORBIDDEN = {"Cc", "Cf", "Zl", "Zp", "Co", "Cs"}


def raw(text, lines=True):
    """The parts of a text that must not reach a terminal unescaped."""
    return sorted({
        f"U+{ord(c):04X}" for c in text
        if unicodedata.category(c) in FORBIDDEN and not (lines and c == "\n")
    })


class UnixHTTPServer(socketserver.ThreadingMixIn, http.server.HTTPServer):
    address_family = socket.AF_UNIX
    daemon_threads = True

    def server_bind(self):
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "signet", 0


def serve(path, answer):
    """Serves the API at a socket. `answer` takes the operation's name and its body, and returns a status and an object."""

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, value = answer(self.headers["X-Amz-Target"], body)
            # Controls stay as they are where JSON lets them.
            text = json.dumps(value, ensure_ascii=False).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def address_string(self):
            return "unix"

        def log_message(self, *arguments):
            pass

    server = UnixHTTPServer(path, Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def ask(path, target, body):
    """The answer of the daemon at a socket."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.connect(path)
    head = (
        f"POST / HTTP/1.1\r\nHost: signet\r\nConnection: close\r\nContent-Type: application/x-amz-json-1.1\r\n"
        f"X-Amz-Target: {target}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    connection.sendall(head.encode() + body)
    response = http.client.HTTPResponse(connection)
    response.begin()
    return response.status, json.loads(response.read() or b"{}")


# Members with a fixed format, and tokens for the next page.
KEPT = {
    "Content", "Csr", "Certificate", "CertificateChain", "Checkpoint", "VerifierKey", "NextToken", "Proof",
    # Members by which a command groups events.
    "eventName", "intentID", "certificateAuthorityArn",
}


def spoil(value, name=""):
    """An answer with hostile text appended to every text."""
    if isinstance(value, dict):
        # The command compares the request with its digest.
        return {
            key: member if key == "Digest" and "Needed" in value else spoil(member, key)
            for key, member in value.items()
        }
    if isinstance(value, list):
        return [spoil(member, name) for member in value]
    if not isinstance(value, str) or name in KEPT:
        return value
    if name == "Body":
        event = json.dumps(spoil(json.loads(base64.b64decode(value))), ensure_ascii=False)
        return base64.b64encode(event.encode()).decode()
    if name in ("Event", "Policy"):
        return json.dumps(spoil(json.loads(value)), ensure_ascii=False)
    return value + HOSTILE
