"""Makes a folder with a wheel, `app-1.0-py3-none-any.whl`, and an index at `simple/app/` for it: `make_wheel.py FOLDER
[BYTES]`. Most of it is noise, 400 kB unless told otherwise."""

import random
import sys
import zipfile
from pathlib import Path

folder = Path(sys.argv[1])
noise = int(sys.argv[2]) if len(sys.argv) > 2 else 400_000
(folder / "simple/app").mkdir(parents=True, exist_ok=True)
name = "app-1.0-py3-none-any.whl"
info = "app-1.0.dist-info"
with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_STORED) as wheel:
    wheel.writestr("app/noise.bin", random.Random(1).randbytes(noise))
    wheel.writestr("app/__init__.py", "")
    wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: app\nVersion: 1.0\n")
    wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
    files = ["app/noise.bin", "app/__init__.py", f"{info}/METADATA", f"{info}/WHEEL", f"{info}/RECORD"]
    wheel.writestr(f"{info}/RECORD", "".join(f"{file},,\n" for file in files))
page = f'<!DOCTYPE html><html><body><a href="/{name}">{name}</a></body></html>\n'
(folder / "simple/app/index.html").write_text(page)
