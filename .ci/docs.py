#!/usr/bin/env python3
"""Runs what the documentation shows: `.ci/docs.py BINARY FIXTURE FOLDER`.

The shell blocks of `src/docs/guide.md` and `src/docs/journal.md` run in their order, in one folder each; every recipe of
`src/docs/recipes.md` runs by itself. A recipe whose language is not installed is said to be skipped, and is a failure if
FLAKY_REQUIRE_CLIENTS is set.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys

DOCS = pathlib.Path(__file__).parent.parent / "src" / "docs"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

# How each language is run, with the file that a block is written to.
LANGUAGES = {
    "sh": ("recipe.sh", ["bash"]),
    "python": ("recipe.py", ["python3"]),
    "javascript": ("recipe.js", ["node"]),
    "go": ("recipe.go", ["go", "run"]),
}


def folder(where, fixture):
    where.mkdir()
    shutil.copy(fixture, where / "app.tar.gz")
    return where


def run(name, command, cwd, environment):
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        sys.exit(f"{name}: status {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def main():
    binary, fixture, scratch = (pathlib.Path(argument).resolve() for argument in sys.argv[1:])
    environment = dict(os.environ, PATH=f"{binary.parent}:{os.environ['PATH']}", GOFLAGS="-mod=mod", GO111MODULE="off")
    required = "FLAKY_REQUIRE_CLIENTS" in os.environ

    for page in ("guide", "journal"):
        cwd = folder(scratch / page, fixture)
        blocks = [text for language, text in BLOCK.findall((DOCS / f"{page}.md").read_text()) if language == "sh"]
        assert blocks, page
        script = "\n".join(["set -euo pipefail", *blocks])
        run(page, ["bash", "-c", script], cwd, environment)
        print(f"{page}: {len(blocks)} blocks of commands")

    recipes = BLOCK.findall((DOCS / "recipes.md").read_text())
    recipes = [(language, text) for language, text in recipes if "recipe:" in text.splitlines()[0]]
    assert len(recipes) == len(LANGUAGES), [language for language, _ in recipes]
    for language, text in recipes:
        file, command = LANGUAGES[language]
        if shutil.which(command[0]) is None:
            if required:
                sys.exit(f"{language}: {command[0]} is not installed")
            print(f"{language}: skipped, {command[0]} is not installed")
            continue
        cwd = folder(scratch / language, fixture)
        (cwd / file).write_text(text)
        said = run(language, [*command, file], cwd, environment)
        assert "three attempts, and the file is whole" in said, (language, said)
        print(f"{language}: {said.strip()}")


main()
