"""The one file that is a page: its script, and the model that the script starts."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from bresim.common.errors import BresimError, said
from bresim.common.text import language
from bresim.page.content import Content

#: Script and style of the page, and of its workers, made from the sources in ``page/`` (``make page-bundle``).
BUNDLE, STYLE = (Path(__file__).parent / f"bundle.{kind}" for kind in ("js", "css"))
#: A page that is larger opens slowly on a phone.
LARGEST = 1_000_000

_PAGE = """<!doctype html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>bresim</title>
<link rel="icon" href="data:,">
<style>{style}</style>
</head>
<body>
<p id="bresim-start">{start}</p>
<script type="application/json" id="bresim-model">{model}</script>
<script id="bresim-code">{code}</script>
</body>
</html>
"""


def _packed(data: bytes) -> str:
    return base64.b64encode(gzip.compress(data, 9, mtime=0)).decode()


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def policy(code: str, style: str) -> str:
    """The content security policy of a page: its own script and style, workers of its own, no network at all."""
    return "; ".join([
        "default-src 'none'",
        f"script-src {_digest(code)} 'wasm-unsafe-eval' blob:",
        f"style-src {_digest(style)}",
        "worker-src blob:",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
    ])  # fmt: skip


def document(content: Content, modules: Mapping[str, Mapping[str, bytes]], lang: str) -> str:
    """The page as text; BresimError if it has become too large to send to a phone."""
    code = BUNDLE.read_text(encoding="utf-8").replace("</script", "<\\/script")
    style = STYLE.read_text(encoding="utf-8")
    catalogue = json.dumps(content.catalogue, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    model = json.dumps({
        "content": _packed(catalogue.encode()),
        "arrays": _packed(content.arrays),
        "kernels": {
            kind: {build: _packed(module) for build, module in builds.items()} for kind, builds in modules.items()
        },
    })  # fmt: skip
    start = language(lang).gettext(
        "This page computes by itself, in your browser. If you keep reading this, JavaScript is off or the browser is "
        "too old: use a recent Chrome, Edge, Firefox or Safari."
    )
    text = _PAGE.format(lang=lang, policy=policy(code, style), style=style, start=start, model=model, code=code)
    if len(text.encode()) > LARGEST:
        raise BresimError(
            said(
                "the page has {size} bytes, more than {most}: take fewer regions or designs",
                size=len(text.encode()),
                most=LARGEST,
            )
        )
    return text
