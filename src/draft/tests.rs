use proptest::prelude::*;

use super::*;
use crate::codebook::{Kind, Location, Question, Separator};
use crate::diagnostics::Diagnostics;
use crate::spreadsheet::testing::sheet;
use crate::survey::{Entries, Survey};

/// Repeats rows of answers below a row of titles, so that values come back.
fn table<'a>(titles: &'a [&'a str], rows: &'a [&'a [&'a str]], times: usize) -> Vec<&'a [&'a str]> {
    std::iter::once(titles).chain(rows.iter().copied().cycle().take(rows.len() * times)).collect()
}

fn drafted(rows: &[&[&str]]) -> Draft {
    draft(&sheet(rows)).unwrap()
}

fn question<'a>(draft: &'a Draft, id: &str) -> &'a Question {
    let ids: Vec<&str> = draft.codebook.questions.iter().map(|q| q.id.as_str()).collect();
    draft.codebook.question(id).unwrap_or_else(|| panic!("{id} is not among {ids:?}"))
}

fn labels(question: &Question) -> Vec<&str> {
    question.options.iter().map(|option| option.label.as_str()).collect()
}

/// How often each option is ticked, read with the unedited draft written to
/// TOML and read back.
fn counts(rows: &[&[&str]], id: &str) -> Vec<(String, usize)> {
    let draft = drafted(rows);
    let mut found = Diagnostics::new();
    let text = to_toml(&draft, "essai.xlsx");
    let codebook = Codebook::parse("dictionnaire.toml", &text, &mut found);
    let codebook = codebook.unwrap_or_else(|| panic!("{found:?}\n{text}"));
    let survey = Survey::read(sheet(rows), codebook, None, &mut found).expect("a survey");
    assert!(!found.has_errors(), "{found:?}");
    let (question, answers) = survey.question(id).expect("a question");
    let Entries::Options(pairs) = &answers.entries else { panic!("{id} has no options") };
    let count = |rank: usize| pairs.iter().filter(|(_, option)| *option as usize == rank).count();
    let options = question.options.iter().enumerate();
    options.map(|(rank, option)| (option.label.clone(), count(rank))).collect()
}

fn pairs(expected: &[(&str, usize)]) -> Vec<(String, usize)> {
    expected.iter().map(|(label, count)| (label.to_string(), *count)).collect()
}

#[test]
fn limesurvey_codes_with_questions_and_options() {
    let titles: &[&str] = &[
        "id",
        "submitdate",
        "emp1. What type of organisation?",
        "fund2[SQ001]. Which sources? [Grants]",
        "fund2[SQ002]. Which sources? [Time]",
        "fund2[other]. Which sources? [Other]",
        "sat[SQ001]. How satisfied? [Career]",
        "sat[SQ002]. How satisfied? [Pay]",
    ];
    let rows: &[&[&str]] = &[
        &["1", "2020-01-01 10:00:00", "University", "Yes", "No", "", "High", "Low"],
        &["2", "2020-01-02 10:00:00", "Company", "Yes", "Yes", "My own pocket", "Low", "Low"],
        &["3", "", "Company", "Yes", "Yes", "", "High", "High"],
        &["4", "2020-01-03 10:00:00", "University", "N/A", "N/A", "", "Middle", "High"],
    ];
    let rows = table(titles, rows, 3);
    let draft = drafted(&rows);
    assert_eq!(question(&draft, "emp1").label, "What type of organisation?");
    assert_eq!(labels(question(&draft, "fund2")), ["Grants", "Time", "Other"]);
    assert_eq!(question(&draft, "fund2").label, "Which sources?");
    assert_eq!(labels(question(&draft, "sat-sq001")), labels(question(&draft, "sat-sq002")));
    assert_eq!(counts(&rows, "fund2"), pairs(&[("Grants", 6), ("Time", 3), ("Other", 3)]));
    assert_eq!(draft.codebook.layout.filters.len(), 1, "unsubmitted answers do not count");
}

