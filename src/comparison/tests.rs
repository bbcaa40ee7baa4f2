use super::*;
use crate::codebook::Codebook;
use crate::diagnostics::Diagnostics;
use crate::diffusion::Diffusion;
use crate::indicators::{Catalogue, Context, Data};
use crate::spreadsheet::testing::sheet;

const CODEBOOK: &str = r#"
[repondant]
identifiant = "projet"
[[question]]
id = "projet"
type = "identifiant"
colonne = "Projet"
[[question]]
id = "themes"
libelle = "Thèmes"
type = "choix-multiple"
colonne = "Thèmes"
modalites = [{ id = "ins", libelle = "Insertion" }, { id = "num", libelle = "Numérique" }]
[[question]]
id = "lieu"
libelle = "Lieu"
type = "choix-unique"
colonne = "Lieu"
modalites = [{ id = "rural", libelle = "Rural" }, { id = "ville", libelle = "Ville" }]
[[question]]
id = "apprenants"
libelle = "Apprenants"
type = "nombre"
colonne = "Apprenants"
"#;

const CATALOGUE: &str = "[themes]\nquestion = 'themes'\n[lieu]\nquestion = 'lieu'\n\
    [apprenants.moyenne]\nquestion = 'apprenants'\nlibelle = 'Apprenants'\n\
    [double]\ncalcul = 'apprenants.moyenne * 2'\n[repondants]\nenquete = 'repondants'\n";

/// A year's inputs, held.
struct Held {
    edition: Edition,
    register: Register,
    survey: Survey,
    plan: Plan,
    figures: Figures,
}

impl Held {
    /// A project answers « BRE-01 », its theme, its place and its number.
    fn new(year: i32, codebook: &str, catalogue: &str, rows: &[[&str; 4]]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let text = format!(
            "annee = {year}\ntitre = 'Bilan'\nprogramme = 'DEFFINOV'\ndate = '{year}-06-30'\n"
        );
        std::fs::write(folder.path().join(crate::edition::FILE), text).unwrap();
        let mut found = Diagnostics::new();
        let edition = Edition::read(folder.path(), &mut found).unwrap();
        let codebook = Codebook::parse("dictionnaire.toml", codebook, &mut found).unwrap();
        let titles: &[&str] = &["Projet", "Thèmes", "Lieu", "Apprenants"];
        let mut lines = vec![titles];
        lines.extend(rows.iter().map(|row| row.as_slice()));
        let survey = Survey::read(sheet(&lines), codebook, None, &mut found).unwrap();
        let context = Context { codebook: &survey.codebook, announced: &[] };
        let catalogue = Catalogue::parse("indicateurs.toml", catalogue, &context, &mut found);
        assert!(!found.has_errors(), "{found:?}");
        let register = Register::default();
        let plan = Plan::of_answers(&survey);
        let data = Data {
            survey: &survey,
            register: &register,
            plan: &plan,
            announced: &[],
            diffusion: &Diffusion::OFF,
            display: crate::edition::Display::PLAIN,
        };
        let figures = Figures::compute(&catalogue, &data).unwrap();
        Self { edition, register, survey, plan, figures }
    }

    fn year(&self) -> Year<'_> {
        Year {
            edition: &self.edition,
            register: &self.register,
            survey: &self.survey,
            plan: &self.plan,
            figures: &self.figures,
        }
    }
}

const BEFORE: [[&str; 4]; 6] = [
    ["P1", "Insertion", "Rural", "10"],
    ["P2", "Insertion", "Ville", "20"],
    ["P3", "Numérique", "Ville", "30"],
    ["P4", "Numérique", "Rural", "40"],
    ["P5", "Numérique", "Rural", "55"],
    ["P6", "Numérique", "Ville", "60"],
];
const AFTER: [[&str; 4]; 6] = [
    ["P6", "Insertion", "Ville", "71"],
    ["P5", "Insertion", "Rural", "65"],
    ["P4", "Numérique", "Rural", "51"],
    ["P3", "Numérique", "Ville", "41"],
    ["P2", "Insertion", "Ville", "30"],
    ["P1", "Insertion", "Rural", "21"],
];

fn shipped(codebook: &str, catalogue: &str) -> Comparison {
    let before = Held::new(2024, codebook, catalogue, &BEFORE);
    let after = Held::new(2025, CODEBOOK, CATALOGUE, &AFTER);
    compare(&before.year(), &after.year())
}

fn line<'a>(comparison: &'a Comparison, id: &str) -> &'a Line {
    comparison.lines.iter().find(|line| line.definition.id == id).unwrap()
}

/// With ordinary spaces.
fn plain(text: &str) -> String {
    text.replace('\u{A0}', " ")
}

fn reason(comparison: &Comparison, id: &str) -> String {
    plain(&comparison.apart.iter().find(|apart| apart.id == id).unwrap().reason)
}

/// Each project gained 10 or 11: paired, that is far from noise; the interval
/// is that of the differences, as `svyby` of a stacked design has it.
#[test]
fn projects_are_paired_by_their_identifiers() {
    let comparison = shipped(CODEBOOK, CATALOGUE);
    assert_eq!(comparison.common, 6);
    let change = line(&comparison, "apprenants.moyenne").national.change.unwrap();
    assert!((change.value - 64.0 / 6.0).abs() < 1e-9, "{change:?}");
    let (low, high) = change.interval.unwrap();
    assert!(low > 10.0 && high < 11.5, "{change:?}");
    assert_eq!(change.verdict, Verdict::BeyondAll);
}

