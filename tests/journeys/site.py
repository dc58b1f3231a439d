"""A running site with the demo in it, in a process and a folder of its own: for screenshots and for measuring."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# Every page that the demo can show, by the person who sees it ("" is a visitor). Order: as one would walk.
PAGES: dict[str, list[str]] = {
    "": [
        "/",
        "/rounds/2026/",
        "/rounds/2026/compare/",
        "/rounds/2026/proposals/2026-04/",
        "/rounds/2026/proposals/2026-20/",
        "/rounds/2026/rule/",
        "/rounds/2025/",
        "/rounds/2027/",
        "/rounds/2027/start/",
        "/choices/",
        "/demo/",
        "/demo/outbox/",
        "/account/login/",
        "/accessibility/",
        "/privacy/",
        "/style-guide/",
        "/nowhere/",
    ],
    "ines": [
        "/my/proposals/",
        "/my/data/",
        "/my/data/close/",
        "/account/",
        "/account/profile/",
        "/account/email/",
        "/account/second-factor/",
    ],
    "otto": [
        "/manage/",
        "/manage/new-fund/",
        "/manage/funds/participatiefonds-voorbeeldstad/",
        "/manage/funds/participatiefonds-voorbeeldstad/seats/",
        "/manage/funds/participatiefonds-voorbeeldstad/seats/give/",
        "/manage/funds/participatiefonds-voorbeeldstad/trail/",
        "/manage/funds/participatiefonds-voorbeeldstad/new-round/",
        "/manage/rounds/2027/",
        "/manage/rounds/2027/set-up/",
        "/manage/rounds/2027/change-rule/",
        "/manage/rounds/2027/copy/",
        "/manage/rounds/2027/step/close_call/",
        "/manage/rounds/2027/trail/",
        "/manage/rounds/2027/messages/",
        "/manage/rounds/2027/screening/",
        "/manage/rounds/2027/screening/points/",
        "/manage/rounds/2026/divide/",
        "/manage/funds/participatiefonds-voorbeeldstad/screening/",
    ],
}


def free_port() -> int:
    """Return a port on this machine that nobody listens to."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def running_demo() -> Iterator[tuple[str, Path]]:
    """Load the demo into a new folder, serve it, and yield (address, folder). Ends the server by its own id."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"DATA_DIR": folder, "DATABASE_URL": "", "KANTELFONDS_MODE": "demo"}
        for command in (["migrate"], ["collectstatic", "--noinput"], ["load_demo"]):
            subprocess.run(
                [sys.executable, "manage.py", *command, "--verbosity", "0"], cwd=ROOT, env=environment, check=True
            )
        port = free_port()
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "4"],
            cwd=ROOT,
            env=environment,
            stderr=subprocess.DEVNULL,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(address + "/readyz")
            yield address, Path(folder)
        finally:
            server.terminate()
            server.wait(timeout=20)


def wait_for(url: str, seconds: float = 30) -> None:
    """Wait until a site answers. Raises TimeoutError when it does not."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(url, timeout=2).close()  # noqa: S310 - our own address, made above
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(f"{url} did not answer in {seconds} seconds")
