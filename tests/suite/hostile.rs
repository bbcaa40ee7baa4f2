//! Text from a spreadsheet is data: whatever it holds, it comes out as it is.

use crate::support::{ANSWER_TITLES, Edition, text_of};

#[test]
fn code_in_a_name_is_printed_and_never_run() {
    let edition = Edition::new();
    let hostile = "#panic(\"x\") $x$ *a* @b <c> \\ _d_ `e` = F // g [h] ~";
    let long = format!("Début {}Fin", "abcdefghi ".repeat(200));
    edition.write_register(vec![
        vec!["BRE-01", "Bretagne", "1", hostile, hostile, "GRETA"],
        vec!["BRE-02", "Bretagne", "2", &long, "", ""],
        vec!["COR-01", "Corse", "1", "", "Lieu", "AFPA"],
    ]);
    edition.write_workbook(
        "questionnaire.xlsx",
        &[(
            "Réponses",
            vec![
                ANSWER_TITLES.to_vec(),
                vec!["", "BRE-01", "", "#panic();$x$;Insertion", "12"],
                vec!["", "COR-01", "", "Insertion", "#eval"],
            ],
        )],
    );
    edition.produce().success();
    for file in ["bilan.pdf", "fiches/bretagne.pdf"] {
        let text = text_of(&edition.output().join(file));
        for piece in ["#panic(\"x\")", "$x$", "*a*", "@b", "<c>", "_d_", "`e`", "[h]"] {
            assert!(text.contains(piece), "{piece} in {file}:\n{text}");
        }
        assert!(text.contains("Début abcdefghi"), "the long name in {file}");
    }
    let corse = text_of(&edition.output().join("fiches/corse.pdf"));
    assert!(corse.contains("Nom absent de la source"));
}

/// A word without a place to break does not make the compiler fail, nor does a
/// glyph that the fonts lack in silence.
#[test]
fn words_without_end_are_broken() {
    let edition = Edition::new();
    let word = "x".repeat(2_000);
    edition.write_register(vec![
        vec!["BRE-01", "Bretagne", "1", &word, "Lieu", "GRETA"],
        vec!["BRE-02", "Bretagne", "2", "B", "Lieu", &word],
    ]);
    edition.produce().success();
}
