//! A draft as a `dictionnaire.toml`, with its summary on top.

use std::collections::HashMap;
use std::fmt::Write;

use super::Draft;
use crate::codebook::{Choice, ColumnRef, Kind, Location, Question, Separator};
use crate::spreadsheet::column_letters;
use crate::typography::counted;

/// The text of a drafted codebook. `source` names the file it was drafted from.
pub fn to_toml(draft: &Draft, source: &str) -> String {
    let mut text = summary(draft, source);
    text.push_str(&table(draft));
    let lists: Vec<Option<String>> = draft.codebook.questions.iter().map(shared_list).collect();
    let scales = scales(lists.iter().flatten());
    for (rank, list) in scales.iter().enumerate() {
        let _ = write!(text, "\n[[echelle]]\nid = {}\n{list}", quoted(&scale_name(rank)));
    }
    let ranks: HashMap<&str, usize> = scales.iter().copied().zip(0..).collect();
    for (question, list) in draft.codebook.questions.iter().zip(&lists) {
        let scale = list.as_deref().and_then(|list| ranks.get(list).copied());
        text.push_str(&question_text(question, scale));
    }
    text
}

/// The options of a question, written as another may share them; none where there
/// are two at the most, or each has a column.
fn shared_list(question: &Question) -> Option<String> {
    let own = matches!(question.location, Location::Options(_));
    (!own && question.options.len() > 2).then(|| option_list(&question.options, &[]))
}

/// The lists of options that two questions or more share, in order of appearance.
fn scales<'a>(lists: impl Iterator<Item = &'a String>) -> Vec<&'a str> {
    let mut uses: HashMap<&str, usize> = HashMap::new();
    let mut scales = Vec::new();
    for list in lists {
        let count = uses.entry(list).or_default();
        if *count == 0 {
            scales.push(list.as_str());
        }
        *count += 1;
    }
    scales.retain(|list| uses.get(list).is_some_and(|count| *count > 1));
    scales
}

fn scale_name(rank: usize) -> String {
    format!("echelle-{}", rank + 1)
}

fn summary(draft: &Draft, source: &str) -> String {
    let of_kind = |kind: Kind| draft.codebook.questions.iter().filter(|q| q.kind == kind).count();
    let counts: Vec<String> = Kind::WORDS
        .iter()
        .map(|(word, kind)| (of_kind(*kind), word))
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    let mut text = format!(
        "# Dictionnaire ébauché par bilan à partir de {}.\n#\n# {} ; {} : {}.\n",
        one_line(source),
        counted(draft.rows, "ligne"),
        counted(draft.codebook.questions.len(), "question"),
        counts.join(", ")
    );
    if draft.notes.is_empty() {
        text.push_str("#\n# Rien de particulier à vérifier.\n");
    } else {
        text.push_str("#\n# À vérifier :\n");
    }
    for note in &draft.notes {
        let _ = writeln!(text, "# - {}", one_line(note));
    }
    text
}

fn table(draft: &Draft) -> String {
    let layout = &draft.codebook.layout;
    let mut text = "\n[table]\n".to_string();
    if let Some(sheet) = &layout.sheet {
        let _ = writeln!(text, "feuille = {}", quoted(sheet));
    }
    let rows: Vec<String> = layout.title_rows.iter().map(|row| (row + 1).to_string()).collect();
    let _ = writeln!(text, "lignes_titres = [{}]", rows.join(", "));
    if let Some(row) = layout.first_row {
        let _ = writeln!(text, "premiere_ligne = {}", row + 1);
    }
    if let Some(row) = layout.last_row {
        let _ = writeln!(text, "derniere_ligne = {}", row + 1);
    }
    if !layout.filters.is_empty() {
        let filters: Vec<String> = layout.filters.iter().map(|f| quoted(&f.to_string())).collect();
        let _ = writeln!(text, "filtre = [{}]", filters.join(", "));
    }
    text
}

fn question_text(question: &Question, scale: Option<usize>) -> String {
    let mut text = "\n[[question]]\n".to_string();
    let _ = writeln!(text, "id = {}", quoted(&question.id));
    let _ = writeln!(text, "libelle = {}", quoted(&question.label));
    let _ = writeln!(text, "type = {}", quoted(question.kind.word()));
    match &question.location {
        Location::Column(column) => text.push_str(&lines(column)),
        Location::Separated(column, separator) => {
            text.push_str(&lines(column));
            let _ = writeln!(text, "separateur = {}", quoted(&separator_word(*separator)));
        }
        Location::Options(_) => {}
    }
    if let Some(condition_of) = &question.condition {
        let _ = writeln!(text, "base = {}", quoted(&condition_of.to_string()));
    }
    match (scale, &question.location) {
        (Some(rank), Location::Column(_) | Location::Separated(..)) => {
            let _ = writeln!(text, "echelle = {}", quoted(&scale_name(rank)));
        }
        (_, Location::Options(columns)) => text.push_str(&option_list(&question.options, columns)),
        _ if question.options.is_empty() => {}
        _ => text.push_str(&option_list(&question.options, &[])),
    }
    text
}

fn lines(column: &ColumnRef) -> String {
    let mut text = String::new();
    if let Some(title) = &column.title {
        let _ = writeln!(text, "colonne = {}", quoted(title));
    }
    if let Some(index) = column.index {
        let _ = writeln!(text, "lettre = {}", quoted(&column_letters(index)));
    }
    text
}

/// The options of a question, each with its column where it has one.
fn option_list(options: &[Choice], columns: &[ColumnRef]) -> String {
    let mut text = "modalites = [\n".to_string();
    for (rank, option) in options.iter().enumerate() {
        let _ = writeln!(text, "    {{ {} }},", option_fields(option, columns.get(rank)));
    }
    text.push_str("]\n");
    text
}

fn option_fields(option: &Choice, column: Option<&ColumnRef>) -> String {
    let mut fields = vec![
        format!("id = {}", quoted(&option.id)),
        format!("libelle = {}", quoted(&option.label)),
    ];
    if !option.synonyms.is_empty() {
        let synonyms: Vec<String> = option.synonyms.iter().map(|text| quoted(text)).collect();
        fields.push(format!("synonymes = [{}]", synonyms.join(", ")));
    }
    if let Some(title) = column.and_then(|column| column.title.as_ref()) {
        fields.push(format!("colonne = {}", quoted(title)));
    }
    if let Some(index) = column.and_then(|column| column.index) {
        fields.push(format!("lettre = {}", quoted(&column_letters(index))));
    }
    if option.free {
        fields.push("libre = true".to_string());
    }
    fields.join(", ")
}

fn separator_word(separator: Separator) -> String {
    match separator {
        Separator::Character(character) => character.to_string(),
        Separator::Line => "ligne".to_string(),
        Separator::Spaces => "espace".to_string(),
    }
}

/// A TOML basic string, on one line.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// A text that stays in its comment.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
