"""How fast a site of 5,000 pages is crawled, compared with bare Scrapy and wget2.

    python benchmarks/crawl/speed.py [--pages N] [--json]

All crawl the same nginx on this machine, with politeness off. Needs Debian's nginx-light and wget2. "bare
Scrapy" fetches a known list of URLs and does nothing with the pages. clinicdex finds the pages by their links
and does everything: frontier, catalogue, extraction, index. `fetched/s` is the number of pages divided by the
time from the first answer to the last (by the whole run for the other two), `seconds` the whole run until the
articles can be searched, `CPU s` the CPU time of all processes of the system together, `MB` the largest
resident size of any of its processes. "again" is the second crawl, in which nothing has changed; `pages/CPU
s` is its number of pages divided by its CPU time.
"""

from __future__ import annotations

import argparse
import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from generated import write

HERE = Path(__file__).parent
NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
  include /etc/nginx/mime.types; access_log off; sendfile on; etag on;
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder}; \
uwsgi_temp_path {folder}; scgi_temp_path {folder};
  server {{ listen 127.0.0.1:{port}; root {root}; }}
}}
"""
CRAWL = """
import json, resource, sys, time
from pathlib import Path
from clinicdex.flow import crawling
from clinicdex.flow.crawl_options import CrawlOptions
from clinicdex.flow.workspace import Workspace
from clinicdex.catalogue.sites import Site
from clinicdex.config import Config
origin, folder, pages = sys.argv[1], sys.argv[2], int(sys.argv[3])
host = origin.removeprefix("http://")
if __name__ == "__main__":
    with Workspace(Config(data_dir=Path(folder), delay=0.0, max_pages=2 * pages)) as workspace:
        site = Site("made", origin + "/", allow_hosts=(host,))
        workspace.catalogue.sites.add(site)
        started = time.time()
        summary = crawling.collect(workspace, site, CrawlOptions(), lambda _: None, lambda: False)
        with workspace.catalogue._database.read() as connection:
            last = connection.exec_driver_sql(\
"select max(visited_at) from frontier where run = (select run from sites)").scalar()
            first = connection.exec_driver_sql(\
"select min(visited_at) from frontier where run = (select run from sites)").scalar()
        print(json.dumps({"asked": summary.asked, "articles": summary.articles, \
"fetching": last - first, "seconds": time.time() - started}))
"""


@contextmanager
def nginx(root: Path, folder: Path) -> Iterator[str]:
    """Serve a folder; yield its origin."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, root=root, port=port))
    server = subprocess.Popen(["nginx", "-p", folder, "-c", folder / "nginx.conf"])
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def measured(command: list[str | Path]) -> tuple[str, dict[str, float]]:
    """Run a command; return its output, and the resources that it and its children used."""
    probe = (
        "import json,resource,subprocess,sys,time; s=time.time(); "
        "d=subprocess.run(sys.argv[1:],stdout=subprocess.PIPE,check=True); "
        "u=resource.getrusage(resource.RUSAGE_CHILDREN); "
        "print(json.dumps({'seconds':time.time()-s,'CPU "
        "s':u.ru_utime+u.ru_stime,'MB':u.ru_maxrss/1024})); "
        "sys.stdout.write(d.stdout.decode())"
    )
    done = subprocess.run([sys.executable, "-c", probe, *command], capture_output=True, text=True, check=True)
    first, _, rest = done.stdout.partition("\n")
    return rest, json.loads(first)


def run(pages: int, folder: Path) -> dict[str, dict[str, Any]]:
    write(folder / "site", pages)
    rows: dict[str, dict[str, Any]] = {}
    with nginx(folder / "site", folder) as origin:
        _, cost = measured([sys.executable, HERE / "bare.py", origin, str(pages)])
        rows["bare Scrapy"] = {"pages": pages, "fetched/s": pages / cost["seconds"], **cost}
        (folder / "crawl.py").write_text(CRAWL)
        for name in ("clinicdex", "clinicdex again"):
            out, cost = measured(
                [sys.executable, folder / "crawl.py", origin, str(folder / "data"), str(pages)]
            )
            summary = json.loads(out)
            rows[name] = {
                "pages": summary["asked"],
                "fetched/s": summary["asked"] / summary["fetching"],
                **cost,
            }
        rows["clinicdex again"]["pages/CPU s"] = (
            rows["clinicdex again"]["pages"] / rows["clinicdex again"]["CPU s"]
        )
        _, cost = measured(["wget2", "-q", "--mirror", "-P", folder / "wget", f"{origin}/"])
        rows["wget2"] = {"pages": pages, "fetched/s": pages / cost["seconds"], **cost}
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=5_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if not all(map(shutil.which, ("nginx", "wget2"))):
        sys.exit("nginx or wget2 is missing; on Debian: apt-get install nginx-light wget2")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        rows = run(options.pages, Path(folder))
    if options.json:
        print(json.dumps(rows))
        return
    names = ["pages", "fetched/s", "seconds", "CPU s", "MB", "pages/CPU s"]
    print(f"| system | {' | '.join(names)} |\n{'|---' * (len(names) + 1)}|")
    for system, row in rows.items():
        print(
            f"| {system} | " + " | ".join(f"{row[name]:.0f}" if name in row else "" for name in names) + " |"
        )


if __name__ == "__main__":
    main()
