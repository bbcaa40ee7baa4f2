use super::*;
use crate::codebook::Codebook;
use crate::spreadsheet::Workbook;
use crate::spreadsheet::testing::sheet;

const CODEBOOK: &str = r#"
[repondant]
identifiant = "projet"
[[question]]
id = "projet"
type = "identifiant"
colonne = "Projet"
[[question]]
id = "taille"
type = "choix-unique"
colonne = "Taille"
modalites = [{ id = "rural", libelle = "Rural" }, { id = "ville", libelle = "Ville" }]
[[question]]
id = "themes"
type = "choix-multiple"
colonne = "Thèmes"
modalites = [{ id = "ins", libelle = "Insertion" }]
"#;

const WEIGHTED: &str = "[table]\npoids = \"Poids\"\n";

/// A register of six projects: three in Bretagne, two in Corse, one in Mayotte.
fn register() -> Register {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("laureats.xlsx");
    let laureates: Vec<Vec<&str>> = [
        ["BRE-01", "Bretagne", "Rennes", "côte"],
        ["BRE-02", "Bretagne", "Brest", "côte"],
        ["BRE-03", "Bretagne", "Vannes", "terre"],
        ["COR-01", "Corse", "Ajaccio", "côte"],
        ["COR-02", "Corse", "Bastia", "terre"],
        ["MAY-01", "Mayotte", "Dzaoudzi", "côte"],
    ]
    .iter()
    .map(|[id, region, name, place]| vec![*id, *region, "", *name, "Lieu", "GRETA", *place])
    .collect();
    let titles = vec![
        "Identifiant",
        "Région",
        "Numéro",
        "Nom",
        "Tiers-lieux",
        "Organismes de formation",
        "Situation",
    ];
    let regions = vec![
        vec![
            "Région",
            "Dispositif porté par",
            "Projets annoncés",
            "Enveloppe (M€)",
            "Subvention minimale (€)",
            "Subvention maximale (€)",
        ],
        vec!["Bretagne", "la Région"],
        vec!["Corse", "l’État"],
        vec!["Mayotte", "l’État"],
    ];
    let cards = vec![vec!["Région", "Titre", "Communes", "Tiers-lieux", "Organismes de formation"]];
    write(&path, &[[vec![titles], laureates].concat(), regions, cards]);
    let mut found = Diagnostics::new();
    let register = Register::read(&path, &mut found);
    assert!(!found.has_errors(), "{found:?}");
    register
}

fn write(path: &std::path::Path, sheets: &[Vec<Vec<&str>>]) {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    for (name, rows) in crate::register::SHEETS.iter().zip(sheets) {
        let sheet = workbook.add_worksheet();
        sheet.set_name(*name).unwrap();
        for (row, cells) in rows.iter().enumerate() {
            for (column, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
                sheet.write(row as u32, column as u16, *cell).unwrap();
            }
        }
    }
    workbook.save(path).unwrap();
    assert!(Workbook::open(path).is_ok());
}

const ROWS: &[&[&str]] = &[
    &["Projet", "Taille", "Thèmes", "Poids"],
    &["BRE-01", "Rural", "Insertion", "2"],
    &["BRE-02", "Ville", "", "1"],
    &["COR-01", "Ville", "Insertion", "1"],
    &["MAY-01", "Rural", "Insertion", "3"],
];

