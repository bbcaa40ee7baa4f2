use std::collections::BTreeMap;

use super::*;
use crate::diagnostics::{Diagnostics, Place};
use crate::indicators::Definition;
use crate::prose::{Piece, pieces};
use crate::register::Register;
use crate::typography::NO_BREAK_SPACE;

fn share(id: &str, label: &str, count: usize) -> Figure {
    let (question, option) = id.split_once('.').unwrap();
    let measure = Measure::Share { question: question.into(), option: option.into() };
    Figure {
        definition: definition(id, label, Unit::Percent, measure),
        national: of_base(count, 200),
        regions: BTreeMap::from([
            ("bretagne".to_string(), of_base(count / 20, 10)),
            ("corse".to_string(), Value { hidden: true, base: Some(2), ..Value::default() }),
        ]),
    }
}

fn definition(id: &str, label: &str, unit: Unit, measure: Measure) -> Definition {
    Definition {
        id: id.into(),
        label: label.into(),
        unit,
        decimals: 0,
        measure,
        parts: None,
        identity: None,
        base: None,
        diffusion: None,
        place: Place::default(),
    }
}

fn of_base(count: usize, base: usize) -> Value {
    Value {
        value: Some(100.0 * count as f64 / base as f64),
        count: Some(count),
        base: Some(base),
        low: Some(40.0),
        high: Some(50.0),
        ..Value::default()
    }
}

fn counted(id: &str, national: f64, regions: &[(&str, f64)]) -> Figure {
    let value = |value: f64| Value { value: Some(value), ..Value::default() };
    Figure {
        definition: definition(id, id, Unit::Things("projets".into()), Measure::Respondents),
        national: value(national),
        regions: regions.iter().map(|(slug, number)| (slug.to_string(), value(*number))).collect(),
    }
}

fn figures() -> Figures {
    Figures {
        exposed: Vec::new(),
        figures: vec![
            share("themes.insertion", "Insertion", 132),
            share("themes.numerique", "Numérique", 110),
            share("themes.ecologie", "Transition écologique", 110),
            share("themes.autre", "Autre", 180),
            counted("laureats", 18.0, &[("bretagne", 18.0), ("corse", 2.0), ("occitanie", 48.0)]),
        ],
    }
}

/// A register of three régions, read as every register is.
fn register() -> Register {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("laureats.xlsx");
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheets: [(&str, &[&str]); 3] = [
        (
            "Lauréats",
            &["Identifiant", "Région", "Numéro", "Nom", "Tiers-lieux", "Organismes de formation"],
        ),
        (
            "Régions",
            &[
                "Région",
                "Dispositif porté par",
                "Projets annoncés",
                "Enveloppe (M€)",
                "Subvention minimale (€)",
                "Subvention maximale (€)",
            ],
        ),
        ("Fiches", &["Région", "Titre", "Communes", "Tiers-lieux", "Organismes de formation"]),
    ];
    for (name, titles) in sheets {
        let sheet = workbook.add_worksheet();
        sheet.set_name(name).unwrap();
        sheet.write_row(0, 0, titles.to_vec()).unwrap();
        if name == "Régions" {
            for (row, region) in (1..).zip(["Bretagne", "Corse", "Occitanie"]) {
                sheet.write(row, 0, region).unwrap();
            }
        }
    }
    workbook.save(&path).unwrap();
    let mut found = Diagnostics::new();
    let register = Register::read(&path, &mut found);
    assert!(found.is_empty(), "{found:?}");
    register
}

/// What a text's only figure becomes, or why it does not.
fn told(text: &str) -> Result<String, String> {
    let (figures, register) = (figures(), register());
    let book = Book { figures: &figures, regions: &register.regions };
    let piece = pieces(text).into_iter().next();
    let Some(Piece::Figure(request, _)) = piece else { panic!("{text} holds no figure") };
    let plain = |text: String| text.replace([NO_BREAK_SPACE, '\u{202F}'], " ");
    book.tell(&request)
        .map(|figure| plain(figure.text))
        .map_err(|missing| plain(format!("{} — {}", missing.message, missing.help)))
}

#[test]
fn each_form_follows_the_figure() {
    for (text, expected) in [
        ("{{themes.insertion}}", "66 %"),
        ("{{themes.insertion|decimales=1}}", "66,0 %"),
        ("{{themes.insertion|format=nombre}}", "66"),
        ("{{themes.insertion|region=Bretagne}}", "60 %"),
        ("{{themes.insertion|format=mots}}", "les deux tiers"),
        ("{{themes.insertion|format=mots|apres=de}}", "des deux tiers"),
        ("{{themes.insertion|format=mots|casse=majuscule}}", "Les deux tiers"),
        ("{{themes.numerique|format=sur}}", "plus d’un projet sur deux"),
        ("{{themes.numerique|format=sur|nom=région|genre=f}}", "plus d’une région sur deux"),
        ("{{themes.insertion|format=majorite}}", "la majorité"),
        ("{{themes.insertion|format=effectif}}", "132"),
        ("{{themes.insertion|format=effectif-sur-base}}", "132 sur 200"),
        ("{{themes.insertion|format=base}}", "200"),
        ("{{themes.insertion|format=intervalle}}", "entre 40 % et 50 %"),
        ("{{themes.insertion|format=libelle}}", "Insertion"),
        ("{{themes.insertion|format=rang|nom=thématique|genre=f}}", "première thématique"),
        ("{{themes.ecologie|format=rang|genre=féminin}}", "deuxième ex æquo"),
        ("{{themes|rang=1}}", "Insertion"),
        ("{{themes|rang=1|casse=minuscule}}", "insertion"),
        ("{{themes|rang=2|format=valeur}}", "55 %"),
        ("{{laureats|format=lettres}}", "dix-huit"),
        ("{{laureats|region=corse|format=lettres}}", "deux"),
        ("{{laureats|region=occitanie|format=rang|nom=région|genre=f}}", "première région"),
    ] {
        assert_eq!(told(text).as_deref(), Ok(expected), "{text}");
    }
}

/// « Autre » is no theme: it has no rank, though it is the largest.
#[test]
fn empty_options_have_no_rank() {
    assert!(told("{{themes|rang=4}}").unwrap_err().contains("n’a que 3 modalités"));
}

#[test]
fn what_cannot_be_told_says_why_and_what_to_write() {
    let faults = [
        "{{themes.insertoin}}",
        "{{themes}}",
        "{{theme|rang=1}}",
        "{{laureats|rang=1}}",
        "{{themes.insertion|region=Bretange}}",
        "{{themes.insertion|region=occitanie}}",
        "{{themes.insertion|region=corse}}",
        "{{themes.insertion|region=corse|format=base}}",
        "{{themes|rang=1|region=corse}}",
        "{{themes.insertion|region=bretagne|format=rang|parmi=regions}}",
        "{{themes.insertion|formt=mots}}",
        "{{themes.insertion|format=mot}}",
        "{{themes.insertion|format=xyz}}",
        "{{themes.insertion|genre=neutre}}",
        "{{themes.insertion|decimales=beaucoup}}",
        "{{themes|rang=0}}",
        "{{laureats|format=mots}}",
        "{{themes.insertion|format=lettres}}",
        "{{laureats|format=base}}",
        "{{laureats|format=rang}}",
    ];
    let said: Vec<String> =
        faults.iter().map(|text| format!("{text}\n    {}", told(text).unwrap_err())).collect();
    insta::assert_snapshot!(said.join("\n"));
}
