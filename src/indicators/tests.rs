use super::*;
use crate::codebook::Codebook;
use crate::diagnostics::Diagnostics;
use crate::spreadsheet::testing::sheet;

const CODEBOOK: &str = r#"
[[question]]
id = "themes"
type = "choix-multiple"
colonne = "Thèmes"
modalites = [{ id = "ins", libelle = "Insertion" }, { id = "num", libelle = "Numérique" }]
[[question]]
id = "apprenants"
type = "nombre"
colonne = "Apprenants"
[[question]]
id = "avis"
type = "texte"
colonne = "Avis"
[[question]]
id = "depense"
type = "nombre"
colonne = "Dépense"
"#;

fn survey() -> Survey {
    let mut found = Diagnostics::new();
    let codebook = Codebook::parse("dictionnaire.toml", CODEBOOK, &mut found).unwrap();
    let rows: &[&[&str]] = &[
        &["Thèmes", "Apprenants", "Avis", "Dépense"],
        &["Insertion;Numérique", "90", "", "900"],
        &["Insertion", "110", "", "3300"],
        &["Numérique", "", "bien", "500"],
    ];
    Survey::read(sheet(rows), codebook, None, &mut found).unwrap()
}

fn compute(text: &str) -> (Figures, String) {
    let survey = survey();
    let announced = [("projets".to_string(), 204.0)];
    let mut found = Diagnostics::new();
    let context = Context { codebook: &survey.codebook, announced: &announced };
    let catalogue = Catalogue::parse("indicateurs.toml", text, &context, &mut found);
    let register = Register::default();
    let plan = Plan::of_answers(&survey);
    let data = Data {
        survey: &survey,
        register: &register,
        plan: &plan,
        announced: &announced,
        diffusion: &Diffusion::OFF,
        display: Display::default(),
    };
    let messages = found.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    (Figures::compute(&catalogue, &data).unwrap(), messages)
}

#[test]
fn a_question_gives_one_indicator_an_option() {
    let (figures, messages) = compute("[themes]\nquestion = 'themes'");
    assert_eq!(messages, "");
    let insertion = figures.get("themes.ins").unwrap();
    assert_eq!((insertion.national.count, insertion.national.base), (Some(2), Some(3)));
    assert_eq!(insertion.shown().as_deref(), Some("67\u{202F}%"));
    assert_eq!(figures.of_question("themes").count(), 2);
}

#[test]
fn numbers_give_statistics_and_expressions_combine_them() {
    let (figures, messages) = compute(
        "[apprenants.total]\ncalcul = 'apprenants.moyenne * annonce * 3'\n\
         [apprenants.moyenne]\nquestion = 'apprenants'\n\
         [annonce]\nannonce = 'projets'\n",
    );
    assert_eq!(messages, "");
    let total = figures.get("apprenants.total").unwrap();
    assert_eq!(total.national.value, Some(61_200.0));
    assert_eq!(total.national.base, Some(2));
    assert_eq!(figures.get("annonce").unwrap().national.base, None);
    let order: Vec<&str> = figures.figures.iter().map(|f| f.definition.id.as_str()).collect();
    assert_eq!(order, ["apprenants.total", "apprenants.moyenne", "annonce"]);
}

#[test]
fn a_ratio_is_of_those_who_gave_both_numbers() {
    let (figures, messages) = compute(
        "[cout]\nmesure = 'ratio'\nnumerateur = 'depense'\ndenominateur = 'apprenants'\nunite = '€'\n\
         [numerique]\nmesure = 'ratio'\nnumerateur = 'depense'\ndenominateur = 'apprenants'\n\
         base = 'themes = num'\nlibelle = 'coût'\n",
    );
    assert_eq!(messages, "");
    let cost = figures.get("cout").unwrap();
    // 500 was spent by who gave no number of learners.
    assert_eq!((cost.national.value, cost.national.base), (Some(4200.0 / 200.0), Some(2)));
    assert_eq!(cost.national.response, Some(Response { asked: 3, answered: 2 }));
    assert_eq!(cost.definition.label, "Dépense / Apprenants");
    assert!(cost.national.interval().is_some());
    let own = figures.get("numerique").unwrap();
    assert_eq!((own.national.value, own.national.base), (Some(10.0), Some(1)));
}

#[test]
fn a_quantile_has_an_order_and_half_is_the_median() {
    let (figures, messages) = compute(
        "[haut]\nquestion = 'depense'\nmesure = 'quantile'\nordre = 0.9\n\
         [moitie]\nquestion = 'depense'\nmesure = 'quantile'\nordre = 0.5\n\
         [mediane]\nquestion = 'depense'\nmesure = 'mediane'\n",
    );
    assert_eq!(messages, "");
    let value = |id: &str| figures.get(id).unwrap().national;
    assert_eq!((value("haut").value, value("haut").base), (Some(3300.0), Some(3)));
    assert_eq!(value("moitie"), value("mediane"));
}

