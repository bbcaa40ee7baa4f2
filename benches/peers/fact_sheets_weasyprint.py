"""Sixteen fact sheets with WeasyPrint: the same tables, map and profile.

Reads the folder that the compiler of bilan gets, and writes a PDF a région.
"""

import html
import json
import pathlib
import sys

import weasyprint

if sys.argv[1:] == ["--installe"]:
    sys.exit()

STYLE = """
@page { size: A4; margin: 18mm }
body { font-family: sans-serif; font-size: 9pt }
h1 { font-size: 22pt } h2 { font-size: 13pt }
table { border-collapse: collapse; width: 100% }
td, th { border-bottom: 0.5pt solid #999; padding: 2pt; text-align: left; vertical-align: top }
img { width: 100% }
"""


def text(blocks):
    """The plain words of a text."""
    if isinstance(blocks, dict):
        return blocks.get("texte") or text(blocks.get("contenu") or [])
    return blocks if isinstance(blocks, str) else "".join(text(block) for block in blocks)


def rows(lines):
    cells = lambda line: "".join(f"<td>{html.escape(str(cell))}</td>" for cell in line)
    return "<table>" + "".join(f"<tr>{cells(line)}</tr>" for line in lines) + "</table>"


def picture(it, work):
    if not it:
        return ""
    source = (work / it["chemin"].lstrip("/")).as_uri()
    caption = html.escape(it["legende"])
    return f'<figure><img src="{source}" alt="{html.escape(it["alternative"])}"><figcaption>{caption}</figcaption></figure>'


def sheet(data, work):
    region = data["region"]
    parts = [f"<h1>{html.escape(region['nom'])}</h1>"]
    parts.append(rows((it["libelle"], it["valeur"]) for it in region["encart"]))
    parts.append("".join(f"<p>{html.escape(text(block))}</p>" for block in region["texte"]))
    parts.append(picture(region.get("carte"), work))
    parts.append("<h2>Profil</h2>" + "".join(picture(it, work) for it in data["profil"]))
    laureates = ((it["numero"], it["nom"], it["tiers_lieux"], it["organismes"]) for it in region["laureats"])
    parts.append("<h2>Lauréats</h2>" + rows(laureates))
    findings = ((it["objet"], it["message"], it["calcul"]) for it in data["constats"])
    parts.append("<h2>Constats</h2>" + rows(findings))
    parts.append("<h2>Méthode</h2>" + "".join(f"<p>{html.escape(text(it))}</p>" for it in data["methode"]))
    return f'<html lang="fr"><style>{STYLE}</style><body>{"".join(parts)}</body></html>'


work, target = (pathlib.Path(word) for word in sys.argv[1:])
target.mkdir(exist_ok=True)
for file in sorted((work / "donnees").glob("*.json")):
    data = json.loads(file.read_text())
    if "profil" in data:
        page = weasyprint.HTML(string=sheet(data, work))
        page.write_pdf(target / f"{file.stem}.pdf")
