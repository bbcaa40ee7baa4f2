//! The manual says what the program does.

use std::collections::BTreeSet;

use bilan::prose::{Book, Piece, pieces};

use crate::shipped;
use crate::support::{SHIPPED_OUTPUT, project};

fn guide() -> String {
    std::fs::read_to_string(project().join("GUIDE.md")).unwrap()
}

/// A text with its live figures told, or why they are not, and plain spaces.
fn told(book: &Book<'_>, text: &str) -> String {
    let piece = |piece: Piece<'_>| match piece {
        Piece::Text(text) => text.to_string(),
        Piece::Figure(request, _) => {
            book.tell(&request).map_or_else(|missing| missing.message, |figure| figure.text)
        }
    };
    let text: String = pieces(text).into_iter().map(piece).collect();
    text.replace(['\u{A0}', '\u{202F}'], " ")
}

/// Every example of the table of live figures, on the shipped edition.
#[test]
fn live_figures_read_as_the_guide_says() {
    let shipped = shipped::read();
    let book = Book { figures: &shipped.figures, regions: &shipped.register.regions };
    let guide = guide();
    let examples: Vec<(String, &str)> = guide
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.strip_suffix(" |")?.split_once("` | "))
        .filter(|(text, _)| text.contains("{{"))
        .map(|(text, expected)| (text.replace("\\|", "|"), expected))
        .collect();
    assert!(examples.len() >= 15, "{}", examples.len());
    let wrong: Vec<String> = examples
        .iter()
        .map(|(text, expected)| (text, told(&book, text), expected))
        .filter(|(_, told, expected)| told != *expected)
        .map(|(text, told, expected)| format!("{text}: {told}, not {expected}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The codes that the sources of the rules hold, and those that the guide
/// documents: the same.
#[test]
fn every_rule_is_in_the_guide_and_every_rule_of_the_guide_exists() {
    let is_code = |text: &str| {
        let (letter, rest) = text.split_at_checked(1).unwrap_or_default();
        let plain = |rest: &str| rest.chars().all(|c| c.is_ascii_lowercase() || c == '-');
        ("A".."L").contains(&letter)
            && rest.strip_prefix('-').is_some_and(|rest| rest.len() > 3 && plain(rest))
    };
    let folder = project().join("src/checks");
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let rules: BTreeSet<String> = names
        .filter(|path| path.is_file() && !path.ends_with("tests.rs"))
        .map(|path| std::fs::read_to_string(path).unwrap())
        .flat_map(|text| {
            text.split('"').filter(|t| is_code(t)).map(str::to_string).collect::<Vec<_>>()
        })
        .filter(|code| !code.ends_with("-essai"))
        .collect();
    let guide = guide();
    let rows = guide.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    let documented: BTreeSet<String> =
        rows.map(|(code, _)| code.to_string()).filter(|code| is_code(code)).collect();
    assert_eq!(documented, rules);
    // Four cells a rule: the code, what it says, an example, what to do.
    for line in guide.lines().filter(|line| line.starts_with("| `") && line.contains("` | ")) {
        let code = line.trim_start_matches("| `").split('`').next().unwrap_or_default();
        if is_code(code) {
            let cells = line.replace("\\|", "").matches('|').count() - 1;
            assert_eq!(cells, 4, "{code}");
        }
    }
}

/// The pages that the guide gives for what the brochure holds are those of its
/// outline.
#[test]
fn the_pages_of_the_guide_are_those_of_the_brochure() {
    let brochure = lopdf::Document::load(SHIPPED_OUTPUT.join("bilan.pdf")).unwrap();
    let table = brochure.get_toc().unwrap();
    let outline: Vec<(String, usize)> = table
        .toc
        .iter()
        .map(|entry| (entry.title.replace(['\u{A0}', '\u{202F}'], " "), entry.page))
        .collect();
    let guide = guide();
    let (_, section) = guide.split_once("## D’où vient chaque page").unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    let cited = |piece: &str| -> Option<(String, usize)> {
        let (title, rest) = piece.split_once(" » (p. ")?;
        Some((title.to_string(), rest.split_once(')')?.0.parse().ok()?))
    };
    let cited: Vec<(String, usize)> = section.split("« ").filter_map(cited).collect();
    assert!(cited.len() > 20, "{cited:?}");
    let wrong: Vec<&(String, usize)> =
        cited.iter().filter(|entry| !outline.contains(entry)).collect();
    assert!(wrong.is_empty(), "{wrong:?} not in {outline:?}");
}
