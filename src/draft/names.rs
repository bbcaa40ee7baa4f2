//! What a column's title says of the question it belongs to.
//!
//! Form tools name the columns of one question alike, each in its way:
//! LimeSurvey `themes[SQ001]`, `themes[SQ001]. Question [Option]` or `Question
//! [Option]`; KoboToolbox `themes/insertion`; Sphinx and SurveyMonkey
//! `q0004_0001`; Framaforms the question above and the option below; Microsoft
//! Forms `Question.Affirmation`; Google Forms `Question [Ligne]`.

/// The title of a column, taken apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Name {
    /// The whole title; empty for an unnamed column.
    pub title: String,
    /// What the columns of one question share.
    pub group: Option<String>,
    /// The code of the column in its group: `SQ001`, `0001`.
    pub part: Option<String>,
    /// The wording of the question, where the title gives it.
    pub question: Option<String>,
    /// The wording of the option or of the row.
    pub option: Option<String>,
    /// The short name of the question or the column: `currentEmp1`.
    pub code: Option<String>,
}

impl Name {
    /// Reads the cells of a column's title, from top to bottom. `inherited` is
    /// the merged title above, where there is one.
    pub fn read(cells: &[Option<String>], inherited: Option<&str>) -> Self {
        let own: Vec<&str> = cells.iter().flatten().map(String::as_str).collect();
        let title = match (inherited, own.as_slice()) {
            (Some(above), [.., last]) if !own.contains(&above) => format!("{above} – {last}"),
            (Some(above), []) => above.to_string(),
            _ => own.join(" – "),
        };
        match (inherited, own.as_slice()) {
            (Some(above), [.., option]) if *option != above => Self {
                group: Some(above.to_string()),
                question: Some(above.to_string()),
                part: Some((*option).to_string()),
                option: Some((*option).to_string()),
                title,
                code: None,
            },
            (_, [code, wording]) if is_code(code) => {
                let spelled = Self::of_text(code);
                let words = Self::of_text(wording);
                Self {
                    title,
                    group: spelled.group.or(words.group),
                    part: spelled.part.or(words.part),
                    question: words.question.or_else(|| Some((*wording).to_string())),
                    option: words.option,
                    code: spelled.code.or_else(|| Some((*code).to_string())),
                }
            }
            _ => Self { title: title.clone(), ..Self::of_text(&title) },
        }
    }

    /// Reads a title in one cell.
    fn of_text(text: &str) -> Self {
        let text = text.trim();
        let name = coded(text).or_else(|| bracketed(text)).or_else(|| slashed(text));
        let name = name.or_else(|| numbered(text)).or_else(|| dotted_code(text));
        Self { title: text.to_string(), ..name.unwrap_or_default() }
    }
}

/// A short name without spaces that begins with a letter or an underscore.
pub fn is_code(text: &str) -> bool {
    let starts = text.starts_with(|c: char| c.is_alphabetic() || c == '_');
    starts && text.chars().count() <= 60 && !text.contains(char::is_whitespace)
}

/// `themes[SQ001]`, `themes[SQ001][1]`, `themes[SQ001]. Question [Option]`.
fn coded(text: &str) -> Option<Name> {
    let (code, rest) = text.split_once('[')?;
    if !is_code(code) || code.contains(['.', '/']) {
        return None;
    }
    let (part, after) = rest.split_once(']')?;
    let (second, after) = match after.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((second, after)) => (Some(second), after),
        None => (None, after),
    };
    let wording = after.trim_start_matches(['.', ':']).trim();
    let inner = bracketed(wording);
    let bare = || Some(wording.to_string()).filter(|wording| !wording.is_empty());
    Some(Name {
        group: Some(code.to_string()),
        part: Some(second.map_or(part.to_string(), |second| format!("{part}-{second}"))),
        question: inner.as_ref().and_then(|name| name.question.clone()).or_else(bare),
        option: inner.and_then(|name| name.option),
        code: Some(code.to_string()),
        ..Name::default()
    })
}

/// `Question [Option]`; `Question [Row][Column]` of a double matrix.
fn bracketed(text: &str) -> Option<Name> {
    let inner = text.strip_suffix(']')?;
    let (question, option) = inner.rsplit_once('[')?;
    let (question, option) = match question.trim_end().strip_suffix(']') {
        Some(row) => {
            let (question, row) = row.rsplit_once('[')?;
            (question, format!("{} – {option}", row.trim()))
        }
        None => (question, option.to_string()),
    };
    let question = question.trim();
    (!question.is_empty()).then(|| Name {
        group: Some(question.to_string()),
        part: Some(option.trim().to_string()),
        question: Some(question.to_string()),
        option: Some(option.trim().to_string()).filter(|option| !option.is_empty()),
        ..Name::default()
    })
}

/// `group/question/option`, without spaces around: KoboToolbox.
fn slashed(text: &str) -> Option<Name> {
    let (group, option) = text.rsplit_once('/')?;
    let tight = !group.ends_with(' ') && !option.starts_with(' ');
    let sound = tight && !group.is_empty() && !option.is_empty();
    sound.then(|| Name {
        group: Some(group.to_string()),
        part: Some(option.to_string()),
        question: Some(group.rsplit('/').next().unwrap_or(group).to_string()),
        option: Some(option.to_string()),
        ..Name::default()
    })
}

