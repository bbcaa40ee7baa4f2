//! Editions made from the samples of `tests/oracle`: what the program prints
//! of them is what R finds, under each weighting.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::support::{Edition, bilan, project};

type Row = BTreeMap<String, String>;

fn oracle(file: &str) -> Vec<Row> {
    let path = project().join("tests/oracle").join(file);
    csv::Reader::from_path(path).unwrap().deserialize().map(|row| row.unwrap()).collect()
}

/// A weighting of an edition, and the design and calibration it is in R.
struct Weighting {
    settings: &'static str,
    /// Whether the codebook names the column of weights.
    own: bool,
    design: &'static str,
    calibration: &'static str,
}

const RAKED: &str = "rake:region+porteur+taille";

const WEIGHTINGS: [Weighting; 6] = [
    Weighting { settings: "", own: false, design: "unite", calibration: "" },
    Weighting { settings: "", own: true, design: "poids", calibration: "" },
    Weighting { settings: "region", own: false, design: "strates", calibration: "" },
    Weighting { settings: "region", own: true, design: "poids", calibration: "post:region" },
    Weighting { settings: "calage", own: false, design: "strates", calibration: RAKED },
    Weighting { settings: "calage", own: true, design: "poids", calibration: RAKED },
];

/// The official codes of the régions of the samples.
const REGIONS: [(&str, &str); 7] = [
    ("bre", "53"),
    ("cor", "94"),
    ("idf", "11"),
    ("may", "06"),
    ("nor", "28"),
    ("occ", "76"),
    ("reu", "04"),
];

const QUESTIONS: &str = r#"
[repondant]
identifiant = "projet"
[[question]]
id = "projet"
type = "identifiant"
colonne = "Projet"
[[question]]
id = "theme"
type = "choix-multiple"
modalites = [
    { id = "theme_ins", libelle = "Insertion", colonne = "theme_ins" },
    { id = "theme_num", libelle = "Numérique", colonne = "theme_num" },
    { id = "theme_rare", libelle = "Rare", colonne = "theme_rare" },
]
coche = ["1"]
non_coche = ["0"]
[[question]]
id = "choix"
type = "choix-unique"
colonne = "choix"
modalites = [{ id = "x", libelle = "x" }, { id = "y", libelle = "y" }, { id = "z", libelle = "z" }]
[[question]]
id = "profil"
type = "choix-unique"
colonne = "profil"
modalites = [{ id = "a", libelle = "a" }, { id = "b", libelle = "b" }, { id = "c", libelle = "c" }]
[[question]]
id = "taille"
type = "choix-unique"
colonne = "taille"
modalites = [
    { id = "petite", libelle = "petite" },
    { id = "rural", libelle = "rural" },
    { id = "ville", libelle = "ville" },
]
[[question]]
id = "nombre"
type = "nombre"
colonne = "nombre"
[[question]]
id = "depense"
type = "nombre"
colonne = "depense"
"#;

const MARGINS: &str = "[[calage.marge]]\nregistre = 'region'\n\
    [[calage.marge]]\nregistre = 'Porteur du projet'\n\
    [[calage.marge]]\nquestion = 'taille'\ntotaux = { petite = 38, rural = 70, ville = 25 }\n";