/// The same answers of other projects say nothing of the kind.
#[test]
fn strangers_are_not_paired() {
    let before = Held::new(2024, CODEBOOK, CATALOGUE, &BEFORE);
    let renamed = AFTER.map(|[_, a, b, c]| ["", a, b, c]);
    let after = Held::new(2025, CODEBOOK, CATALOGUE, &renamed);
    let comparison = compare(&before.year(), &after.year());
    assert_eq!(comparison.common, 0);
    let change = line(&comparison, "apprenants.moyenne").national.change.unwrap();
    assert_eq!(change.verdict, Verdict::Noise);
}

#[test]
fn what_is_derived_or_counted_has_a_difference_without_interval() {
    let comparison = shipped(CODEBOOK, CATALOGUE);
    for id in ["double", "repondants"] {
        let change = line(&comparison, id).national.change.unwrap();
        assert_eq!((change.interval, change.verdict), (None, Verdict::Untold), "{id}");
    }
}

#[test]
fn a_question_that_was_not_asked_is_said() {
    let (start, end) = CODEBOOK.split_once("[[question]]\nid = \"lieu\"").unwrap();
    let end = end.split_once("[[question]]").unwrap().1;
    let codebook = format!("{start}[[question]]{end}");
    let catalogue = CATALOGUE.replace("[lieu]\nquestion = 'lieu'\n", "");
    let comparison = shipped(&codebook, &catalogue);
    assert_eq!(reason(&comparison, "lieu.rural"), "la question n’était pas posée en 2024");
}

/// An option more changes what the others mean where only one can be ticked,
/// and is a remark where each is its own yes or no.
#[test]
fn options_that_changed_matter_where_they_exclude_each_other() {
    let codebook = CODEBOOK
        .replace(", { id = \"num\", libelle = \"Numérique\" }", "")
        .replace(", { id = \"ville\", libelle = \"Ville\" }", "");
    let comparison = shipped(&codebook, CATALOGUE);
    let lost = "cette modalité n’était pas proposée en 2024";
    assert_eq!(reason(&comparison, "themes.num"), lost);
    assert_eq!(
        reason(&comparison, "lieu.rural"),
        "les modalités ont changé : sans « Ville » en 2024"
    );
    let remarks = line(&comparison, "themes.ins").remarks.concat();
    assert_eq!(plain(&remarks), "les modalités ont changé : sans « Numérique » en 2024");
}

#[test]
fn another_type_base_unit_or_arithmetic_cannot_be_compared() {
    let types = CODEBOOK.replace(
        "libelle = \"Thèmes\"\ntype = \"choix-multiple\"",
        "libelle = \"Thèmes\"\ntype = \"choix-unique\"",
    );
    let reasons = shipped(&types, CATALOGUE);
    assert_eq!(
        reason(&reasons, "themes.ins"),
        "le type de la question a changé : une seule réponse possible, puis plusieurs réponses \
         possibles"
    );
    let base = CODEBOOK.replace("libelle = \"Lieu\"\n", "libelle = \"Lieu\"\nbase = \"tous\"\n");
    let found = shipped(&base, CATALOGUE);
    assert_eq!(reason(&found, "lieu.ville"), "la base a changé : « tous », puis « repondants »");
    let unit = CATALOGUE.replace("libelle = 'Apprenants'", "libelle = 'Apprenants'\nunite = 'h'");
    let found = shipped(CODEBOOK, &unit);
    assert!(reason(&found, "apprenants.moyenne").starts_with("l’unité a changé"));
    assert_eq!(
        reason(&found, "double"),
        "calculé avec « apprenants.moyenne », qui ne se compare pas"
    );
    let own = CATALOGUE.replace("[themes]\n", "[themes]\nbase = 'lieu = rural'\n");
    let found = shipped(CODEBOOK, &own);
    assert!(reason(&found, "themes.ins").starts_with("la base a changé"), "{:?}", found.apart);
}

#[test]
fn a_label_that_changed_is_a_remark() {
    let codebook = CODEBOOK.replace("libelle = \"Lieu\"", "libelle = \"Où\"");
    let comparison = shipped(&codebook, CATALOGUE);
    let remarks = line(&comparison, "lieu.rural").remarks.concat();
    assert_eq!(plain(&remarks), "question de 2024 : « Où »");
}

/// What either year hides has no number left.
#[test]
fn hidden_in_one_year_is_hidden_in_both() {
    let before = Held::new(2024, CODEBOOK, CATALOGUE, &BEFORE);
    let mut after = Held::new(2025, CODEBOOK, CATALOGUE, &AFTER);
    for figure in &mut after.figures.figures {
        if figure.definition.id == "themes.ins" {
            figure.national = Value { hidden: true, ..Value::default() };
        }
    }
    let comparison = compare(&before.year(), &after.year());
    let pair = &line(&comparison, "themes.ins").national;
    assert!(pair.hidden() && pair.first.hidden && pair.change.is_none());
    assert_eq!((pair.first.value, pair.first.count, pair.first.interval()), (None, None, None));
}
