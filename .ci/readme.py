#!/usr/bin/env python3
"""Does what the README tells a user of the harness to do, in an empty crate: its tests pass, and the one that is wrong
fails with the text that stands there.

    readme.py FOLDER    the crate is made in FOLDER, which has to be empty
"""

import re
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
TARGET = REPOSITORY / "target" / "readme"

# What differs from run to run, or from machine to machine.
VARIABLE = [
    (r"/\S*/flaky-trial-\w+/work", "[TEMP_DIR]"),
    (r"127\.0\.0\.1:\d+", "[LOCALHOST]"),
    (r"after \d+\.\ds", "after TIME"),
    (r" +\+\d[\d.]*m?s", " +TIME"),
    (r"[█ ]*█[█ ]*", " █ "),
]


def blocks(language, word):
    """The fenced blocks of this language that have this word in them."""
    found = re.findall(rf"^```{language}\n(.*?)^```$", (REPOSITORY / "README.md").read_text(), re.M | re.S)
    return [block for block in found if word in block]


def normal(text):
    for pattern, name in VARIABLE:
        text = re.sub(pattern, name, text)
    return text.strip()


def test(crate, name):
    command = ["cargo", "test", "--quiet", "--offline", "--target-dir", str(TARGET), "--test", name]
    ran = subprocess.run(command, cwd=crate, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=900,
                         check=False)
    return ran.returncode == 0, ran.stdout


def main():
    crate = Path(sys.argv[1])
    (dependencies,) = blocks("toml", "flaky-harness")
    right, wrong, audit = blocks("rust", "flaky_harness")
    (text,) = blocks("text", "expected 3 attempts")
    manifest = '[package]\nname = "empty"\nversion = "0.0.0"\nedition = "2024"\n\n[workspace]\n\n'
    # There is no release yet: the version becomes the path.
    dependencies, count = re.subn(r'version = "0\.1"', f'path = "{REPOSITORY / "harness"}"', dependencies)
    assert count == 1, "the README names one version"
    for folder in ["src", "tests"]:
        (crate / folder).mkdir()
    (crate / "Cargo.toml").write_text(manifest + dependencies)
    (crate / "Cargo.lock").write_bytes((REPOSITORY / "Cargo.lock").read_bytes())
    (crate / "src/lib.rs").write_text("")
    (crate / "tests/right.rs").write_text(right)
    (crate / "tests/wrong.rs").write_text(wrong)
    (crate / "tests/audit.rs").write_text(audit)

    passed, output = test(crate, "right")
    if not passed or "2 passed" not in output:
        sys.exit(f"the tests of the README do not pass:\n{output}")
    passed, output = test(crate, "audit")
    if not passed or "1 passed" not in output:
        sys.exit(f"the audit of the README does not pass:\n{output}")
    passed, output = test(crate, "wrong")
    if passed:
        sys.exit("the wrong test of the README passes")
    if normal(text) not in normal(output):
        sys.exit(f"the wrong test of the README prints another text:\n{output}\n\nexpected:\n{text}")
    print("the tests of the README and its audit pass, and the wrong one fails as it says")


if __name__ == "__main__":
    main()
