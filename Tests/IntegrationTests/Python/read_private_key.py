"""Asks a PKCS#11 module for the value of a private key, without any code of Signet.

usage: read_private_key.py MODULE TOKEN-LABEL PIN-FILE CKA_ID-IN-HEX|readable
`readable` makes an extractable session key and asks for that one, which shows the output for a readable key.
Prints the return value of C_GetAttributeValue for CKA_VALUE in hexadecimal, and the returned length.
"""

import ctypes
import sys

CKA_CLASS, CKA_TOKEN, CKA_VALUE, CKA_ID, CKA_SENSITIVE, CKA_EXTRACTABLE = 0x0, 0x1, 0x11, 0x102, 0x103, 0x162
CKA_EC_PARAMS, CKM_EC_KEY_PAIR_GEN, CKO_PRIVATE_KEY = 0x180, 0x1040, 3
CKF_RW_SESSION, CKF_SERIAL_SESSION, CKU_USER = 0x2, 0x4, 1
Number = ctypes.c_ulong


class Attribute(ctypes.Structure):
    _fields_ = [("type", Number), ("value", ctypes.c_void_p), ("length", Number)]


module_path, label, pin_file, wanted_key = sys.argv[1], sys.argv[2].encode(), sys.argv[3], sys.argv[4]
module = ctypes.CDLL(module_path)


def call(name, *arguments):
    function = getattr(module, name)
    function.restype = Number
    rv = function(*arguments)
    if rv != 0:
        raise SystemExit(f"{name}: {rv:#x}")


call("C_Initialize", None)
count = Number(64)
slots = (Number * 64)()
call("C_GetSlotList", ctypes.c_ubyte(1), slots, ctypes.byref(count))
info = ctypes.create_string_buffer(512)
for slot in slots[: count.value]:
    call("C_GetTokenInfo", Number(slot), info)
    if info.raw[:32].rstrip() == label:
        break
else:
    raise SystemExit("no such token")
session = Number()
call("C_OpenSession", Number(slot), Number(CKF_RW_SESSION | CKF_SERIAL_SESSION), None, None, ctypes.byref(session))
pin = open(pin_file, "rb").read().rstrip(b"\n")
call("C_Login", session, Number(CKU_USER), pin, Number(len(pin)))


class Mechanism(ctypes.Structure):
    _fields_ = [("mechanism", Number), ("parameter", ctypes.c_void_p), ("length", Number)]


def attributes(*entries):
    """A template; the buffers it points to live as long as it does."""
    buffers = [ctypes.create_string_buffer(value, len(value)) for _, value in entries]
    template = (Attribute * len(entries))(
        *[Attribute(t, ctypes.cast(b, ctypes.c_void_p), len(v)) for (t, v), b in zip(entries, buffers)]
    )
    template.buffers = buffers
    return template


key = Number()
if wanted_key == "readable":
    curve = bytes.fromhex("06082a8648ce3d030107")
    public = attributes((CKA_TOKEN, b"\0"), (CKA_EC_PARAMS, curve))
    private = attributes((CKA_TOKEN, b"\0"), (CKA_SENSITIVE, b"\0"), (CKA_EXTRACTABLE, b"\1"))
    mechanism, other = Mechanism(CKM_EC_KEY_PAIR_GEN, None, 0), Number()
    call(
        "C_GenerateKeyPair", session, ctypes.byref(mechanism), public, Number(2), private, Number(3),
        ctypes.byref(other), ctypes.byref(key),
    )
else:
    private_key = ctypes.string_at(ctypes.byref(Number(CKO_PRIVATE_KEY)), ctypes.sizeof(Number))
    template = attributes((CKA_CLASS, private_key), (CKA_ID, bytes.fromhex(wanted_key)))
    found = Number()
    call("C_FindObjectsInit", session, template, Number(2))
    call("C_FindObjects", session, ctypes.byref(key), Number(1), ctypes.byref(found))
    call("C_FindObjectsFinal", session)
    if found.value != 1:
        raise SystemExit("no such key")
buffer = ctypes.create_string_buffer(4096)
wanted = Attribute(CKA_VALUE, ctypes.cast(buffer, ctypes.c_void_p), len(buffer))
module.C_GetAttributeValue.restype = Number
rv = module.C_GetAttributeValue(session, key, ctypes.byref(wanted), Number(1))
print(f"{rv:#x} {wanted.length if rv == 0 else 0}")
