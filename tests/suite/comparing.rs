//! `bilan comparer` on the shipped editions, and what it answers to bad inputs.

use crate::support::{Edition, bilan, project, text_of};

fn compared(arguments: &[&str]) -> String {
    let assert = bilan(&project())
        .args(["comparer", "inputs/2024", "inputs/2025", "--quiet"])
        .args(arguments)
        .assert();
    String::from_utf8(assert.success().get_output().stdout.clone()).unwrap()
}

fn refused(arguments: &[&str], code: i32) -> String {
    let assert = bilan(&project()).arg("comparer").args(arguments).assert().code(code);
    String::from_utf8_lossy(&assert.get_output().stderr).into_owned()
}

#[test]
fn two_years_stand_side_by_side() {
    insta::assert_snapshot!(compared(&[]));
}

/// The forms say the same, and the differences are those of the figures.
#[test]
fn a_comparison_can_be_read_by_other_tools() {
    let json: serde_json::Value = serde_json::from_str(&compared(&["--format", "json"])).unwrap();
    assert_eq!(json["avant"]["demonstration"], true);
    let lines = json["territoires"][0]["indicateurs"].as_array().unwrap();
    let csv = compared(&["--format", "csv"]);
    let mut rows = csv::Reader::from_reader(csv.as_bytes());
    let rows: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    let apart = json["non_comparables"].as_array().unwrap();
    assert_eq!(rows.len(), lines.len() + apart.len());
    for (line, row) in lines.iter().zip(&rows) {
        assert_eq!(line["id"].as_str(), row.get(0));
        let number = |pointer: &str| line.pointer(pointer).and_then(serde_json::Value::as_f64);
        let (before, after) = (number("/avant/valeur"), number("/apres/valeur"));
        let difference = number("/difference/valeur").unwrap();
        assert!((after.unwrap() - before.unwrap() - difference).abs() < 1e-9, "{line}");
        let written: f64 = row.get(10).unwrap().parse().unwrap();
        assert!((written - difference).abs() < 1e-12, "{row:?}");
        if let Some(low) = number("/difference/intervalle/bas") {
            let high = number("/difference/intervalle/haut").unwrap();
            assert!(low <= difference && difference <= high, "{line}");
            assert_eq!(low <= 0.0 && high >= 0.0, line["difference"]["bruit"] == "dans-le-bruit");
        }
    }
    assert!(apart.iter().any(|one| one["id"] == "themes.learning-lab"));
}

/// What an edition hides of a région is hidden in the comparison, whichever of
/// the two years hides it.
#[test]
fn nothing_hidden_comes_back_by_the_difference() {
    let regions = ["Corse", "Mayotte", "Bretagne", "Normandie"];
    let figures = |year: &str| -> serde_json::Value {
        let folder = tempfile::tempdir().unwrap();
        let output = folder.path().join("sortie");
        bilan(&project())
            .args(["produire", &format!("inputs/{year}"), "--seulement", "indicateurs"])
            .args(["--quiet", "--sortie"])
            .arg(&output)
            .assert()
            .success();
        let text = std::fs::read_to_string(output.join("indicateurs.json")).unwrap();
        serde_json::from_str(&text).unwrap()
    };
    let years = ["2024", "2025"].map(figures);
    let hidden = |id: &serde_json::Value, slug: &serde_json::Value| {
        let of = |year: &serde_json::Value| {
            let figures = year["indicateurs"].as_array().unwrap();
            let figure = figures.iter().find(|figure| figure["id"] == *id).unwrap();
            figure["regions"][slug.as_str().unwrap()]["diffusable"] == false
        };
        years.iter().any(of)
    };
    let arguments: Vec<&str> = regions.iter().flat_map(|name| ["--region", *name]).collect();
    let json = compared(&[arguments, vec!["--format", "json"]].concat());
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let mut seen = 0;
    for territory in json["territoires"].as_array().unwrap() {
        for line in territory["indicateurs"].as_array().unwrap() {
            if hidden(&line["id"], &territory["region"]) {
                seen += 1;
                assert!(line["avant"]["valeur"].is_null() && line["apres"]["valeur"].is_null());
                assert!(line["difference"].is_null(), "{line}");
            }
        }
    }
    assert!(seen > 5, "{seen}");
}

#[test]
fn bad_inputs_are_answered() {
    let twice = refused(&["inputs/2025", "inputs/../inputs/2025"], 2);
    assert!(twice.contains("[edition-double]"), "{twice}");
    let missing = refused(&["inputs/2023", "inputs/2025"], 3);
    assert!(missing.contains("inputs/2023"), "{missing}");
    let both = refused(&["inputs/2022", "inputs/2023"], 3);
    assert!(both.contains("inputs/2022") && both.contains("inputs/2023"), "{both}");
    let region = refused(&["inputs/2024", "inputs/2025", "--region", "Bretange"], 2);
    assert!(region.contains("Bretagne"), "{region}");
}

