//! `bilan initialiser`: the folder of a new edition, ready to fill.
//!
//! The folder holds a tiny example that can be produced at once, so that each
//! file shows what goes where; it is marked as a demonstration.

use std::path::Path;

use rust_xlsxwriter::{Format, Workbook, XlsxError};

use super::{Outcome, Progress};
use crate::assets::Assets;
use crate::cli::InitialiserArguments;
use crate::diagnostics::{Diagnostic, Failure, Place};

/// The texts of the new edition, in the folder of the templates.
const MODEL: &str = "edition-type";

/// The schemas with which editors complete and check the files: their first
/// line names them.
const SCHEMAS: [&str; 3] =
    ["schemas/edition.json", "schemas/dictionnaire.json", "schemas/catalogue.json"];

/// The text files of the new edition.
const FILES: [&str; 8] = [
    "edition.toml",
    "dictionnaire.toml",
    "indicateurs.toml",
    "textes/programme.md",
    "textes/carte.md",
    "textes/regions.md",
    "textes/methode.md",
    "textes/quatrieme.md",
];

/// Runs the command.
///
/// # Errors
///
/// `dossier-occupe` where the folder exists and holds something.
pub fn run(arguments: &InitialiserArguments, progress: &Progress) -> Result<Outcome, Failure> {
    let folder = &arguments.folder;
    if std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(Failure::usage(occupied(folder)));
    }
    if folder.is_file() {
        return Err(Failure::usage(occupied(folder)));
    }
    create(folder).map_err(Failure::internal)?;
    progress.finish(&format!(
        "{} est prêt : remplissez ses tableurs, puis lancez « bilan produire {} »",
        folder.display(),
        folder.display()
    ));
    Ok(Outcome::default())
}

fn create(folder: &Path) -> Result<(), Diagnostic> {
    let assets = Assets::locate(None)?;
    for name in FILES {
        let text = assets.read_text(&format!("{MODEL}/{name}"))?;
        write(&folder.join(name), text.as_bytes())?;
    }
    for name in SCHEMAS {
        write(&folder.join(name), assets.read_text(name)?.as_bytes())?;
    }
    for (name, sheets) in workbooks() {
        let bytes = workbook(&sheets).map_err(|error| unwritable(&folder.join(name), &error))?;
        write(&folder.join(name), &bytes)?;
    }
    Ok(())
}

/// A sheet: its name, its titles, its example rows.
type Example = (&'static str, &'static [&'static str], &'static [&'static [&'static str]]);

/// The workbooks of the new edition, with an example in each sheet. A cell
/// that reads as a number is written as one.
fn workbooks() -> [(&'static str, Vec<Example>); 3] {
    const LAUREATES: Example = (
        "Lauréats",
        &[
            "Identifiant",
            "Région",
            "Numéro",
            "Nom",
            "Tiers-lieux",
            "Organismes de formation",
            "Ligne source",
            "Remarque",
        ],
        &[
            &["BRE-01", "Bretagne", "1", "Projet exemple A", "Le tiers-lieu A", "GRETA A", "", ""],
            &["BRE-02", "Bretagne", "2", "Projet exemple B", "Le tiers-lieu B", "AFPA B", "", ""],
        ],
    );
    const REGIONS: Example = (
        "Régions",
        &[
            "Région",
            "Codes géographiques",
            "Intitulé imprimé",
            "Dispositif porté par",
            "Projets (libellé)",
            "Projets annoncés",
            "Dont lauréats DEFFINOV",
            "Enveloppe (M€)",
            "Subvention minimale (€)",
            "Subvention maximale (€)",
            "Départements couverts",
            "Projets en ruralité",
            "Projets en petite ville",
            "Projets en ville moyenne",
            "Projets en petite/moyenne ville",
            "Projets en grande ville/métropole",
            "Lignes source",
            "Remarque",
        ],
        &[&[
            "Bretagne",
            "53",
            "Bretagne",
            "la Région",
            "2 projets lauréats",
            "2",
            "",
            "0.3",
            "100000",
            "200000",
            "2",
            "1",
            "",
            "",
            "1",
            "",
            "",
            "",
        ]],
    );
    const CARDS: Example = (
        "Fiches",
        &[
            "Région",
            "Ordre",
            "Titre",
            "Communes",
            "Département",
            "Tiers-lieux",
            "Organismes de formation",
            "Autres partenaires",
            "Publics cibles",
            "Thématiques",
            "Vidéo",
            "Lien vidéo",
            "Ligne source",
            "Remarque",
        ],
        &[&[
            "Bretagne",
            "1",
            "Projet exemple A",
            "Rennes",
            "Ille-et-Vilaine",
            "Le tiers-lieu A",
            "GRETA A",
            "",
            "Demandeurs d’emploi",
            "Numérique ; Insertion",
            "",
            "",
            "",
            "",
        ]],
    );
    const ANSWERS: Example = (
        "Réponses",
        &[
            "Date de réponse",
            "Identifiant du projet",
            "Courriel",
            "Quelles sont les thématiques du projet ?",
            "Combien d’apprenants par an ?",
        ],
        &[
            &["2025-03-10", "BRE-01", "a@example.org", "Numérique;Insertion;", "80"],
            &["2025-03-11", "BRE-02", "b@example.org", "Insertion;", "120"],
        ],
    );
    const PUBLISHED: Example = (
        "Chiffres",
        &[
            "Indicateur",
            "Région",
            "Libellé",
            "Valeur",
            "Unité",
            "Valeur imprimée",
            "Approximation",
            "Rubrique",
            "Graphique",
            "Formulation",
            "Ligne source",
            "Attribution",
            "Remarque",
        ],
        &[&[
            "laureats",
            "",
            "",
            "2",
            "projets",
            "2",
            "",
            "Exemple",
            "",
            "2 projets lauréats",
            "",
            "certaine",
            "",
        ]],
    );
    [
        ("laureats.xlsx", vec![LAUREATES, REGIONS, CARDS]),
        ("questionnaire.xlsx", vec![ANSWERS]),
        ("chiffres-publies.xlsx", vec![PUBLISHED]),
    ]
}

fn workbook(sheets: &[Example]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let title = Format::new().set_bold().set_text_wrap();
    for (name, titles, rows) in sheets {
        let sheet = workbook.add_worksheet();
        sheet.set_name(*name)?.set_freeze_panes(1, 0)?;
        for (column, text) in titles.iter().enumerate() {
            sheet.write_with_format(0, column as u16, *text, &title)?;
            sheet.set_column_width(column as u16, 24)?;
        }
        for (row, cells) in rows.iter().enumerate() {
            for (column, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
                match cell.parse::<f64>() {
                    Ok(number) => sheet.write(row as u32 + 1, column as u16, number)?,
                    Err(_) => sheet.write(row as u32 + 1, column as u16, *cell)?,
                };
            }
        }
    }
    workbook.save_to_buffer()
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Diagnostic> {
    let parent = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(parent)
        .and_then(|()| std::fs::write(path, bytes))
        .map_err(|error| unwritable(path, &error))
}

fn unwritable(path: &Path, error: &dyn std::fmt::Display) -> Diagnostic {
    Diagnostic::error("sortie-impossible", format!("ce fichier ne peut pas être écrit ({error})"))
        .at(Place::file(path.display().to_string()))
        .help("vérifiez les droits et la place du disque, ou choisissez un autre dossier")
}

fn occupied(folder: &Path) -> Diagnostic {
    Diagnostic::error("dossier-occupe", "ce dossier existe déjà et n’est pas vide")
        .at(Place::file(folder.display().to_string()))
        .help("choisissez un autre nom : rien n’est jamais remplacé")
}
