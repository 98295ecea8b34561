#!/usr/bin/env python3
"""Records the samples anew: runs what each NAME.toml says, and writes NAME.txt beside it.

    record.py                    all of them
    record.py curl uv/reset      these programs, these samples
    record.py --check            runs nothing; are the chains and the claims in the texts?

What a run decides (`exit`, `attempts`) is put into the .toml; what a reader decides (`chain`, `claim`, `claim_text`)
is left alone. README.md says what has to be installed. Python 3.11 or newer, on Linux.
"""

import fcntl
import json
import os
import pty
import re
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import sysconfig
import tempfile
import termios
import time
import tomllib
from pathlib import Path

SAMPLES = Path(__file__).resolve().parent
REPOSITORY = SAMPLES.parents[2]
PATIENCE = 60.0


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def environment(sample, temp):
    """Nothing of the caller's but its PATH: no proxies, no configuration, no caches."""
    first = [str(REPOSITORY / f"target/clients/uv-{sample['version']}/bin")] if sample["program"] == "uv" else []
    for name in ["home", "tmp", "work"]:
        (temp / name).mkdir()
    return {
        "PATH": os.pathsep.join([*first, os.environ["PATH"]]),
        "LC_ALL": "C.UTF-8",
        "TERM": "xterm-256color",
        "HOME": str(temp / "home"),
        "TMPDIR": str(temp / "tmp"),
        "UV_CACHE_DIR": str(temp / "cache"),
        "UV_PYTHON_INSTALL_DIR": str(temp / "pythons"),
        "UV_PYTHON_INSTALL_BIN": "0",
        "UV_NO_CONFIG": "1",
        "PIP_CACHE_DIR": str(temp / "cache"),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "CARGO_HOME": str(temp / "cargo"),
        "npm_config_cache": str(temp / "npm"),
        "npm_config_update_notifier": "false",
        "GOCACHE": str(temp / "go"),
    }


def run(command, env, cwd, terminal):
    """Exit status and all of stdout and stderr, in its order, through a pipe or through a terminal of 80 columns."""
    if terminal:
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    else:
        ours, theirs = os.pipe()
    child = subprocess.Popen(
        ["bash", "-c", command], env=env, cwd=cwd, start_new_session=True,
        stdin=theirs if terminal else subprocess.DEVNULL, stdout=theirs, stderr=theirs,
    )
    os.close(theirs)
    output, end = b"", time.monotonic() + PATIENCE
    while True:
        if not select.select([ours], [], [], max(0.0, end - time.monotonic()))[0]:
            os.killpg(child.pid, signal.SIGKILL)
            break
        try:
            read = os.read(ours, 65536)
        except OSError:  # a terminal's way to say that nobody is left
            break
        if not read:
            break
        output += read
    os.close(ours)
    return child.wait(), output


def redact(output, temp, port):
    paths = [temp, SAMPLES / "programs", REPOSITORY / "fixtures", REPOSITORY, Path(sys.prefix), Path(sys.base_prefix)]
    paths += [Path(found).resolve().parents[1] for found in map(shutil.which, ["cargo", "npm"]) if found]
    paths += [Path(sysconfig.get_path("stdlib")).parents[1], Path.home() / ".cargo"]
    for path in sorted({str(path) for path in paths} - {"/", "/usr"}, key=len, reverse=True):
        output = output.replace(path.encode(), b"[TEMP_DIR]")
    output = re.sub(rb"(?<![\d.])(?:127\.0\.0\.1|(?<!\w)localhost):\d+", b"[LOCALHOST]", output)
    output = re.sub(rb"(?<![\d.])127\.0\.0\.1(?![\d.]\d)", b"[LOCALHOST]", output)
    return re.sub(rb"(?<!\d)%d(?!\d)" % port, b"[PORT]", output)


def record(file):
    sample = tomllib.loads(file.read_text())
    temp = Path(tempfile.mkdtemp(prefix="flaky-sample-")).resolve()
    server = None
    try:
        env, port = environment(sample, temp), free_port()
        base = f"http://127.0.0.1:{port}"
        values = {
            "base": base, "url": base + sample["target"], "port": str(port), "temp": str(temp),
            "fixtures": str(REPOSITORY / "fixtures"), "programs": str(SAMPLES / "programs"),
        }

        def filled(text):
            return re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], found[0]), text)

        if "setup" in sample:
            subprocess.run(["bash", "-ec", filled(sample["setup"])], env=env, cwd=temp / "work", check=True,
                           stdout=subprocess.DEVNULL)
        served = temp / "served" if (temp / "served").is_dir() else REPOSITORY / "fixtures/files"
        journal = temp / "journal.jsonl"
        if sample["server"] != "none":
            flaky = next(path for kind in ["release", "debug"]
                         if (path := REPOSITORY / "target" / kind / "flaky-server").is_file())
            server = subprocess.Popen(
                ["bash", "-c", f'exec "$0" "$@" {sample["server"]}', flaky, served, "--quiet", "--port", str(port),
                 "--bind", "127.0.0.1", "--journal", journal],
                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            if not server.stdout.readline():
                raise SystemExit(f"{file}: the server does not start")
        status, output = run(filled(sample["command"]), env, temp / "work", sample.get("terminal", False))
        attempts = 0
        if server:
            server.send_signal(signal.SIGTERM)
            server.wait()
            lines = map(json.loads, journal.read_text().splitlines())
            asked = [line["target"] for line in lines if line["kind"] == "exchange" and line["method"] == "GET"]
            attempts = asked.count(sample["target"])
    finally:
        if server and server.poll() is None:
            server.kill()
            server.wait()
        shutil.rmtree(temp, ignore_errors=True)
    file.with_suffix(".txt").write_bytes(redact(output, temp, port))
    text = file.read_text()
    for key, value in [("exit", status), ("attempts", attempts)]:
        text = re.sub(rf"^{key} = .*$", f"{key} = {value}", text, flags=re.MULTILINE)
    file.write_text(text)
    print(f"{file.parent.name}/{file.stem}: exit {status}, attempts {attempts}, {len(output)} bytes", flush=True)


def letters(text):
    """What is left when colours, wraps, and the marks of trees and of frames do not count."""
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)
    return re.sub(r"[\s│├╰─▶|`>-]", "", text)


def check(file):
    sample = tomllib.loads(file.read_text())
    text = file.with_suffix(".txt").read_bytes().decode()
    wrong = [link for link in sample["chain"] if letters(link) not in letters(text)]
    wrong += [key for key in ["exit", "attempts"] if key not in sample]
    if ("claim" in sample) != ("claim_text" in sample) or sample.get("claim_text", "") not in text:
        wrong.append("claim_text")
    for what in wrong:
        print(f"{file.parent.name}/{file.stem}: not in the text: {what}")
    return not wrong


def main():
    wanted = [argument for argument in sys.argv[1:] if argument != "--check"]
    files = [file for file in sorted(SAMPLES.glob("*/*.toml"))
             if not wanted or file.parent.name in wanted or f"{file.parent.name}/{file.stem}" in wanted]
    if "--check" not in sys.argv:
        for file in files:
            record(file)
    return 0 if all([check(file) for file in files]) else 1


if __name__ == "__main__":
    sys.exit(main())