/// The edition of a sample: its respondents are projects of the register, with
/// as many more as its régions have.
fn edition(sample: &[Row], weighting: &Weighting, interval: &str) -> Edition {
    let edition = Edition::new();
    let mut laureates = vec![vec!["Identifiant".to_string(), "Région".into()]];
    for title in ["Numéro", "Nom", "Tiers-lieux", "Organismes de formation", "Porteur du projet"] {
        laureates[0].push(title.to_string());
    }
    let mut answers = vec![sample[0].keys().cloned().collect::<Vec<_>>()];
    answers[0].push("Projet".to_string());
    // 50 projects of the population are run by the State.
    let mut left = 50 - sample.iter().filter(|row| row["porteur"] == "etat").count();
    for (region, _) in REGIONS {
        let inside: Vec<&Row> = sample.iter().filter(|row| row["region"] == region).collect();
        let projects: usize = inside[0]["N"].parse().unwrap();
        for rank in 0..projects {
            let id = format!("{region}-{rank}");
            let carrier = match inside.get(rank) {
                Some(row) => {
                    let cells = row.values().cloned().chain([id.clone()]);
                    answers.push(cells.collect());
                    row["porteur"].clone()
                }
                None if left > 0 => {
                    left -= 1;
                    "etat".to_string()
                }
                None => "region".to_string(),
            };
            let cells = [&id, region, "", &id, "Lieu", "GRETA", &carrier];
            laureates.push(cells.iter().map(|cell| cell.to_string()).collect());
        }
    }
    write(&edition, laureates, answers);
    let poids = if weighting.own { "[table]\npoids = \"poids\"\n" } else { "" };
    std::fs::write(edition.path("dictionnaire.toml"), format!("{poids}{QUESTIONS}")).unwrap();
    std::fs::write(edition.path("indicateurs.toml"), "").unwrap();
    let weights = match weighting.settings {
        "" => String::new(),
        word => format!("ponderation = '{word}'\n"),
    };
    let settings = format!(
        "annee = 2025\ntitre = 'Essai'\nprogramme = 'Essai'\ndate = '2025-06-30'\n\
         [diffusion]\nbase_minimale = 0\ndominance = 0\n\
         [estimation]\nintervalle = '{interval}'\n{weights}{MARGINS}"
    );
    std::fs::write(edition.path("edition.toml"), settings).unwrap();
    edition
}

fn write(edition: &Edition, laureates: Vec<Vec<String>>, answers: Vec<Vec<String>>) {
    fn borrowed(rows: &[Vec<String>]) -> Vec<Vec<&str>> {
        rows.iter().map(|row| row.iter().map(String::as_str).collect()).collect()
    }
    let titles = [
        "Région",
        "Codes géographiques",
        "Dispositif porté par",
        "Projets annoncés",
        "Enveloppe (M€)",
        "Subvention minimale (€)",
        "Subvention maximale (€)",
    ];
    let regions = REGIONS.iter().map(|(name, code)| vec![*name, *code, "la Région"]);
    let cards = vec![vec!["Région", "Titre", "Communes", "Tiers-lieux", "Organismes de formation"]];
    edition.write_workbook(
        "laureats.xlsx",
        &[
            ("Lauréats", borrowed(&laureates)),
            ("Régions", std::iter::once(titles.to_vec()).chain(regions).collect()),
            ("Fiches", cards),
        ],
    );
    edition.write_workbook("questionnaire.xlsx", &[("Réponses", borrowed(&answers))]);
}

fn tableau(edition: &Edition, question: &str, by: Option<&str>, more: &[&str]) -> Value {
    let mut command = bilan(edition.folder.path());
    command.args(["tableau", "essai", question, "--format", "json", "--quiet"]).args(more);
    if let Some(by) = by {
        command.args(["--par", by]);
    }
    let output = command.assert().success().get_output().stdout.clone();
    serde_json::from_slice(&output).unwrap()
}

/// What the program says of a case: n, value, standard error and bounds, shares
/// out of 1.
fn found(table: &Value, case: &Row) -> (u64, [Option<f64>; 4]) {
    let group = case["domain"].split_once('=').map(|(_, value)| value);
    let groups = table["groupes"].as_array().unwrap();
    let group = groups.iter().find(|entry| entry["groupe"].as_str() == group).unwrap();
    let read = |entry: &Value, keys: [&str; 4], scale: f64| {
        keys.map(|key| entry[key].as_f64().map(|value| value / scale))
    };
    if case["statistic"] == "proportion" {
        let id = if case["variable"] == "choix" { &case["option"] } else { &case["variable"] };
        let options = group["modalites"].as_array().unwrap();
        let option = options.iter().find(|option| option["id"] == **id).unwrap();
        let keys = ["pourcentage", "erreur_type", "borne_basse", "borne_haute"];
        return (group["base"].as_u64().unwrap(), read(option, keys, 100.0));
    }
    let name = match case["statistic"].as_str() {
        "mean" => "moyenne",
        "total" => "total",
        _ => "mediane",
    };
    let entry = &group["nombres"]["estimations"][name];
    assert_eq!(entry["valeur"], group["nombres"][name]);
    let keys = ["valeur", "erreur_type", "borne_basse", "borne_haute"];
    (group["nombres"]["effectif"].as_u64().unwrap(), read(entry, keys, 1.0))
}