#[test]
fn limesurvey_codes_alone() {
    let titles: &[&str] = &["id", "gaz[SQ001]", "gaz[SQ002]", "case[SQ001]", "case[SQ002]"];
    let rows: &[&[&str]] = &[
        &["1", "Oui", "Non", "Plutôt d'accord", "Pas d'accord"],
        &["2", "Non", "Non", "Pas d'accord", "Pas d'accord"],
        &["3", "Oui", "Oui", "Tout à fait d'accord", "Plutôt d'accord"],
    ];
    let rows = table(titles, rows, 4);
    assert_eq!(counts(&rows, "gaz"), pairs(&[("SQ001", 8), ("SQ002", 4)]));
    let draft = drafted(&rows);
    assert_eq!(question(&draft, "case-sq002").kind, Kind::Single);
    assert_eq!(question(&draft, "case-sq002").options.len(), 3);
}

#[test]
fn microsoft_forms_closes_each_answer() {
    let titles: &[&str] = &["ID", "Adresse de messagerie", "Thèmes\u{A0}", "Vide"];
    let rows: &[&[&str]] = &[
        &["1", "a@example.org", "Numérique;Insertion;", ""],
        &["2", "b@example.org", "Insertion;", ""],
        &["3", "c@example.org", "Numérique\u{A0};", ""],
    ];
    let rows = table(titles, rows, 2);
    assert_eq!(counts(&rows, "themes"), pairs(&[("Numérique", 4), ("Insertion", 4)]));
    let draft = drafted(&rows);
    assert_eq!(question(&draft, "adresse-de-messagerie").kind, Kind::Personal);
    assert!(draft.notes.iter().any(|note| note.contains("vide")), "{:?}", draft.notes);
}

#[test]
fn google_forms_separates_by_commas_and_brackets_rows() {
    let titles: &[&str] =
        &["Horodateur", "Quels thèmes ?", "Votre avis [Accueil]", "Votre avis [Repas]"];
    let rows: &[&[&str]] = &[
        &["2025/03/03 10:00:00", "Insertion, Média, communication", "Bien", "Moyen"],
        &["2025/03/04 10:00:00", "Média, communication", "Bien", "Bien"],
        &["2025/03/05 10:00:00", "Insertion", "Moyen", "Mauvais"],
        &["2025/03/06 10:00:00", "Insertion, Numérique", "Moyen", "Mauvais"],
        &["2025/03/07 10:00:00", "Numérique, Média, communication", "Bien", "Bien"],
    ];
    let rows = table(titles, rows, 2);
    let mut found = counts(&rows, "quels-themes");
    found.sort();
    assert_eq!(found, pairs(&[("Insertion", 6), ("Média, communication", 6), ("Numérique", 4)]));
    let draft = drafted(&rows);
    assert_eq!(question(&draft, "horodateur").kind, Kind::Date);
    assert_eq!(question(&draft, "votre-avis-accueil").label, "Votre avis – Accueil");
    assert_eq!(question(&draft, "votre-avis-accueil").options.len(), 3);
}

#[test]
fn kobo_repeats_the_answer_before_its_options() {
    let titles: &[&str] = &[
        "_id",
        "start",
        "profil/publics",
        "profil/publics/jeunes",
        "profil/publics/seniors",
        "age",
    ];
    let rows: &[&[&str]] = &[
        &["11", "2025-03-03T10:00:00.000+01:00", "jeunes seniors", "1", "1", "34"],
        &["12", "2025-03-04T10:00:00.000+01:00", "jeunes", "1", "0", "51"],
        &["13", "2025-03-05T10:00:00.000+01:00", "", "", "", "28"],
        &["14", "2025-03-06T10:00:00.000+01:00", "seniors", "0", "1", "45"],
    ];
    let rows = table(titles, rows, 3);
    assert_eq!(counts(&rows, "profil-publics"), pairs(&[("jeunes", 6), ("seniors", 6)]));
    let draft = drafted(&rows);
    assert_eq!(question(&draft, "age").kind, Kind::Number);
    assert_eq!(draft.codebook.search("profil/publics").len(), 1);
}