/// The order of the years is put right, and said.
#[test]
fn years_in_the_wrong_order_are_sorted() {
    let assert = bilan(&project()).args(["comparer", "inputs/2025", "inputs/2024"]).assert();
    let output = assert.success().get_output().clone();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), compared(&[]));
    assert!(String::from_utf8_lossy(&output.stderr).contains("[annees-inversees]"));
}

/// Two editions of one year, and two that share no figure.
#[test]
fn editions_that_do_not_go_together_are_refused() {
    let inputs = tempfile::tempdir().unwrap();
    for year in ["2024", "2025"] {
        let folder = inputs.path().join(year);
        std::fs::create_dir(&folder).unwrap();
        for entry in std::fs::read_dir(project().join("inputs").join(year)).unwrap().flatten() {
            if entry.path().is_file() {
                std::fs::copy(entry.path(), folder.join(entry.file_name())).unwrap();
            }
        }
    }
    let [first, second] = ["2024", "2025"].map(|year| inputs.path().join(year));
    let arguments = [first.to_str().unwrap(), second.to_str().unwrap()];
    std::fs::write(first.join("indicateurs.toml"), "[autre]\nregistre = 'projets'\n").unwrap();
    let apart = refused(&arguments, 3);
    assert!(apart.contains("[rien-a-comparer]"), "{apart}");
    let settings = std::fs::read_to_string(first.join("edition.toml")).unwrap();
    let settings = settings.replace("annee = 2024", "annee = 2025");
    std::fs::write(first.join("edition.toml"), settings).unwrap();
    let year = refused(&arguments, 2);
    assert!(year.contains("[edition-non-anterieure]") && year.contains("même année"), "{year}");
}

/// An edition that names no earlier one says nothing of another year, and one
/// whose earlier edition changes is made again where it shows it.
#[test]
fn the_brochure_follows_the_earlier_edition() {
    const TITLE: &str = "D’une année à l’autre";
    let edition = Edition::new();
    edition.produce().success();
    let shows = || {
        let data = edition.output().join("donnees/comparaison.csv").is_file();
        (text_of(&edition.output().join("bilan.pdf")).contains(TITLE), data)
    };
    assert_eq!(shows(), (false, false));

    let earlier = edition.folder.path().join("avant");
    bilan(edition.folder.path()).args(["initialiser", "avant", "--quiet"]).assert().success();
    let settings = std::fs::read_to_string(earlier.join("edition.toml")).unwrap();
    let settings = settings.replace("annee = 2026", "annee = 2025");
    std::fs::write(earlier.join("edition.toml"), settings).unwrap();
    edition.replace(
        "edition.toml",
        "[sources]",
        "[comparaison]\nedition = \"../avant\"\n\n[sources]",
    );
    edition.produce().success();
    assert_eq!(shows(), (true, true));

    let table =
        || std::fs::read_to_string(edition.output().join("donnees/comparaison.csv")).unwrap();
    let (brochure, before) = (std::fs::read(edition.output().join("bilan.pdf")).unwrap(), table());
    let catalogue = std::fs::read_to_string(earlier.join("dictionnaire.toml")).unwrap();
    let catalogue = catalogue.replace("libelle = \"Insertion\"", "libelle = \"Insertion sociale\"");
    std::fs::write(earlier.join("dictionnaire.toml"), catalogue).unwrap();
    let assert = bilan(edition.folder.path()).args(["produire", "essai"]).assert().success();
    let said = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
    assert!(said.lines().any(|line| line == "  bilan.pdf"), "{said}");
    assert!(said.contains("fiches/bretagne.pdf (inchangé)"), "{said}");
    assert_ne!(table(), before);
    assert!(std::fs::read(edition.output().join("bilan.pdf")).unwrap() != brochure);
}

/// The parts of an exclusive question make 100 in both years, as they are shown.
#[test]
fn the_parts_of_a_whole_make_a_hundred_in_both_years() {
    let text = compared(&[]);
    for question in ["Profil principal des apprenants", "Type principal de formation"] {
        let lines = text.lines().skip_while(|line| *line != question).skip(1);
        let lines: Vec<&str> = lines.take_while(|line| !line.is_empty()).collect();
        assert!(lines.len() > 2, "{question}");
        for year in [0, 1] {
            // In tenths, so that no sum is rounded.
            let tenths = |line: &&str| -> u32 {
                let shown = line.split('%').nth(year).unwrap().trim();
                let number = shown.split_whitespace().next_back().unwrap();
                number.replace(',', "").parse().unwrap()
            };
            assert_eq!(lines.iter().map(tenths).sum::<u32>(), 1000, "{question}, {year}");
        }
    }
}
