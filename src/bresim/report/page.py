"""A page: one self-contained HTML file, from a template that extends ``base.html.j2``."""

from __future__ import annotations

import base64
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bresim.common.text import Language
    from bresim.plots.view import Figure

_HERE = Path(__file__).parent
#: What may stand in a CSS string as it is; all else is escaped by its number.
_PLAIN = re.compile(r"[\w .,:()·’'-]")


def write(path: Path, template: str, language: Language, **content: Any) -> Path:
    """Write the page that ``template`` makes of ``content``, whole or not at all; it needs no network or other file."""
    text = render(template, language, **content)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return path


def render(template: str, language: Language, **content: Any) -> str:
    """The page as text; all that is in ``content`` is shown as text, never as markup."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_callables(language.gettext, language.ngettext)  # type: ignore[attr-defined]
    style = (_HERE / "style.css").read_text("utf-8")
    return environment.get_template(template).render(language=language, style=style, **content)


def footer(title: str, day: str) -> str:
    """What stands below every printed page, as a string of CSS."""
    return css_string(" · ".join(filter(None, ("bresim", title, day))))


def css_string(text: str) -> str:
    """The text as a string of CSS in which nothing can end it, whatever a user's label holds."""
    return '"' + "".join(one if _PLAIN.fullmatch(one) else f"\\{ord(one):06x}" for one in text) + '"'


def embedded(figure: Figure) -> str:
    """The picture as a data address, so that the page needs no other file."""
    return "data:image/svg+xml;base64," + base64.b64encode(figure.svg.read_bytes()).decode("ascii")