#[test]
fn framaforms_puts_the_question_above_its_options() {
    let rows: &[&[&str]] = &[
        &["Détails de l’envoi", "", "Publics touchés", "", "", "Votre région ?"],
        &["Numéro de série", "SID", "Jeunes", "Adultes", "Seniors", ""],
        &["1", "901", "X", "", "X", "Bretagne"],
        &["2", "902", "X", "", "", "Corse"],
        &["3", "903", "", "X", "", "Bretagne"],
        &["4", "904", "", "", "", "Corse"],
        &["5", "905", "X", "X", "", "Bretagne"],
        &["6", "906", "X", "", "", "Bretagne"],
    ];
    assert_eq!(
        counts(rows, "publics-touches"),
        pairs(&[("Jeunes", 4), ("Adultes", 2), ("Seniors", 1)])
    );
    let draft = drafted(rows);
    assert_eq!(labels(question(&draft, "votre-region")), ["Bretagne", "Corse"]);
}

#[test]
fn typeform_names_the_column_by_its_option() {
    let titles: &[&str] = &["#", "Jeunes", "Seniors", "Familles", "Âge ?"];
    let rows: &[&[&str]] = &[
        &["a1", "Jeunes", "", "Familles", "34"],
        &["a2", "", "Seniors", "", "61"],
        &["a3", "Jeunes", "Seniors", "", "45"],
    ];
    let rows = table(titles, rows, 3);
    let draft = drafted(&rows);
    let group =
        draft.codebook.questions.iter().find(|q| matches!(q.location, Location::Options(_)));
    assert_eq!(labels(group.unwrap()), ["Jeunes", "Seniors", "Familles"]);
}

#[test]
fn not_selected_stands_beside_the_options_own_label() {
    let titles: &[&str] = &["", "q4_0001", "q4_0002", "q7_0001", "q7_0002", "weight"];
    let rows: &[&[&str]] = &[
        &["1", "Father", "Not selected", "Often", "Never, but open to it", "1.71"],
        &["2", "Not selected", "Mother", "Rarely", "Often", "0.52"],
        &["3", "Father", "Mother", "Often", "Never, and not open to it", "0.98"],
        &["4", "NA", "NA", "NA", "Often", "1.01"],
    ];
    let rows = table(titles, rows, 3);
    assert_eq!(counts(&rows, "q4"), pairs(&[("Father", 6), ("Mother", 6)]));
    let draft = drafted(&rows);
    assert_eq!(question(&draft, "q7-0002").kind, Kind::Single);
    assert_eq!(question(&draft, "weight").kind, Kind::Number);
    assert!(draft.notes.iter().any(|note| note.contains("poids")), "{:?}", draft.notes);
}

#[test]
fn sphinx_shares_the_beginning_of_titles() {
    let titles: &[&str] = &["Publics : Jeunes", "Publics : Seniors", "Commune"];
    let rows: &[&[&str]] =
        &[&["Oui", "Non", "Rennes"], &["Oui", "Oui", "Brest"], &["Non", "Non", "Rennes"]];
    let rows = table(titles, rows, 3);
    assert_eq!(counts(&rows, "publics"), pairs(&[("Jeunes", 6), ("Seniors", 3)]));
}

#[test]
fn qualtrics_has_three_rows_of_titles() {
    let rows: &[&[&str]] = &[
        &["Progress", "Finished", "Q1", "Q2"],
        &["Progress", "Finished", "Are you a member?", "Which services?"],
        &[
            "{\"ImportId\":\"progress\"}",
            "{\"ImportId\":\"duration\"}",
            "{\"ImportId\":\"QID1\"}",
            "{\"ImportId\":\"QID2\"}",
        ],
        &["100", "310", "Yes", "Tools"],
        &["100", "290", "No", "Space"],
        &["100", "480", "Yes", "Tools"],
        &["90", "75", "No", "Space"],
    ];
    assert_eq!(counts(rows, "q1"), pairs(&[("Yes", 2), ("No", 2)]));
    assert_eq!(question(&drafted(rows), "q1").label, "Are you a member?");
}

#[test]
fn a_repeated_group_is_no_table_of_answers() {
    let rows: &[&[&str]] = &[
        &["atelier", "_index", "_parent_index"],
        &["Couture", "1", "1"],
        &["Poterie", "2", "1"],
        &["Couture", "3", "2"],
    ];
    assert_eq!(columns_of_answers(&sheet(rows)), None);
}