/// `q0004_0001`, `Q4_1`, `themes_SQ001`, `themes_other`.
fn numbered(text: &str) -> Option<Name> {
    let (group, part) = text.rsplit_once('_')?;
    let digits = part.bytes().all(|b| b.is_ascii_digit());
    let coded = part.strip_prefix("SQ").is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()));
    let known = digits || coded || ["other", "autre"].contains(&part);
    let sound = is_code(group) && !part.is_empty() && part.len() <= 6 && known;
    sound.then(|| Name {
        group: Some(group.to_string()),
        part: Some(part.to_string()),
        ..Name::default()
    })
}

/// `currentEmp1. What type of organisation?`: a code, then the wording.
fn dotted_code(text: &str) -> Option<Name> {
    let (code, wording) = text.split_once(". ")?;
    let wording = wording.trim();
    let sound = is_code(code) && code.chars().count() <= 30 && !wording.is_empty();
    (sound && code.chars().any(|c| c.is_ascii_digit())).then(|| Name {
        code: Some(code.to_string()),
        question: Some(wording.to_string()),
        ..Name::default()
    })
}

/// The beginning that neighbouring titles share up to a delimiter, and what
/// follows it in each: `Question : Option`, `Question.Affirmation`. None where
/// they share nothing, or one of them has nothing after it.
pub fn shared_beginning(titles: &[&str]) -> Option<(String, Vec<String>)> {
    const DELIMITERS: [&str; 8] = [" : ", " - ", " – ", " > ", " | ", ".", ": ", " / "];
    let first = titles.first()?;
    let ends = DELIMITERS.iter().flat_map(|delimiter| {
        first.match_indices(delimiter).map(move |(at, _)| at + delimiter.len())
    });
    let mut ends: Vec<usize> = ends.collect();
    ends.sort_unstable();
    let fits = |end: usize| {
        let beginning = first.get(..end)?;
        let rest = |title: &&str| Some(title.strip_prefix(beginning)?.trim().to_string());
        let rests: Option<Vec<String>> = titles.iter().map(rest).collect();
        let rests = rests.filter(|rests| rests.iter().all(|rest| !rest.is_empty()))?;
        let question =
            beginning.trim().trim_end_matches([':', '-', '–', '>', '|', '.', '/']).trim();
        (question.chars().count() >= 3).then(|| (question.to_string(), rests))
    };
    ends.into_iter().rev().find_map(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> (Option<String>, Option<String>, Option<String>, Option<String>) {
        let name = Name::read(&[Some(text.to_string())], None);
        (name.group, name.part, name.question, name.option)
    }

    fn some(text: &str) -> Option<String> {
        Some(text.to_string())
    }

    #[test]
    fn the_conventions_of_form_tools_are_read() {
        assert_eq!(name("GazCC[SQ001]"), (some("GazCC"), some("SQ001"), None, None));
        assert_eq!(
            name("fund2[SQ001]. Which sources? [Grants]"),
            (some("fund2"), some("SQ001"), some("Which sources?"), some("Grants"))
        );
        assert_eq!(
            name("Quels thèmes ? [Insertion]"),
            (some("Quels thèmes ?"), some("Insertion"), some("Quels thèmes ?"), some("Insertion"))
        );
        assert_eq!(
            name("profil/themes/insertion"),
            (some("profil/themes"), some("insertion"), some("themes"), some("insertion"))
        );
        assert_eq!(name("q0004_0001"), (some("q0004"), some("0001"), None, None));
        assert_eq!(name("Avez-vous un projet ?"), (None, None, None, None));
    }

    #[test]
    fn a_code_before_the_wording_is_the_short_name() {
        let name = Name::read(&[some("currentEmp1. What type of organisation?")], None);
        assert_eq!(name.code.as_deref(), Some("currentEmp1"));
        assert_eq!(name.question.as_deref(), Some("What type of organisation?"));
        let name = Name::read(&[some("q1"), some("Quel âge ?")], None);
        assert_eq!(
            (name.code.as_deref(), name.question.as_deref()),
            (Some("q1"), Some("Quel âge ?"))
        );
    }

    #[test]
    fn a_merged_title_above_is_the_question() {
        let name = Name::read(&[None, some("Jeunes")], Some("Publics"));
        assert_eq!(
            (name.group.as_deref(), name.option.as_deref()),
            (Some("Publics"), Some("Jeunes"))
        );
    }

    #[test]
    fn neighbours_share_a_beginning() {
        let titles = ["Publics : Jeunes", "Publics : Seniors"];
        let (question, options) = shared_beginning(&titles).unwrap();
        assert_eq!(
            (question.as_str(), options),
            ("Publics", vec!["Jeunes".into(), "Seniors".into()])
        );
        assert_eq!(shared_beginning(&["Âge", "Publics"]), None);
    }
}
