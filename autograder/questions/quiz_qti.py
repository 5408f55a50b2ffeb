"""The quiz as QTI 1.2 in an IMS content package, as Canvas imports it: one quiz per student. Pure.

Formats: IMS Question & Test Interoperability 1.2.1 and IMS Content Packaging 1.1.3, with the metadata fields
``question_type`` and ``points_possible`` of Canvas.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from xml.etree import ElementTree as ET

from autograder.questions.question import Choice, Number, Question, Quiz, Sheet, one_line, plain_number

_CODE = re.compile(r"`([^`]{1,120})`")
_QTI = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
_PACKAGE = "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"
RESPONSE = "response1"


def qti_files(quiz: Quiz) -> dict[str, str]:
    """Return name → text of the files of the package, for a zip; only the manifest where there is no question."""
    files: dict[str, str] = {}
    manifest = ET.Element("manifest", {"identifier": "questions", "xmlns": _PACKAGE})
    metadata = ET.SubElement(manifest, "metadata")
    _text(metadata, "schema", "IMS Content")
    _text(metadata, "schemaversion", "1.1.3")
    ET.SubElement(manifest, "organizations")
    resources = ET.SubElement(manifest, "resources")
    for place, sheet in enumerate((sheet for sheet in quiz.sheets if sheet.questions), 1):
        ident = f"quiz{place}"
        name = f"{ident}/{ident}.xml"
        resource = ET.SubElement(resources, "resource", {"identifier": ident, "type": "imsqti_xmlv1p2"})
        ET.SubElement(resource, "file", {"href": name})
        files[name] = _written(_quiz(quiz, sheet, ident))
    return {"imsmanifest.xml": _written(manifest), **files}


def _quiz(quiz: Quiz, sheet: Sheet, ident: str) -> ET.Element:
    root = ET.Element("questestinterop", {"xmlns": _QTI})
    title = one_line(f"{quiz.title}: questions to {sheet.student}")
    assessment = ET.SubElement(root, "assessment", {"ident": ident, "title": title})
    _metadata(assessment, {"cc_maxattempts": "1"})
    section = ET.SubElement(assessment, "section", {"ident": "root_section"})
    for place, question in enumerate(sheet.questions, 1):
        _item(section, f"{ident}q{place}", question, place)
    return root


def _item(section: ET.Element, ident: str, question: Question, place: int) -> None:
    item = ET.SubElement(section, "item", {"ident": ident, "title": f"Question {place}"})
    kind = "multiple_choice_question" if isinstance(question.answer, Choice) else "numerical_question"
    _metadata(ET.SubElement(item, "itemmetadata"), {"question_type": kind, "points_possible": "1"})
    presentation = ET.SubElement(item, "presentation")
    _html(presentation, question.text)
    processing = ET.SubElement(item, "resprocessing")
    ET.SubElement(ET.SubElement(processing, "outcomes"), "decvar",
                  {"maxvalue": "100", "minvalue": "0", "varname": "SCORE", "vartype": "Decimal"})
    condition = ET.SubElement(processing, "respcondition", {"continue": "No"})
    variable = ET.SubElement(condition, "conditionvar")
    if isinstance(question.answer, Choice):
        _options(presentation, variable, question.answer)
    else:
        _number(presentation, variable, question.answer)
    _text(condition, "setvar", "100", {"action": "Set", "varname": "SCORE"})


def _options(presentation: ET.Element, variable: ET.Element, answer: Choice) -> None:
    given = ET.SubElement(presentation, "response_lid", {"ident": RESPONSE, "rcardinality": "Single"})
    shown = ET.SubElement(given, "render_choice")
    for place, option in enumerate(answer.options, 1):
        _html(ET.SubElement(shown, "response_label", {"ident": f"option{place}"}), option)
    right = 1 + answer.options.index(answer.right)
    _text(variable, "varequal", f"option{right}", {"respident": RESPONSE})


def _number(presentation: ET.Element, variable: ET.Element, answer: Number) -> None:
    given = ET.SubElement(presentation, "response_str", {"ident": RESPONSE, "rcardinality": "Single"})
    shown = ET.SubElement(given, "render_fib", {"fibtype": "Decimal"})
    ET.SubElement(shown, "response_label", {"ident": "answer1"})
    either = ET.SubElement(variable, "or")
    _text(either, "varequal", plain_number(answer.value), {"respident": RESPONSE})
    between = ET.SubElement(either, "and")
    _text(between, "vargte", plain_number(answer.value - answer.tolerance), {"respident": RESPONSE})
    _text(between, "varlte", plain_number(answer.value + answer.tolerance), {"respident": RESPONSE})


def _metadata(parent: ET.Element, fields: Mapping[str, str]) -> None:
    metadata = ET.SubElement(parent, "qtimetadata")
    for name, value in fields.items():
        field = ET.SubElement(metadata, "qtimetadatafield")
        _text(field, "fieldlabel", name)
        _text(field, "fieldentry", value)


def _html(parent: ET.Element, text: str) -> None:
    """Add a text that the platform reads as HTML: escaped once here as HTML, and once more when the XML is written."""
    marked = _CODE.sub(r"<code>\1</code>", html.escape(one_line(text)))
    _text(ET.SubElement(parent, "material"), "mattext", f"<p>{marked}</p>", {"texttype": "text/html"})


def _text(parent: ET.Element, name: str, text: str, attributes: Mapping[str, str] | None = None) -> None:
    ET.SubElement(parent, name, dict(attributes or {})).text = text


def _written(root: ET.Element) -> str:
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"