#[test]
fn separators_of_all_kinds() {
    for (separator, expected) in [
        ("; ", Separator::Character(';')),
        (", ", Separator::Character(',')),
        (" | ", Separator::Character('|')),
        (" / ", Separator::Character('/')),
        ("\n", Separator::Line),
    ] {
        let join = |parts: &[&str]| parts.join(separator);
        let cells = [
            join(&["Alpha", "Bravo"]),
            join(&["Alpha"]),
            join(&["Charlie", "Alpha"]),
            join(&["Bravo", "Charlie"]),
            join(&["Alpha", "Bravo", "Charlie"]),
        ];
        let answers: Vec<Vec<&str>> = cells.iter().map(|cell| vec!["x", cell.as_str()]).collect();
        let mut rows: Vec<&[&str]> = vec![&["A", "Thèmes"]];
        for _ in 0..3 {
            rows.extend(answers.iter().map(Vec::as_slice));
        }
        let draft = drafted(&rows);
        let found = question(&draft, "themes");
        assert!(
            matches!(&found.location, Location::Separated(_, separator) if *separator == expected),
            "{separator:?}: {:?}",
            found.location
        );
        let mut found = counts(&rows, "themes");
        found.sort();
        assert_eq!(found, pairs(&[("Alpha", 12), ("Bravo", 9), ("Charlie", 9)]), "{separator:?}");
    }
}

#[test]
fn unnamed_and_repeated_titles_go_by_their_letters() {
    let titles: &[&str] = &["Avis", "", "Avis"];
    let rows: &[&[&str]] = &[&["Bien", "x", "Oui"], &["Mal", "y", "Non"], &["Bien", "x", "Oui"]];
    let rows = table(titles, rows, 3);
    assert_eq!(counts(&rows, "avis"), pairs(&[("Bien", 6), ("Mal", 3)]));
    assert_eq!(counts(&rows, "avis-2"), pairs(&[("Oui", 6), ("Non", 3)]));
}

#[test]
fn tables_of_results_and_lists_of_questions_are_told_as_such() {
    let refused = |rows: &[&[&str]]| draft(&sheet(rows)).unwrap_err().message;
    let crosstab: &[&[&str]] = &[
        &["", "Ensemble", "18-34", "35-64"],
        &["Très satisfait", "37%", "29%", "42%"],
        &["Satisfait", "46%", "47%", "46%"],
        &["Peu satisfait", "17%", "24%", "12%"],
    ];
    let counted: &[&[&str]] =
        &[&["Thème", "Effectif"], &["Insertion", "123"], &["Numérique", "102"], &["Autre", "7"]];
    let list: &[&[&str]] = &[
        &["Numéro", "Question"],
        &["1", "Combien d’apprenants accueillez-vous ?"],
        &["2", "Quelles sont vos thématiques principales ?"],
        &["3", "Souhaitez-vous ajouter quelque chose ?"],
    ];
    assert!(refused(crosstab).contains("tableau de résultats"));
    assert!(refused(counted).contains("tableau de résultats"));
    assert!(refused(list).contains("liste de questions"));
    assert_eq!(draft(&sheet(&[])).unwrap_err().code, "pas-des-reponses");
}

#[test]
fn a_text_is_no_table() {
    let told = |name: &str, text: &str| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        let mut workbook = crate::spreadsheet::Workbook::open(&path)?;
        draft(&workbook.read("")?).map(|_| ())
    };
    let refused = |name: &str, text: &str| told(name, text).unwrap_err().message;
    let page = "# Titre\n\nUn paragraphe, avec des virgules, et du texte.\n\n- une liste\n- deux\n";
    let letter = "Bonjour, ceci est un texte.\nIl a deux lignes ; ou trois.\n";
    let lines = "Le programme a commencé en mars,\npuis il a continué jusqu’en été\n\n\
                 sans que rien ne change vraiment.\nEnsuite, ce fut la fin de l’année.\n";
    for (name, text) in [("a.md", page), ("a.txt", page), ("b.txt", letter), ("c.txt", lines)] {
        assert!(refused(name, text).contains("est un texte"), "{name}");
    }
    assert!(refused("a.csv", "%PDF-1.7\n1 0 obj").contains("mis en page"));
    assert!(refused("a.xls", "<html><table>").contains("page web"));
    let table = "Statut\tAvis\nAssociation\tBien\nSCIC\t\nAssociation\tMal\n";
    assert!(told("réponses.txt", table).is_ok());
    let column = "Quel est votre avis ?\nTrès bon\nTrès bon\nMauvais\nTrès bon\n";
    assert!(told("colonne.csv", column).is_ok());
}