fn agree(found: Option<f64>, expected: &str) -> bool {
    match (found, expected.parse::<f64>().ok()) {
        (None, None) => true,
        (Some(found), Some(expected)) => {
            (found - expected).abs() <= 1e-9 * expected.abs() || found == expected
        }
        _ => false,
    }
}

/// The cases of a weighting and an interval that `tableau` can print.
fn cases(weighting: &Weighting, interval: &str) -> Vec<Row> {
    let printed = |case: &Row| {
        let domain = case["domain"].split('=').next().unwrap_or_default();
        let domain = if case["domain"].contains('&') { "several" } else { domain };
        let statistic = match case["statistic"].as_str() {
            "proportion" => case["method"] == interval,
            "mean" | "total" => interval == "beta",
            "quantile" => interval == "beta" && case["p"] == "0.5",
            _ => false,
        };
        statistic
            && case["input"] == "inegal"
            && case["level"] == "0.95"
            && ["", "region", "profil"].contains(&domain)
            && case["design"] == weighting.design
            && case["calibration"] == weighting.calibration
    };
    oracle("cases.csv").into_iter().filter(printed).collect()
}

#[test]
fn tables_of_an_edition_are_those_of_r() {
    let sample = oracle("inputs/inegal.csv");
    let expected = oracle("expected.csv");
    let (mut compared, mut wrong) = (0, Vec::new());
    for weighting in &WEIGHTINGS {
        for interval in ["beta", "logit", "wilson"] {
            let cases = cases(weighting, interval);
            assert!(!cases.is_empty() || interval != "beta");
            let edition = edition(&sample, weighting, interval);
            let mut tables: BTreeMap<(String, String), Value> = BTreeMap::new();
            for case in cases {
                let question = case["variable"].split('_').next().unwrap().to_string();
                let by = case["domain"].split('=').next().unwrap_or_default().to_string();
                let key = (question.clone(), by.clone());
                let table = tables.entry(key).or_insert_with(|| {
                    tableau(&edition, &question, (!by.is_empty()).then_some(by.as_str()), &[])
                });
                let row = expected.iter().find(|row| row["case"] == case["case"]).unwrap();
                let (n, numbers) = found(table, &case);
                let columns = ["value", "se", "low", "high"];
                let same = columns.iter().zip(numbers).all(|(key, value)| agree(value, &row[*key]));
                if !same || row["n"] != n.to_string() {
                    wrong.push(format!("{case:?}\n  R {row:?}\n  {n} {numbers:?}"));
                }
                compared += 1;
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(compared >= 80, "{compared}");
}

/// What the program and R say of a case, where they differ.
fn difference(table: &Value, case: &Row, expected: &[Row]) -> Option<String> {
    let row = expected.iter().find(|row| row["case"] == case["case"]).unwrap();
    let (n, numbers) = found(table, case);
    let columns = ["value", "se", "low", "high"];
    let same = columns.iter().zip(numbers).all(|(key, value)| agree(value, &row[*key]));
    (!same || row["n"] != n.to_string())
        .then(|| format!("{case:?}\n  R {row:?}\n  {n} {numbers:?}"))
}

/// The filters of a case's domain, its last condition on the région left to
/// `--par`.
fn filters(case: &Row) -> (Vec<String>, Option<&str>) {
    let conditions = || case["domain"].split('&').filter_map(|text| text.split_once('='));
    let by_region = case["domain"].contains('&') && case["domain"].contains("region=");
    let filters = conditions().filter(|(column, _)| !by_region || *column != "region");
    let filters = filters.map(|(column, value)| format!("{column} = {value}")).collect();
    (filters, by_region.then_some("region"))
}

/// The case, told by the group that the table has for it.
fn in_group(case: &Row, by: Option<&str>) -> Row {
    let conditions = case["domain"].split('&').filter(|text| text.split('=').next() == by);
    let mut case = case.clone();
    case.insert("domain".to_string(), conditions.collect());
    case
}

#[test]
fn a_filtered_table_of_an_edition_is_a_domain_of_its_design() {
    let sample = oracle("inputs/inegal.csv");
    let expected = oracle("expected.csv");
    let (mut compared, mut wrong) = (0, Vec::new());
    for weighting in &WEIGHTINGS {
        let edition = edition(&sample, weighting, "beta");
        let is_ours = |case: &Row| {
            case["design"] == weighting.design
                && case["calibration"] == weighting.calibration
                && case["domain"].starts_with("profil=")
                && ["proportion", "mean", "total"].contains(&case["statistic"].as_str())
                && case["input"] == "inegal"
                && case["level"] == "0.95"
                && ["", "beta"].contains(&case["method"].as_str())
        };
        for case in oracle("cases.csv").into_iter().filter(is_ours) {
            let question = case["variable"].split('_').next().unwrap();
            let (filters, by) = filters(&case);
            let more: Vec<&str> =
                filters.iter().flat_map(|filter| ["--filtre", filter.as_str()]).collect();
            let table = tableau(&edition, question, by, &more);
            wrong.extend(difference(&table, &in_group(&case, by), &expected));
            assert!(table["methode"]["r"].as_str().unwrap().starts_with("subset("));
            compared += 1;
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(compared >= 25, "{compared}");
}

#[test]
fn a_filtered_table_of_a_bare_file_is_one_too_at_the_level_asked_for() {
    let expected = oracle("expected.csv");
    let folder = tempfile::tempdir().unwrap();
    let questions = QUESTIONS.split_once("[[question]]\nid = \"theme\"").unwrap().1;
    let codebook = format!("[[question]]\nid = \"theme\"{questions}");
    std::fs::write(folder.path().join("dictionnaire.toml"), codebook).unwrap();
    let file = project().join("tests/oracle/inputs/inegal.csv");
    std::fs::copy(file, folder.path().join("reponses.csv")).unwrap();
    let (mut compared, mut wrong) = (0, Vec::new());
    let is_ours = |case: &Row| {
        case["design"].starts_with("simple")
            && case["input"] == "inegal"
            && case["domain"] == "profil=a"
    };
    for case in oracle("cases.csv").into_iter().filter(is_ours) {
        if !["proportion", "mean", "total"].contains(&case["statistic"].as_str()) {
            continue;
        }
        let question = case["variable"].split('_').next().unwrap();
        let mut command = bilan(folder.path());
        command.args(["tableau", "reponses.csv", question, "--dictionnaire", "dictionnaire.toml"]);
        command.args(["--filtre", "profil = a", "--niveau", &case["level"], "--format", "json"]);
        if !case["method"].is_empty() {
            command.args(["--intervalle", &case["method"]]);
        }
        if case["design"] == "simple-poids" {
            command.args(["--poids", "poids"]);
        }
        let output = command.assert().success().get_output().stdout.clone();
        let table: Value = serde_json::from_slice(&output).unwrap();
        assert_eq!(table["methode"]["niveau"].as_f64(), case["level"].parse().ok());
        wrong.extend(difference(&table, &in_group(&case, None), &expected));
        compared += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(compared >= 8, "{compared}");
}

/// The section of a figure of the catalogue: statistic, question or option,
/// denominator, domain, and the order of a quantile.
fn section(id: &str, fields: [&str; 5]) -> String {
    let [statistic, variable, second, domain, order] = fields;
    let base = match domain.split_once('=') {
        Some((column, value)) if column != "region" => format!("base = '{column} = {value}'\n"),
        _ => String::new(),
    };
    let measure = match statistic {
        "proportion" if variable.starts_with("theme") => {
            format!("question = 'theme'\nmodalite = '{variable}'\n")
        }
        "proportion" => format!("question = '{variable}'\nmodalite = '{second}'\n"),
        "ratio" => {
            format!("mesure = 'ratio'\nnumerateur = '{variable}'\ndenominateur = '{second}'\n")
        }
        "quantile" => {
            format!("question = '{variable}'\nmesure = 'quantile'\nordre = {order}\n")
        }
        "mean" => format!("question = '{variable}'\nmesure = 'moyenne'\n"),
        other => format!("question = '{variable}'\nmesure = '{other}'\n"),
    };
    format!("[{id}]\n{measure}{base}")
}

fn explained(edition: &Edition, id: &str, region: Option<&str>) -> Value {
    let mut command = bilan(edition.folder.path());
    command.args(["expliquer", "essai", id, "--format", "json", "--quiet"]);
    if let Some(region) = region {
        command.args(["--region", region]);
    }
    let output = command.assert().success().get_output().stdout.clone();
    serde_json::from_slice(&output).unwrap()
}

/// The value, the standard error and the bounds that R has and the program has
/// not.
fn unlike(found: &Value, expected: &Row) -> bool {
    let keys = [
        ("valeur", "value"),
        ("erreur_type", "se"),
        ("borne_basse", "low"),
        ("borne_haute", "high"),
    ];
    !keys.iter().all(|(key, column)| agree(found[*key].as_f64(), &expected[*column]))
}

#[test]
fn ratios_and_quantiles_of_a_catalogue_are_those_of_r() {
    let sample = oracle("inputs/inegal.csv");
    let expected = oracle("expected.csv");
    let (mut compared, mut wrong) = (0, Vec::new());
    for weighting in &WEIGHTINGS {
        let is_ours = |case: &Row| {
            case["input"] == "inegal"
                && case["design"] == weighting.design
                && case["calibration"] == weighting.calibration
                && case["level"] == "0.95"
                && (case["statistic"] == "ratio" || case["statistic"] == "quantile")
                && !case["domain"].contains("porteur=")
                && !case["domain"].contains('&')
        };
        let cases: Vec<Row> = oracle("cases.csv").into_iter().filter(is_ours).collect();
        if cases.is_empty() {
            continue;
        }
        let edition = edition(&sample, weighting, "beta");
        let keys = ["statistic", "variable", "denominator", "domain", "p"];
        let sections = cases
            .iter()
            .map(|case| section(&format!("c{}", case["case"]), keys.map(|key| case[key].as_str())));
        std::fs::write(edition.path("indicateurs.toml"), sections.collect::<String>()).unwrap();
        for case in &cases {
            let region = case["domain"].strip_prefix("region=");
            let found = explained(&edition, &format!("c{}", case["case"]), region);
            let row = expected.iter().find(|row| row["case"] == case["case"]).unwrap();
            if unlike(&found, row) || found["base"].as_u64() != row["n"].parse().ok() {
                wrong.push(format!("{case:?}\n  R {row:?}\n  {found}"));
            }
            compared += 1;
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(compared >= 10, "{compared}");
}

#[test]
fn calculations_of_a_catalogue_are_those_of_r() {
    let sample = oracle("inputs/inegal.csv");
    let expected = oracle("functions.csv");
    let (mut compared, mut wrong) = (0, Vec::new());
    for weighting in &WEIGHTINGS {
        let is_ours = |case: &Row| {
            case["input"] == "inegal"
                && case["design"] == weighting.design
                && case["calibration"] == weighting.calibration
                && !case["a"].contains("region=")
        };
        let cases: Vec<Row> = oracle("functions-cases.csv").into_iter().filter(is_ours).collect();
        let edition = edition(&sample, weighting, "beta");
        let mut catalogue = String::new();
        for case in &cases {
            let id = format!("f{}", case["case"]);
            let mut expression = String::new();
            for letter in case["expression"].chars() {
                match case.get(&letter.to_string()) {
                    // A share is in per cent in the catalogue.
                    Some(part) if part.starts_with("proportion") => {
                        expression.push_str(&format!("({id}.{letter} / 100)"));
                    }
                    Some(_) => expression.push_str(&format!("{id}.{letter}")),
                    None => expression.push(letter),
                }
            }
            for name in ["a", "b", "c"].into_iter().filter(|name| !case[*name].is_empty()) {
                let fields: Vec<&str> = case[name].split('/').collect();
                let [statistic, variable, second, domain] = fields[..] else { panic!() };
                catalogue +=
                    &section(&format!("{id}.{name}"), [statistic, variable, second, domain, ""]);
            }
            catalogue += &format!("[{id}]\ncalcul = '{expression}'\n");
        }
        std::fs::write(edition.path("indicateurs.toml"), catalogue).unwrap();
        for case in &cases {
            let found = explained(&edition, &format!("f{}", case["case"]), None);
            let row = expected.iter().find(|row| row["case"] == case["case"]).unwrap();
            if unlike(&found, row) {
                wrong.push(format!("{case:?}\n  R {row:?}\n  {found}"));
            }
            compared += 1;
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(compared >= 15, "{compared}");
}