/// The plan of four answers, or the messages.
fn plan_of(codebook: &str, rows: &[&[&str]], settings: &str) -> Result<Plan, String> {
    let register = register();
    let mut found = Diagnostics::new();
    let codebook = Codebook::parse("dictionnaire.toml", codebook, &mut found).unwrap();
    let survey = Survey::read(sheet(rows), codebook, Some(&register), &mut found).unwrap();
    assert!(!found.has_errors(), "{found:?}");
    let estimation = Estimation::parse("edition.toml", settings).unwrap();
    let plan = Plan::of_edition(&survey, &register, &estimation, &mut found);
    plan.ok_or_else(|| found.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}

fn weights(codebook: &str, settings: &str) -> Vec<f64> {
    plan_of(codebook, ROWS, settings).unwrap().design.weights().to_vec()
}

fn rounded(weights: Vec<f64>) -> Vec<f64> {
    weights.into_iter().map(|weight| (weight * 1e6).round() / 1e6).collect()
}

#[test]
fn without_weighting_every_answer_counts_for_one() {
    assert_eq!(weights(CODEBOOK, ""), [1.0; 4]);
    assert_eq!(weights(&format!("{WEIGHTED}{CODEBOOK}"), ""), [2.0, 1.0, 1.0, 3.0]);
}

#[test]
fn by_region_every_answer_stands_for_its_share_of_the_projects() {
    let by_region = "[estimation]\nponderation = 'region'";
    assert_eq!(weights(CODEBOOK, by_region), [1.5, 1.5, 2.0, 1.0]);
    // Weights of the questionnaire keep their proportions within a région.
    let own = weights(&format!("{WEIGHTED}{CODEBOOK}"), by_region);
    assert_eq!(rounded(own), [2.0, 1.0, 2.0, 1.0]);
}

#[test]
fn merged_regions_are_one_stratum() {
    let settings = "[estimation]\nponderation = 'region'\n\
                    [[estimation.regroupement]]\nregions = ['Mayotte', 'corse']";
    let plan = plan_of(CODEBOOK, ROWS, settings).unwrap();
    assert_eq!(plan.design.weights(), [1.5, 1.5, 1.5, 1.5]);
    let strata: Vec<_> = plan.design.strata().iter().map(|s| (s.population, s.sample)).collect();
    assert_eq!(strata, [(Some(3.0), 2), (Some(3.0), 2)]);
}

#[test]
fn calibration_meets_its_margins() {
    let settings = "[estimation]\nponderation = 'calage'\n\
                    [[calage.marge]]\nregistre = 'porteur'\n\
                    [[calage.marge]]\nregistre = 'Situation'\n\
                    [[calage.marge]]\nquestion = 'taille'\ntotaux = { rural = 2, ville = 4 }";
    let rows: &[&[&str]] = &[
        &["Projet", "Taille", "Thèmes"],
        &["BRE-01", "Rural", ""],
        &["BRE-03", "Ville", ""],
        &["COR-01", "Ville", ""],
        &["COR-02", "Rural", ""],
        &["MAY-01", "Ville", ""],
    ];
    let plan = plan_of(CODEBOOK, rows, settings).unwrap();
    let weights = plan.design.weights();
    let sum = |units: &[usize]| -> f64 { units.iter().map(|unit| weights[*unit]).sum() };
    assert!((sum(&[0, 1]) - 3.0).abs() < 1e-8, "{weights:?}");
    assert!((sum(&[0, 2, 4]) - 4.0).abs() < 1e-8, "{weights:?}");
    assert!((sum(&[0, 3]) - 2.0).abs() < 1e-8, "{weights:?}");
    let calibrated = plan.calibration.unwrap();
    assert!(calibrated.convergence.converged && calibrated.convergence.largest_gap < 1e-8);
    assert_eq!(calibrated.margins, ["porteur", "situation", "taille"]);
}

#[test]
fn what_cannot_be_weighted_is_told() {
    let calibrate = |margins: &str| format!("[estimation]\nponderation = 'calage'\n{margins}");
    let without_mayotte = &ROWS[..4];
    let blank: &[&[&str]] = &[ROWS[0], ROWS[1], ROWS[2], ROWS[3], &["MAY-01", "", ""]];
    let mut cases = vec![
        (without_mayotte, "[estimation]\nponderation = 'region'".to_string()),
        (
            ROWS,
            "[[estimation.regroupement]]\nregions = ['Corse', 'Bretange']\n\
             [[estimation.regroupement]]\nregions = ['Corse', 'Bretagne']"
                .to_string(),
        ),
        (ROWS, calibrate("")),
        (blank, calibrate("[[calage.marge]]\nquestion = 'taille'\ntotaux = { rural = 6 }")),
    ];
    for margin in [
        "registre = 'situations'",
        "registre = 'Numéro'",
        "question = 'tailles'\ntotaux = { rural = 6 }",
        "question = 'themes'\ntotaux = { ins = 6 }",
        "question = 'taille'\ntotaux = { rurall = 6 }",
        "question = 'taille'\ntotaux = { rural = 2, ville = 5 }",
        "question = 'taille'\ntotaux = { rural = 6 }",
        "registre = 'Nom'",
    ] {
        cases.push((ROWS, calibrate(&format!("[[calage.marge]]\n{margin}"))));
    }
    let opposed = "[[calage.marge]]\nregistre = 'porteur'\n\
                   [[calage.marge]]\nquestion = 'taille'\ntotaux = { rural = 1, ville = 5 }\n[calage]\ntours = 3";
    cases.push((ROWS, calibrate(opposed)));
    let messages: Vec<String> = cases
        .into_iter()
        .map(|(rows, settings)| plan_of(CODEBOOK, rows, &settings).err().unwrap_or(settings))
        .collect();
    // The register of a test stands in a folder with a name of its own.
    let lines = messages.join("\n\n");
    let lines = lines.lines().map(|line| match line.split_once("laureats.xlsx") {
        Some((_, cell)) => format!("  → laureats.xlsx{cell}"),
        None => line.to_string(),
    });
    insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"));
}

/// The answers of `ROWS`.
fn survey() -> Survey {
    let mut found = Diagnostics::new();
    let codebook = Codebook::parse("dictionnaire.toml", CODEBOOK, &mut found).unwrap();
    Survey::read(sheet(ROWS), codebook, Some(&register()), &mut found).unwrap()
}

/// What a plan tells beside its faults.
fn warnings_of(settings: &str) -> String {
    let mut found = Diagnostics::new();
    let survey = survey();
    let estimation = Estimation::parse("edition.toml", settings).unwrap();
    Plan::of_edition(&survey, &register(), &estimation, &mut found);
    found.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn margins_that_are_not_used_or_not_met_are_told() {
    let unused = warnings_of("[[calage.marge]]\nregistre = 'region'\n");
    let opposed = warnings_of(
        "[estimation]\nponderation = 'calage'\n[calage]\ntolerance = 10\n\
         [[calage.marge]]\nregistre = 'region'\n\
         [[calage.marge]]\nquestion = 'taille'\ntotaux = { rural = 1, ville = 5 }\n",
    );
    insta::assert_snapshot!(format!("{unused}\n\n{opposed}"));
}

#[test]
fn a_share_that_is_a_margin_is_known() {
    let plan = plan_of(
        CODEBOOK,
        ROWS,
        "[estimation]\nponderation = 'calage'\n\
         [[calage.marge]]\nquestion = 'taille'\ntotaux = { rural = 2, ville = 4 }\n",
    )
    .unwrap();
    let survey = survey();
    let rank = survey.rank("taille").unwrap();
    let table =
        crate::tabulation::tabulate(&survey, rank, crate::tabulation::Grouping::None, &plan);
    let share = table.unwrap().groups[0].options[0].share.unwrap();
    assert!((share.value - 2.0 / 6.0).abs() < 1e-12);
    assert_eq!(share.interval(), Some((share.value, share.value)));
    assert_eq!(share.basis, Some(crate::statistics::Basis::Calibrated));
}

#[test]
fn more_answers_than_projects_are_no_sample_of_them() {
    let codebook = CODEBOOK.replacen("[repondant]", "[repondant]\ndoublons = \"tous\"", 1);
    let rows: &[&[&str]] =
        &[ROWS[0], ROWS[1], ROWS[2], ROWS[3], ROWS[4], &["MAY-01", "Ville", "Insertion", "1"]];
    let plan = plan_of(&codebook, rows, "").unwrap();
    assert_eq!(plan.design.strata()[2].population, None);
    let refused = plan_of(&codebook, rows, "[estimation]\nponderation = 'region'").unwrap_err();
    assert!(refused.contains("plus-de-reponses-que-de-projets"), "{refused}");
}

#[test]
fn a_plan_says_what_it_is_in_r() {
    let r = |codebook: &str, settings: &str| plan_of(codebook, ROWS, settings).unwrap().in_r();
    let calibrated = "[estimation]\nponderation = 'calage'\n\
                      [[calage.marge]]\nregistre = 'porteur'\n[[calage.marge]]\nregistre = 'region'";
    let calls = [
        r(CODEBOOK, ""),
        r(CODEBOOK, "[estimation]\nponderation = 'region'"),
        r(CODEBOOK, calibrated),
        r(&format!("{WEIGHTED}{CODEBOOK}"), ""),
        r(&format!("{WEIGHTED}{CODEBOOK}"), "[estimation]\nponderation = 'region'"),
    ];
    insta::assert_snapshot!(calls.join("\n"));
}