#[test]
fn the_summary_says_what_to_look_at() {
    let titles: &[&str] = &["ID", "Nom", "Téléphone", "Thèmes", "Poids"];
    let rows: &[&[&str]] = &[
        &["1", "Camille Exemple", "01 99 00 12 34", "A;B;", "1.2"],
        &["2", "Claude Modèle", "01 99 00 56 78", "B;", "0.8"],
        &["3", "Alix \"Essai\"\nDeux", "", "A;", "1.1"],
    ];
    let rows = table(titles, rows, 1);
    insta::assert_snapshot!(to_toml(&drafted(&rows), "réponses 2025.xlsx"));
}

/// How often each option is ticked, whatever its rank.
fn ticks(rows: &[&[&str]], id: &str) -> Vec<(String, usize)> {
    let mut counts = counts(rows, id);
    counts.sort();
    counts
}

#[test]
fn options_are_ticked_in_every_vocabulary() {
    let vocabularies = [
        ["Oui", "Non"],
        ["Yes", "No"],
        ["1", "0"],
        ["1", ""],
        ["Vrai", "Faux"],
        ["TRUE", "FALSE"],
        ["X", ""],
        ["✓", ""],
        ["Checked", "Unchecked"],
        ["Y", "N"],
    ];
    let titles: &[&str] = &["Nom du lieu", "Publics [Jeunes]", "Publics [Seniors]"];
    for [yes, no] in vocabularies {
        let rows: &[&[&str]] =
            &[&["a", yes, no], &["b", yes, yes], &["c", no, no], &["d", no, yes]];
        let rows = table(titles, rows, 3);
        assert_eq!(ticks(&rows, "publics"), pairs(&[("Jeunes", 6), ("Seniors", 6)]), "{yes}/{no}");
    }
    let rows: &[&[&str]] =
        &[&["a", "Jeunes", ""], &["b", "Jeunes", "Seniors"], &["c", "Not selected", "Seniors"]];
    let rows = table(titles, rows, 3);
    assert_eq!(ticks(&rows, "publics"), pairs(&[("Jeunes", 6), ("Seniors", 6)]));
}

#[test]
fn a_table_may_start_anywhere_between_notes() {
    let rows: &[&[&str]] = &[
        &["", "", "Enquête 2025"],
        &["", "", "Export du service"],
        &[],
        &["", "", "q1", "q2", "q3"],
        &["", "", "Avez-vous un projet ?", "Quel est son thème ?", "Combien d’années ?"],
        &["", "", "Oui", "Numérique", "12"],
        &["", "", "Non", "Insertion", "31"],
        &["", "", "Oui", "Numérique", "25"],
        &["", "", "Oui", "Insertion", "18"],
        &[],
        &["", "", "Source : le service"],
    ];
    let draft = drafted(rows);
    let layout = &draft.codebook.layout;
    assert_eq!((layout.title_rows.as_slice(), draft.rows), (&[3, 4][..], 4));
    assert_eq!(counts(rows, "q1"), pairs(&[("Oui", 3), ("Non", 1)]));
    assert_eq!(question(&draft, "q2").label, "Quel est son thème ?");
}

/// Found by changing tables at random.
#[test]
fn options_of_the_same_label_are_told_apart_by_their_columns() {
    let titles: &[&str] = &["", "", "A"];
    let options: &[&str] = &["", "Oui", "a", "3", "Oui", "3"];
    let rows: &[&[&str]] =
        &[titles, options, &["", "", "a", "", "2", "3"], &["", "", "", "", "Non"]];
    assert_eq!(counts(rows, "a"), pairs(&[("a", 1), ("3", 0), ("Oui", 1), ("3", 1)]));
}

