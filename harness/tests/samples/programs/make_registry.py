"""Makes what a package manager asks for: `make_registry.py cargo|npm FOLDER BASE [BYTES]`. The package is
`app` 1.0.0; most of it is noise, 200 kB unless told otherwise."""

import gzip
import hashlib
import io
import json
import random
import sys
import tarfile
from base64 import b64encode
from pathlib import Path

kind, folder, base = sys.argv[1:4]
folder = Path(folder)
noise = random.Random(1).randbytes(int(sys.argv[4]) if len(sys.argv) > 4 else 200_000)


def packed(top, files):
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(f"{top}/{name}")
            member.size, member.mode = len(content), 0o644
            tar.addfile(member, io.BytesIO(content))
    return gzip.compress(archive.getvalue(), mtime=0)


def put(path, content):
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_bytes(content)


if kind == "cargo":
    manifest = b'[package]\nname = "app"\nversion = "1.0.0"\nedition = "2021"\n'
    crate = packed("app-1.0.0", {"Cargo.toml": manifest, "src/lib.rs": b"", "noise.bin": noise})
    put("app-1.0.0.crate", crate)
    put("index/config.json", json.dumps({"dl": f"{base}/{{crate}}-{{version}}.crate"}).encode())
    line = {"name": "app", "vers": "1.0.0", "deps": [], "cksum": hashlib.sha256(crate).hexdigest(), "features": {},
            "yanked": False}
    put("index/3/a/app", json.dumps(line).encode() + b"\n")
    Path("Cargo.toml").write_text(
        '[package]\nname = "user"\nversion = "0.1.0"\nedition = "2021"\n\n[dependencies]\n'
        'app = { version = "1", registry = "broken" }\n')
    Path("src").mkdir()
    Path("src/lib.rs").touch()
    Path(".cargo").mkdir()
    Path(".cargo/config.toml").write_text(f'[registries.broken]\nindex = "sparse+{base}/index/"\n')
else:
    tarball = packed("package", {"package.json": b'{"name": "app", "version": "1.0.0"}', "noise.bin": noise})
    put("app-1.0.0.tgz", tarball)
    integrity = "sha512-" + b64encode(hashlib.sha512(tarball).digest()).decode()
    version = {"name": "app", "version": "1.0.0", "dist": {"tarball": f"{base}/app-1.0.0.tgz", "integrity": integrity}}
    put("app", json.dumps({"name": "app", "dist-tags": {"latest": "1.0.0"}, "versions": {"1.0.0": version}}).encode())
