"""Gives most generated requests a site and a page that may be counted, so that they reach past the first check.

Schemathesis makes requests from the OpenAPI document alone, which cannot know what SITES holds. A quarter of
the requests stays as it was made.
"""

import random
import zlib

import requests
import schemathesis

SITES = ["example.cn", "www.example.cn", "a.school.cn", "Example.CN:8080"]
PATHS = ["/", "/a", "/a/b.html?id=7", "/%E4%B8%AD/", "/x?utm_source=y&b=2&a=1", "/x#/route"]
FILES = [
    "page,views,visitors\n*,20345,10234\n/a,12,9\n",
    "/a,1,1\n/b,2,\n",
    '{"laifang":{"format":1,"site":"example.cn","exported_at":"2026-11-25T10:00:00.000Z"}}\n'
    '{"site":{"views":5,"visitors":3}}\n{"page":{"key":"/a","views":5,"visitors":3}}\n{"end":{"days":0,"pages":1}}\n',
    "2Path,Title,Event,Bot,Session,FirstVisit,Date\n/a,A,false,0,s1,true,2025-01-01T00:00:00Z\n",
]


def chance(value):
    """The same numbers for the same request."""
    return random.Random(zlib.crc32(repr(value).encode("utf-8", "surrogatepass")))


def address(draw):
    return f"https://{draw.choice(SITES)}{draw.choice(PATHS)}"


@schemathesis.hook
def before_call(context, case, kwargs):
    """A page must have been viewed before it can be shared, and a reset may have come between."""
    if case.operation.path != "/v1/shares" or not isinstance(case.body, dict):
        return
    number = zlib.crc32(repr(case.body).encode("utf-8", "surrogatepass"))
    hit = {"url": case.body.get("url"), "id": f"before-a-share-{number:010}"}
    requests.post(f"{case.operation.base_url.rstrip('/')}/v1/hits", json=hit, timeout=10)


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    draw = chance(path_parameters)
    if path_parameters and "site" in path_parameters and draw.random() < 0.75:
        path_parameters["site"] = draw.choice(SITES)
    return path_parameters


@schemathesis.hook
def map_query(context, query):
    draw = chance(query)
    if query and draw.random() < 0.75:
        if "site" in query:
            query["site"] = draw.choice(SITES)
        if "url" in query:
            query["url"] = address(draw)
    return query


@schemathesis.hook
def map_headers(context, headers):
    draw = chance(headers)
    if headers and draw.random() < 0.75:
        for name in ("Origin", "Referer"):
            if name in headers:
                headers[name] = f"https://{draw.choice(SITES[:2])}"
    return headers


@schemathesis.hook
def map_body(context, body):
    draw = chance(body)
    if draw.random() >= 0.75:
        return body
    if isinstance(body, dict) and "url" in body:
        body = {**body, "url": address(draw)}
        if draw.random() < 0.75:
            body.pop("site", None)
    elif isinstance(body, str) and draw.random() < 0.5:
        body = draw.choice(FILES)
    return body
