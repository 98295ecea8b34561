"""Downloads with the library that is named first: `get.py KIND URL`."""

import logging
import sys

kind, url = sys.argv[1:]
if kind != "huggingface_hub":  # which brings a handler of its own
    logging.basicConfig(level=logging.INFO, format="%(levelname)s:%(name)s:%(message)s")


def get_with_requests():
    import requests

    response = requests.get(url, timeout=2)
    response.raise_for_status()
    return len(response.content)


def session():
    import requests
    from requests.adapters import HTTPAdapter
    from urllib3.util import Retry

    session = requests.Session()
    session.mount("http://", HTTPAdapter(max_retries=Retry(total=2, backoff_factor=0.1, status_forcelist=[503])))
    return session


def wrapped():
    try:
        return get_with_requests()
    except Exception as error:
        raise RuntimeError("could not install `app`: gave up after 1 attempt") from error


def with_urllib():
    import urllib.request

    with urllib.request.urlopen(url, timeout=2) as response:
        return len(response.read())


def with_urllib3():
    import urllib3

    response = urllib3.PoolManager(retries=urllib3.Retry(2, backoff_factor=0.1), timeout=2).request("GET", url)
    return len(response.data)


def with_httpx():
    import httpx

    response = httpx.get(url, timeout=2)
    response.raise_for_status()
    return len(response.content)


def with_backoff():
    import backoff

    decorator = backoff.on_exception(backoff.constant, Exception, interval=0.1, jitter=None, max_tries=3)
    return decorator(get_with_requests)()


def with_tenacity(reraise=False):
    import tenacity

    logger = logging.getLogger("tenacity")
    return tenacity.retry(
        stop=tenacity.stop_after_attempt(3),
        wait=tenacity.wait_fixed(0.1),
        reraise=reraise,
        before_sleep=tenacity.before_sleep_log(logger, logging.WARNING),
        after=tenacity.after_log(logger, logging.WARNING),
    )(get_with_requests)()


def with_huggingface_hub():
    from huggingface_hub.file_download import http_get

    with open("app", "wb") as file:
        http_get(url, file)
    return file.name


kinds = {
    "requests": get_with_requests,
    "requests-retry": lambda: len(session().get(url, timeout=2).content),
    "wrapped": wrapped,
    "urllib": with_urllib,
    "urllib3": with_urllib3,
    "httpx": with_httpx,
    "backoff": with_backoff,
    "tenacity": with_tenacity,
    "tenacity-reraise": lambda: with_tenacity(reraise=True),
    "huggingface_hub": with_huggingface_hub,
}
print(kinds[kind](), "bytes")
