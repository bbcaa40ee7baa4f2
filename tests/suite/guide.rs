//! The manual says what the program does.

use bilan::prose::{Book, Piece, pieces};

use crate::shipped;
use crate::support::project;

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