#[test]
fn a_calculation_has_the_interval_of_its_parts() {
    let (figures, messages) = compute(
        "[moyenne]\nquestion = 'apprenants'\n[triple]\ncalcul = 'moyenne * annonce * 3'\n\
         [double]\ncalcul = '(triple - moyenne) / 2'\n[annonce]\nannonce = 'projets'\n\
         [connu]\ncalcul = 'annonce * 3'\n[haut]\nquestion = 'apprenants'\nmesure = 'maximum'\n\
         [borne]\ncalcul = 'haut - moyenne'\n[part]\nquestion = 'themes'\nmodalite = 'ins'\n\
         [projets]\ncalcul = 'part * annonce / 100'\n",
    );
    assert_eq!(messages, "");
    let value = |id: &str| figures.get(id).unwrap().national;
    let times = |id: &str, factor: f64, of: &str| {
        let (own, part) = (value(id), value(of));
        let near = |one: Option<f64>, other: Option<f64>| {
            (one.unwrap() - factor * other.unwrap()).abs() < 1e-9
        };
        assert!(near(own.low, part.low) && near(own.high, part.high), "{id}");
        assert!(near(own.standard_error, part.standard_error), "{id}");
        assert_eq!(own.basis, Some(Basis::Linearised));
    };
    times("triple", 612.0, "moyenne");
    times("double", 305.5, "moyenne");
    // The bounds of a proportion, not symmetrical.
    times("projets", 2.04, "part");
    for id in ["connu", "borne"] {
        assert_eq!((value(id).interval(), value(id).standard_error), (None, None), "{id}");
    }
}

#[test]
fn faults_of_measures_have_a_line_and_a_way_out() {
    let (_, messages) = compute(
        "[a]\nquestion = 'depense'\nmesure = 'quantil'\n[b]\nquestion = 'depense'\n\
         mesure = 'quantile'\n[c]\nquestion = 'depense'\nmesure = 'quantile'\nordre = 90\n\
         [d]\nquestion = 'depense'\nordre = 0.9\n[e]\nquestion = 'depense'\n\
         mesure = 'quantile'\nordre = 0\n[f]\nmesure = 'ratio'\nnumerateur = 'depenses'\n\
         [g]\nmesure = 'ratio'\nnumerateur = 'depense'\ndenominateur = 'themes'\n\
         [h]\nmesure = 'ratio'\nquestion = 'depense'\nnumerateur = 'depense'\n\
         denominateur = 'depense'\n[i]\nnumerateur = 'depense'\ndenominateur = 'apprenants'\n\
         [j]\nquestion = 'themes'\nmesure = 'moyenne'\n[k]\nquestion = 'depense'\n\
         modalite = 'ins'\n[l]\nmesure = 'moyenne'\n[m]\nquestion = 'depense'\nbase = 'tous'\n",
    );
    insta::assert_snapshot!(messages);
}

/// The schema that editors use has the keys that the program reads.
#[test]
fn the_schema_has_the_keys_that_are_read() {
    let schema = include_str!("../../report-templates/schemas/catalogue.json");
    crate::settings::testing::assert_part_agrees(schema, "/definitions/chiffre", "x", || {
        for text in [
            "[x]\nquestion = 'themes'\ndiffusion = {}\nbase = 'tous'",
            "[x]\nmesure = 'ratio'\nnumerateur = 'apprenants'\ndenominateur = 'depense'",
            "[x]\nquestion = 'depense'\nmesure = 'quantile'\nordre = 0.9",
            "[x]\nregistre = 'projets'",
            "[x]\nenquete = 'repondants'",
            "[x]\nannonce = 'projets'",
            "[x]\ncalcul = '1 + 2'",
        ] {
            compute(text);
        }
    });
}

#[test]
fn every_fault_of_a_catalogue_is_told() {
    let (_, messages) = compute(
        "[a]\nquestion = 'theme'\n[b]\nquestion = 'themes'\nmodalite = 'inss'\n\
         [c]\ncalcul = 'd + 1'\n[d]\ncalcul = 'c * 2'\n[e]\ncalcul = 'zzz +'\n\
         [f]\nquestion = 'avis'\n[g]\nregistre = 'projet'\nunit = 'x'\n",
    );
    insta::assert_snapshot!(messages);
}

#[test]
fn faults_of_diffusion_have_a_line_and_a_way_out() {
    let (_, messages) = compute(
        "[a]\nquestion = 'themes'\ndiffusion = false\n[b]\nquestion = 'themes'\nmodalite = 'ins'\n\
         [c]\ncalcul = 'a.ins * 2'\ndiffusion = false\n[d]\nquestion = 'apprenants'\n\
         diffusion = { base_minimal = 3 }\n[e]\nquestion = 'apprenants'\nmesure = 'total'\n\
         diffusion = 'non'\n",
    );
    insta::assert_snapshot!(messages);
}

#[test]
fn an_indicator_may_have_a_base_of_its_own() {
    let (figures, messages) = compute(
        "[themes]\nquestion = 'themes'\n[tous]\nquestion = 'themes'\nmodalite = 'num'\nbase = 'tous'\n\
         [moyenne]\nquestion = 'apprenants'\nbase = 'themes = num'\n",
    );
    assert_eq!(messages, "");
    assert_eq!(figures.of_question("themes").count(), 2);
    let own = &figures.get("tous").unwrap().national;
    assert_eq!((own.count, own.base), (Some(2), Some(3)));
    let mean = &figures.get("moyenne").unwrap().national;
    assert_eq!((mean.value, mean.base), (Some(90.0), Some(1)));
}

#[test]
fn faults_of_a_base_have_a_line_and_a_suggestion() {
    let (_, messages) = compute(
        "[a]\nquestion = 'themes'\nbase = 'tout'\n[b]\nquestion = 'apprenants'\nbase = 'theme = num'\n\
         [c]\nquestion = 'apprenants'\nbase = 'themes = nmu'\n\
         [d]\nquestion = 'themes'\nbase = 'themes = num'\n",
    );
    insta::assert_snapshot!(messages);
}
