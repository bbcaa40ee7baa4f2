//! `bilan verifier`, and the report of checks that `produire` writes.

use serde_json::Value;

use crate::support::{Edition, SHIPPED_OUTPUT, bilan, pages_of, shipped, text_of};

/// The findings of the shipped edition, as JSON.
fn findings(arguments: &[&str]) -> Vec<Value> {
    let mut command = bilan(&shipped());
    command.args(["verifier", "--format", "json"]).arg(shipped()).args(arguments);
    let output = command.assert().get_output().stdout.clone();
    let document: Value = serde_json::from_slice(&output).unwrap();
    document["constats"].as_array().unwrap().clone()
}

fn has(findings: &[Value], code: &str, region: Option<&str>, calculation: &str) -> bool {
    findings.iter().any(|finding| {
        finding["code"] == code
            && finding["objet"]["region"].as_str() == region
            && finding["calcul"].as_str().unwrap_or_default().contains(calculation)
            && finding["faits"].as_array().is_some_and(|facts| !facts.is_empty())
    })
}

/// What a reader of the brochure finds with a pocket calculator.
#[test]
fn the_proven_contradictions_of_the_shipped_edition_are_errors() {
    let errors = findings(&["--gravite", "erreur"]);
    let narrow = |text: &str| text.replace('_', "\u{202F}");
    for (code, region, calculation) in [
        ("A-total-et-somme", None, "52,3 ≠ 50"),
        ("A-total-et-somme", None, "202 ≠ 204"),
        ("A-carte-et-total", None, "202 ≠ 204"),
        ("A-deux-valeurs", None, "60 ≠ 66"),
        ("A-deux-valeurs", Some("Grand Est"), "10 ≠ 11"),
        ("B-moyenne-hors-bornes", Some("Auvergne-Rhône-Alpes"), "300_000_€ > 260_000_€"),
        ("B-moyenne-hors-bornes", Some("Corse"), "600_000_€ > 200_000_€"),
        ("B-moyenne-hors-bornes", Some("Guadeloupe et Saint-Martin"), "400_000_€ > 350_000_€"),
        ("B-moyenne-hors-bornes", Some("Hauts-de-France"), "433_333_€ > 207_000_€"),
        ("B-moyenne-hors-bornes", Some("Île-de-France"), "466_667_€ > 200_000_€"),
        ("B-moyenne-hors-bornes", Some("Nouvelle-Aquitaine"), "314_286_€ > 300_000_€"),
        ("B-moyenne-hors-bornes", Some("Pays de la Loire"), "500_000_€ > 464_000_€"),
        ("B-moyenne-hors-bornes", Some("La Réunion"), "260_000_€ > 200_000_€"),
        ("B-enveloppe-et-bornes", Some("Bourgogne-Franche-Comté"), "3_M€ > 2,88_M€"),
        ("B-enveloppe-et-bornes", Some("Mayotte"), "1,1_M€ < 1,21_M€"),
        ("C-implantation", Some("Grand Est"), "15 ≠ 14"),
        ("C-implantation", Some("Occitanie"), "47 ≠ 48"),
        ("C-departements-couverts", Some("Grand Est"), "11 > 10"),
        ("C-commune-ailleurs", Some("Nouvelle-Aquitaine"), "Landes ≠ Deux-Sèvres"),
        ("D-nom-absent", Some("Mayotte"), ""),
        ("E-bloc-copie", Some("Bretagne"), ""),
        ("E-element-repete", Some("Provence-Alpes-Côte d’Azur"), ""),
        ("H-classes-chevauchantes", None, "25 et 45"),
    ] {
        assert!(
            has(&errors, code, region, &narrow(calculation)),
            "{code} {region:?} {calculation}"
        );
    }
    // Nothing else is called proven without having been looked at.
    assert_eq!(errors.len(), 23, "read the new errors, then change this number");
}