#[test]
fn other_please_specify_and_comments_stand_beside_options() {
    let titles: &[&str] = &[
        "id",
        "themes[SQ001]",
        "themes[SQ001comment]",
        "themes[SQ002]",
        "themes[SQ002comment]",
        "themes[other]",
    ];
    let rows: &[&[&str]] = &[
        &["1", "Oui", "surtout le soir", "Non", "", ""],
        &["2", "Oui", "", "Oui", "un peu", "la médiation"],
        &["3", "Non", "", "Non", "", "l’accueil"],
    ];
    let rows = table(titles, rows, 3);
    assert_eq!(ticks(&rows, "themes"), pairs(&[("SQ001", 6), ("SQ002", 3), ("other", 6)]));
    let draft = drafted(&rows);
    let free = |rank: usize| question(&draft, "themes").options[rank].free;
    assert!(free(2) && !free(0));
    assert_eq!(question(&draft, "themes-sq001-commentaire").kind, Kind::Text);
}

#[test]
fn errors_of_the_spreadsheet_are_no_options() {
    let rows: &[&[&str]] = &[&["id", "Statut"], &["1", "SCIC"], &["2", "#N/A"], &["3", "SCIC"]];
    let rows: Vec<&[&str]> = rows.to_vec();
    assert_eq!(counts(&rows, "statut"), pairs(&[("SCIC", 2)]));
}

#[test]
fn codes_between_spaces_are_several_answers() {
    let titles: &[&str] = &["_id", "publics"];
    let rows: &[&[&str]] =
        &[&["1", "jeunes seniors"], &["2", "jeunes"], &["3", "seniors actifs"], &["4", "actifs"]];
    let rows = table(titles, rows, 2);
    let expected = pairs(&[("actifs", 4), ("jeunes", 4), ("seniors", 4)]);
    assert_eq!(ticks(&rows, "publics"), expected);
}

#[test]
fn words_for_not_asked_are_no_content() {
    let titles: &[&str] = &["Âge", "Date de départ", "Avis", "Thèmes"];
    let rows: &[&[&str]] = &[
        &["34", "7/1/2017", "Bon", "A; B; C"],
        &["NULL", "NA", "{question_not_shown}", "NA"],
        &["51", "NA", "Bon", "B; C; n/a"],
        &["NaN", "7/2/2017", "Mauvais", "A; C"],
    ];
    let rows = table(titles, rows, 6);
    let draft = drafted(&rows);
    let kinds: Vec<Kind> = draft.codebook.questions.iter().map(|q| q.kind).collect();
    assert_eq!(kinds, [Kind::Number, Kind::Date, Kind::Single, Kind::Multiple]);
    assert_eq!(counts(&rows, "avis"), pairs(&[("Bon", 12), ("Mauvais", 6)]));
    assert_eq!(counts(&rows, "themes"), pairs(&[("C", 18), ("A", 12), ("B", 12)]));
}

