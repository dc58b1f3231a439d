"""A look for viruses by ClamAV, where the municipality runs one (``CLAMD_URL``)."""

import logging
import socket
import struct
from enum import StrEnum
from urllib.parse import urlsplit

from django.conf import settings

CHUNK = 64 * 1024  # bytes per message
PATIENCE = 20  # seconds, for each step
LONGEST_ANSWER = 4096  # bytes

log = logging.getLogger(__name__)


class ScanResult(StrEnum):
    """What the scanner says. OFF: there is none here. UNAVAILABLE: there is one, ask again later."""

    OFF = "off"
    CLEAN = "clean"
    FOUND = "found"
    UNAVAILABLE = "unavailable"


def scan(content: bytes) -> ScanResult:
    """Let ClamAV look at a file, over its INSTREAM protocol (clamd(8)); no scanner is no error."""
    if not settings.CLAMD_URL:
        return ScanResult.OFF
    try:
        answer = _ask(content)
    except OSError as mistake:
        log.warning("The virus scanner does not answer: %s", type(mistake).__name__)
        return ScanResult.UNAVAILABLE
    if answer == "stream: OK":
        return ScanResult.CLEAN
    if answer.endswith(" FOUND"):
        log.warning("The virus scanner found something: %s", answer)
        return ScanResult.FOUND
    log.warning("The virus scanner could not look: %s", answer)
    return ScanResult.UNAVAILABLE


def _ask(content: bytes) -> str:
    with _connected(settings.CLAMD_URL) as line:
        line.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), CHUNK):
            part = content[start : start + CHUNK]
            line.sendall(struct.pack("!L", len(part)) + part)
        line.sendall(struct.pack("!L", 0))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER and (part := line.recv(1024)):
            answer += part
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")


def _connected(address: str) -> socket.socket:
    parts = urlsplit(address)
    if parts.scheme == "tcp":
        return socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 3310), timeout=PATIENCE)
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    line.settimeout(PATIENCE)
    try:
        line.connect(parts.path)
    except OSError:
        line.close()
        raise
    return line