#[test]
fn probable_contradictions_are_warnings() {
    let warnings = findings(&["--gravite", "alerte"]);
    for (code, region, calculation) in [
        ("A-produit", None, "= 61_200 ≠"),
        ("A-produit", None, "2,75 ≠ 5"),
        ("A-deux-lectures", Some("Centre-Val de Loire"), "202 avec 13, 193 avec 4"),
        ("A-deux-lectures", None, "85 − 1 = 84"),
        ("A-fiche-et-texte", Some("Bretagne"), "16 ≠ 13"),
        ("B-bornes-identiques", Some("La Réunion"), ""),
        ("B-moyenne-a-la-borne", Some("Provence-Alpes-Côte d’Azur"), ""),
        ("C-departements-nommes", Some("Provence-Alpes-Côte d’Azur"), "6 > 5"),
        ("C-implantation-nationale", None, "58 ÷ 202"),
        ("D-autre-territoire", Some("Grand Est"), "Limousin"),
        ("H-majorite", None, "30 + 18 = 48"),
        ("H-somme-proche-de-cent", None, "102"),
        ("H-valeurs-sans-libelle", None, "17 > 15"),
    ] {
        let calculation = calculation.replace('_', "\u{202F}");
        assert!(has(&warnings, code, region, &calculation), "{code} {region:?}");
    }
}

#[test]
fn a_family_may_be_asked_for_and_a_severity() {
    let budgets = findings(&["--famille", "B", "--gravite", "erreur"]);
    assert!(!budgets.is_empty() && budgets.iter().all(|f| f["famille"] == "B"));
    let both = findings(&["--famille", "budgets", "--famille", "textes", "--gravite", "erreur"]);
    assert_eq!(both.len(), budgets.len());
    let run = |arguments: &[&str], code: i32| {
        bilan(&shipped()).arg("verifier").arg(shipped()).args(arguments).assert().code(code);
    };
    run(&["--famille", "K"], 0);
    run(&["--famille", "B"], 1);
    run(&["--famille", "Z"], 2);
}

#[test]
fn the_report_holds_every_finding_errors_first() {
    let report = SHIPPED_OUTPUT.join("controle.pdf");
    let text = text_of(&report);
    let at = |word: &str| text.find(word).unwrap_or_else(|| panic!("{word} is not in the report"));
    assert!(at("Erreurs") < at("Alertes") && at("B-moyenne-hors-bornes") < at("F-deux-titres"));
    assert!(pages_of(&report) > 10);
    let json = std::fs::read(SHIPPED_OUTPUT.join("controle.json")).unwrap();
    let document: Value = serde_json::from_slice(&json).unwrap();
    let all = document["constats"].as_array().unwrap();
    assert_eq!(all.len(), findings(&["--gravite", "information"]).len());
    let csv = std::fs::read_to_string(SHIPPED_OUTPUT.join("controle.csv")).unwrap();
    for finding in all {
        let fingerprint = finding["empreinte"].as_str().unwrap();
        assert!(csv.contains(fingerprint), "{finding}");
        assert!(text.contains(fingerprint), "{finding}");
        // Where the edition stood on a machine is nobody's business.
        for fact in finding["faits"].as_array().unwrap() {
            let file = fact["lieu"]["fichier"].as_str().unwrap_or_default();
            assert!(!file.starts_with('/'), "{file}");
        }
    }
}

/// Findings stop nothing: the exit code says whether documents were made.
#[test]
fn production_ends_well_and_counts_the_findings_last() {
    let folder = tempfile::tempdir().unwrap();
    let assert = bilan(folder.path())
        .args(["produire", "--seulement", "controle", "--sortie", "ici"])
        .arg(shipped())
        .assert()
        .success();
    let said = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
    let last = said.trim().lines().last().unwrap_or_default();
    assert!(
        last.starts_with("Contrôle : 23 erreurs, ") && last.ends_with("(controle.pdf)"),
        "{last}"
    );
    let files = bilan::output::files(&folder.path().join("ici"));
    assert_eq!(files, ["controle.csv", "controle.json", "controle.pdf", "manifeste.json"]);
}