#[test]
fn answers_that_did_not_come_to_the_end_do_not_count() {
    let filters = |rows: &[&[&str]]| {
        let filters = drafted(&table(rows[0], &rows[1..], 5)).codebook.layout.filters;
        filters.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let qualtrics: &[&[&str]] = &[
        &["Status", "Finished", "Avis"],
        &["IP Address", "True", "Bon"],
        &["Survey Preview", "True", "Bon"],
        &["IP Address", "False", "Mauvais"],
    ];
    assert_eq!(filters(qualtrics), ["Status ≠ Survey Preview", "Finished ≠ False"]);
    let sphinx: &[&[&str]] =
        &[&["PROGRESSION", "Avis"], &["Terminé", "Bon"], &["En cours", "Mauvais"]];
    assert_eq!(filters(sphinx), ["PROGRESSION ≠ En cours"]);
    let drupal: &[&[&str]] = &[&["In draft", "Avis"], &["No", "Bon"], &["Yes", "Mauvais"]];
    assert_eq!(filters(drupal), ["In draft ≠ Yes"]);
    let vv: &[&[&str]] = &[
        &["submitdate", "Avis"],
        &["2024-01-01 10:00:00", "Bon"],
        &["{question_not_shown}", "Mauvais"],
    ];
    assert_eq!(filters(vv), ["submitdate ≠", "submitdate ≠ {question_not_shown}"]);
}

#[test]
fn titles_that_come_back_are_no_answer() {
    let titles: &[&str] = &["Avis", "Région"];
    let rows: &[&[&str]] =
        &[&["Bon", "Corse"], titles, &["Mauvais", "Corse"], &["Bon", "Bretagne"]];
    let rows = table(titles, rows, 3);
    assert_eq!(counts(&rows, "avis"), pairs(&[("Bon", 6), ("Mauvais", 3)]));
    let draft = drafted(&rows);
    assert!(draft.rows == 9 && draft.notes[0].contains("ligne 3, 7, 11"), "{:?}", draft.notes);
}

#[test]
fn tools_that_mark_their_titles_are_read() {
    let titles: &[&str] = &[
        "<p>Quels <strong>thèmes</strong> ?</p> (choice=Insertion)",
        "<p>Quels <strong>thèmes</strong> ?</p> (choice=Culture)",
        "Lieux/Café",
        "Lieux/FabLab / atelier",
    ];
    let rows: &[&[&str]] = &[
        &["Checked", "Unchecked", "1.0", "0.0"],
        &["Unchecked", "Checked", "0.0", "1.0"],
        &["Checked", "Checked", "1.0", "1.0"],
    ];
    let rows = table(titles, rows, 2);
    assert_eq!(counts(&rows, "quels-themes"), pairs(&[("Insertion", 4), ("Culture", 4)]));
    assert_eq!(counts(&rows, "lieux"), pairs(&[("Café", 4), ("FabLab / atelier", 4)]));
    assert_eq!(drafted(&rows).codebook.questions[0].label, "Quels thèmes ?");
}

/// A title, as exports write them and as they should not.
fn any_title() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        "[A-C]( ?(: |- |/|\\[|\\]|_|\\.) ?[a-c0-2]{1,2}){0,2}",
        "q[12](\\[SQ00[12]\\])?",
        "(Avis|Publics|Votre nom|Unnamed: 3) ?\\??",
        "[\"\\\\'é{}#=\n]{1,4}",
    ]
}

fn any_cell() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => Just(String::new()),
        3 => prop_oneof![Just("Oui"), Just("Non"), Just("N/A"), Just("X")].prop_map(String::from),
        2 => "[0-5]",
        2 => "[a-c]([;,/ ] ?[a-c]){0,2}",
        1 => "#N/A|2025-03-0[1-9]|a@b\\.fr|[\"\\\\é]{1,3}",
    ]
}

proptest! {
    /// Whatever the sheet, the draft is a codebook that reads it, with nothing
    /// in it that is not recognised.
    #[test]
    fn a_draft_runs_unedited(
        titles in proptest::collection::vec(any_title(), 1..7),
        cells in proptest::collection::vec(proptest::collection::vec(any_cell(), 7), 0..14),
    ) {
        let cells: Vec<Vec<&str>> =
            cells.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
        let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
        let mut rows: Vec<&[&str]> = vec![&titles];
        rows.extend(cells.iter().map(Vec::as_slice));
        let sheet = sheet(&rows);
        if let Ok(draft) = draft(&sheet) {
            let text = to_toml(&draft, "essai.xlsx");
            let mut found = Diagnostics::new();
            let codebook = Codebook::parse("dictionnaire.toml", &text, &mut found);
            prop_assert!(codebook.is_some(), "{found:?}\n{text}");
            let survey = Survey::read(sheet, codebook.unwrap(), None, &mut found);
            prop_assert!(survey.is_some() && !found.has_errors(), "{found:?}\n{text}");
            let unknown = found.iter().any(|told| told.code == "reponse-non-reconnue");
            prop_assert!(!unknown, "{found:?}\n{text}");
        }
    }

    /// Nothing like a codebook makes its reader panic.
    #[test]
    fn any_codebook_is_read_or_told(
        text in "(\\[\\[?(question|table|repondant|echelle)\\]?\\]\n|(id|type|colonne|base|modalites|filtre|separateur|lettre) ?= ?(\"[a-c;= ≠]{0,5}\"|\\[\\{ ?libelle = \"a\" ?\\}\\]|[0-9]{1,12})\n){0,12}",
    ) {
        let mut found = Diagnostics::new();
        let codebook = Codebook::parse("dictionnaire.toml", &text, &mut found);
        prop_assert_eq!(codebook.is_some(), !found.has_errors());
    }
}