/// A finding that is known is told apart and counts no more; it comes back when
/// one of its values changes.
#[test]
fn a_known_finding_comes_back_when_a_value_changes() {
    let edition = Edition::new();
    edition.write_register(vec![
        vec!["BRE-01", "Bretagne", "1", "", "Halle 1", "Cefora 1"],
        vec!["BRE-02", "Bretagne", "2", "Deux", "Halle 2", "Cefora 2"],
        vec!["COR-01", "Corse", "1", "Trois", "Halle 3", "Cefora 3"],
    ]);
    let run = |code: i32, arguments: &[&str]| {
        let mut command = bilan(edition.folder.path());
        command.args(["verifier", "essai", "--gravite", "erreur", "--famille", "D"]);
        let output = command.args(arguments).assert().code(code).get_output().clone();
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let (text, _) = run(1, &[]);
    assert!(text.contains("[D-nom-absent]"), "{text}");
    let line = text.lines().find_map(|line| line.strip_prefix("  à garder : ")).unwrap();
    let document: Value = serde_json::from_str(&run(1, &["--format", "json"]).0).unwrap();
    assert_eq!(document["constats"][0]["pour_le_dire_connu"], line);
    std::fs::write(edition.path("constats-connus.toml"), line).unwrap();
    assert!(run(3, &[]).1.contains("raison-absente"));
    let known = line.replace("\"…\"", "\"le porteur cherche un nom\"");
    std::fs::write(edition.path("constats-connus.toml"), known).unwrap();

    let (text, said) = run(0, &[]);
    assert!(text.contains("Constats connus") && text.contains("le porteur cherche un nom"));
    assert!(text.contains("1 constat connu") && said.is_empty(), "{text} {said}");

    edition.write_register(vec![
        vec!["BRE-01", "Bretagne", "1", "", "Halle 9", "Cefora 1"],
        vec!["BRE-02", "Bretagne", "2", "Deux", "Halle 2", "Cefora 2"],
        vec!["COR-01", "Corse", "1", "Trois", "Halle 3", "Cefora 3"],
    ]);
    let (text, said) = run(1, &[]);
    assert!(text.contains("[D-nom-absent]") && !text.contains("Constats connus\n"), "{text}");
    assert!(said.contains("constat-connu-absent"), "{said}");
}

/// A name of the register that begins as a formula is run by no spreadsheet:
/// text cells of every CSV get an apostrophe, numbers stay numbers.
#[test]
fn no_cell_of_a_csv_is_a_formula() {
    const HOSTILE: [&str; 6] =
        ["=HYPERLINK(\"http://x\")", "+33 1", "-2+3", "@SUM(A1)", "\t=1", "\r=1"];
    let edition = Edition::new();
    let rows = HOSTILE.iter().enumerate().map(|(rank, name)| {
        let cells = [format!("BRE-0{}", rank + 1), "Bretagne".into(), format!("{}", rank + 1)];
        cells.into_iter().chain([*name, *name, *name].map(str::to_string)).collect::<Vec<_>>()
    });
    let rows: Vec<Vec<String>> = rows.collect();
    let rows = rows.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
    edition.write_register(rows);
    edition.produce().success();
    let mut cells = 0;
    for file in bilan::output::files(&edition.output()) {
        if !file.ends_with(".csv") {
            continue;
        }
        let text = std::fs::read_to_string(edition.output().join(&file)).unwrap();
        let text = text.trim_start_matches('\u{FEFF}');
        let delimiter = if file == "controle.csv" { b';' } else { b',' };
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .from_reader(text.as_bytes());
        for record in reader.records() {
            for cell in record.unwrap().iter() {
                let risky = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
                assert!(!risky || cell.parse::<f64>().is_ok(), "{file}: {cell}");
                cells += usize::from(cell.starts_with("'=") || cell.starts_with("'+"));
            }
        }
    }
    assert!(cells > 0, "no hostile cell was written");
}
