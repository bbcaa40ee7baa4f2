//! What a column's title says of the question it belongs to.
//!
//! Form tools name the columns of one question alike, each in its way:
//! LimeSurvey `themes[SQ001]`, `themes[SQ001]. Question [Option]` or `Question
//! [Option]`; KoboToolbox `themes/insertion`; Sphinx and SurveyMonkey
//! `q0004_0001`; Framaforms the question above and the option below; Google
//! Forms `Question [Ligne]`. A title may be cut in several ways: a [`Split`]
//! is one of them, and the neighbours decide which is right.

use super::vocabulary::is_other;
use crate::matching;

/// The title of a column, taken apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Name {
    /// The whole title; empty for an unnamed column.
    pub title: String,
    /// The lowest of its cells.
    pub lowest: String,
    /// The short name of the question or the column: `currentEmp1`.
    pub code: Option<String>,
    /// What to call the column when it is a question by itself.
    pub wording: String,
    /// The ways to cut the title, the surest first.
    pub splits: Vec<Split>,
    /// Whether the column's own cell above the lowest one is filled.
    pub has_own_group: bool,
    /// Whether short names stand in a row of their own.
    pub has_code_row: bool,
}

/// A title cut into what the columns of a question share and what each adds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    pub convention: Convention,
    /// What the columns of the question share.
    pub group: String,
    /// What the column adds: `SQ001`, `0001`, `Insertion`.
    pub part: String,
    /// The wording of the question, where the title gives it.
    pub question: Option<String>,
    /// The wording of the option or of the row, where the title gives it.
    pub option: Option<String>,
}

impl Split {
    /// The question and the option in one text, where the title gives them.
    fn words(&self) -> Option<String> {
        let question = self.question.as_deref()?;
        Some(match &self.option {
            Some(option) => format!("{question} – {option}"),
            None => question.trim_end_matches("[]").trim().to_string(),
        })
    }
}

/// Why a title is cut where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Convention {
    /// `themes[SQ001]`: the code of the question and that of the option.
    Coded,
    /// The option stands below the question.
    Merged,
    /// `Question [Option]`.
    Bracketed,
    /// `themes/insertion`: what stands before may be a section of the form.
    Slashed,
    /// `q0004_0001`.
    Numbered,
    /// `Question - Option`, `Question : Option`: punctuation that sentences
    /// have too.
    Delimited,
}

/// The cells of a column's title, from top to bottom.
#[derive(Debug, Clone, Default)]
pub struct TitleCells {
    /// The cell in a row of short names.
    pub code: Option<String>,
    /// The cells above the lowest one.
    pub upper: Option<String>,
    /// The merged cell at the left of a blank upper one.
    pub merged: Option<String>,
    pub lowest: Option<String>,
}

impl Name {
    /// Takes a title apart. `title` is the whole of it, as messages show it.
    pub fn read(title: String, cells: &TitleCells) -> Self {
        let wording = wording(cells);
        let mut splits: Vec<Split> = cells.code.as_deref().and_then(coded).into_iter().collect();
        splits.extend(merged(cells));
        let text = cells.lowest.as_deref().or(cells.upper.as_deref()).unwrap_or_default();
        match coded(text) {
            Some(split) => splits.push(split),
            None => add_words(&mut splits, bracketed(text)),
        }
        let short = cells.code.as_deref().unwrap_or(text);
        splits.extend(slashed(short));
        splits.extend(numbered(short));
        splits.extend(delimited(text));
        let dotted = dotted_code(text);
        let coded = splits.iter().find(|split| split.convention == Convention::Coded);
        let worded = coded.and_then(Split::words);
        let code = coded.map(|split| split.group.clone()).or_else(|| cells.code.clone());
        Self {
            title,
            lowest: text.to_string(),
            code: code.or_else(|| dotted.as_ref().map(|(code, _)| code.clone())),
            wording: worded.or(dotted.map(|(_, wording)| wording)).unwrap_or(wording),
            splits,
            has_own_group: cells.upper.is_some(),
            has_code_row: cells.code.is_some(),
        }
    }

    /// The first split of a convention.
    pub fn of_convention(&self, convention: Convention) -> Option<&Split> {
        self.splits.iter().find(|split| split.convention == convention)
    }

    /// The split of a convention and a group.
    pub fn split(&self, convention: Convention, group: &str) -> Option<&Split> {
        let same = |split: &&Split| split.convention == convention && split.group == group;
        self.splits.iter().find(same)
    }
}

/// Adds a wording; beside a code it belongs to the code's split.
fn add_words(splits: &mut Vec<Split>, worded: Option<Split>) {
    let coded = splits.first_mut().filter(|first| first.convention == Convention::Coded);
    match (coded, worded) {
        (Some(first), Some(worded)) if first.option.is_none() => {
            first.question = first.question.take().or(worded.question);
            first.option = worded.option;
        }
        (_, worded) => splits.extend(worded),
    }
}

/// A title without the marks of a page that some tools leave in it: tags, entities,
/// and Qualtrics' « Selected Choice ».
pub fn without_marks(title: &str) -> String {
    let mut plain = String::with_capacity(title.len());
    let mut rest = title;
    while let Some((before, behind)) = rest.split_once('<') {
        let is_tag = behind.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
        let tag = behind.split_once('>').filter(|(tag, _)| is_tag && !tag.contains('<'));
        plain.push_str(before);
        match tag {
            Some((_, after)) => {
                plain.push(' ');
                rest = after;
            }
            None => {
                plain.push('<');
                rest = behind;
            }
        }
    }
    plain.push_str(rest);
    for (entity, character) in ENTITIES {
        if plain.contains(entity) {
            plain = plain.replace(entity, character);
        }
    }
    let words = match plain == title {
        true => plain,
        false => plain.split_whitespace().collect::<Vec<_>>().join(" "),
    };
    words.strip_suffix(" - Selected Choice").map_or(words.clone(), str::to_string)
}

const ENTITIES: [(&str, &str); 7] = [
    ("&nbsp;", " "),
    ("&#039;", "'"),
    ("&#39;", "'"),
    ("&quot;", "\""),
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&amp;", "&"),
];

/// The words under which form tools put a column that has no options.
const PLACEHOLDERS: [&str; 6] = [
    "response",
    "open-ended response",
    "réponse",
    "réponses",
    "réponse ouverte",
    "réponse à composition non limitée",
];

/// Whether a cell of a title says nothing of the question.
pub fn is_placeholder(text: &str) -> bool {
    PLACEHOLDERS.contains(&matching::key(text).as_str())
}

/// Whether a merged title stands above the columns that the tool adds by
/// itself.
fn is_section_of_tool(text: &str) -> bool {
    const SECTIONS: [&str; 4] =
        ["submission details", "details de l'envoi", "details de la soumission", "meta"];
    SECTIONS.contains(&matching::loose_key(text).as_str())
}

fn wording(cells: &TitleCells) -> String {
    let lowest = cells.lowest.as_deref().filter(|text| !is_placeholder(text));
    if let (Some(merged), Some(lowest)) = (&cells.merged, lowest.filter(|text| is_other(text))) {
        return format!("{merged} – {lowest}");
    }
    match (cells.upper.as_deref().filter(|upper| !is_section_of_tool(upper)), lowest) {
        (Some(upper), Some(lowest)) if upper != lowest => format!("{upper} – {lowest}"),
        (Some(one), _) | (None, Some(one)) => one.to_string(),
        (None, None) => cells.merged.clone().or_else(|| cells.code.clone()).unwrap_or_default(),
    }
}

/// An option below its question.
fn merged(cells: &TitleCells) -> Option<Split> {
    let group = cells.upper.as_ref().or(cells.merged.as_ref())?;
    if is_section_of_tool(group) {
        return None;
    }
    let option = cells.lowest.as_ref().filter(|lowest| *lowest != group)?;
    Some(Split {
        convention: Convention::Merged,
        group: group.clone(),
        part: option.clone(),
        question: Some(group.clone()),
        option: Some(option.clone()),
    })
}

/// A short name without spaces that begins with a letter or an underscore.
pub fn is_code(text: &str) -> bool {
    let starts = text.starts_with(|c: char| c.is_alphabetic() || c == '_');
    starts && text.chars().count() <= 60 && !text.contains(char::is_whitespace)
}

/// `themes[SQ001]`, `themes[SQ001][1]`, `themes[SQ001]. Question [Option]`.
fn coded(text: &str) -> Option<Split> {
    let (code, rest) = text.split_once('[')?;
    if !is_code(code) || code.contains(['.', '/']) {
        return None;
    }
    let (part, after) = rest.split_once(']')?;
    let (second, after) = match after.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((second, after)) => (Some(second), after),
        None => (None, after),
    };
    let wording = after.trim_start_matches(['.', ':', '_']).trim();
    let inner = bracketed(wording);
    let bare = || Some(wording.to_string()).filter(|wording| !wording.is_empty());
    Some(Split {
        convention: Convention::Coded,
        group: code.to_string(),
        part: second.map_or(part.to_string(), |second| format!("{part}-{second}")),
        question: inner.as_ref().and_then(|split| split.question.clone()).or_else(bare),
        option: inner.and_then(|split| split.option),
    })
}

/// `Question [Option]`; `Question [Row][Column]` of a double matrix.
fn bracketed(text: &str) -> Option<Split> {
    // REDCap: `Question (choice=Option)`.
    if let Some((question, option)) = text.strip_suffix(')').and_then(|t| t.split_once(" (choice="))
    {
        return Some(Split {
            convention: Convention::Bracketed,
            group: question.to_string(),
            part: option.to_string(),
            question: Some(question.to_string()),
            option: Some(option.to_string()),
        });
    }
    let inner = text.strip_suffix(']')?;
    let (question, option) = inner.rsplit_once('[')?;
    let (question, option) = match question.trim_end().strip_suffix(']') {
        Some(row) => {
            let (question, row) = row.rsplit_once('[')?;
            (question, format!("{} – {option}", row.trim()))
        }
        None => (question, option.to_string()),
    };
    let (question, option) = (question.trim(), option.trim());
    (!question.is_empty()).then(|| Split {
        convention: Convention::Bracketed,
        group: question.to_string(),
        part: option.to_string(),
        question: Some(question.to_string()),
        option: Some(option.to_string()).filter(|option| !option.is_empty()),
    })
}

/// `group/question/option`, without spaces around the slash: KoboToolbox. Cut at the
/// last slash, or at one before: an option may be `FabLab / atelier`.
fn slashed(text: &str) -> Vec<Split> {
    let cut = |(at, _): (usize, &str)| {
        let (group, option) = (text.get(..at)?, text.get(at + 1..)?);
        let tight = !group.ends_with(' ') && !option.starts_with(' ');
        let sound = tight && !group.is_empty() && !option.is_empty();
        sound.then(|| Split {
            convention: Convention::Slashed,
            group: group.to_string(),
            part: option.to_string(),
            question: Some(group.rsplit('/').next().unwrap_or(group).to_string()),
            option: Some(option.to_string()),
        })
    };
    text.rmatch_indices('/').filter_map(cut).take(MOST_SPLITS).collect()
}

/// `q0004_0001`, `Q4_1`, `themes_SQ001`, `themes_other`; not `Q_1`, which
/// numbers the questions.
fn numbered(text: &str) -> Option<Split> {
    const BARE: [&str; 8] = ["q", "qu", "v", "var", "question", "item", "col", "field"];
    let (group, part) = text.rsplit_once('_')?;
    let digits = part.bytes().all(|b| b.is_ascii_digit());
    let coded = part.strip_prefix("SQ").is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()));
    let known = digits || coded || ["other", "autre", "oth"].contains(&part);
    let numbers_questions = BARE.contains(&group.to_lowercase().as_str());
    let sound = is_code(group) && !part.is_empty() && part.len() <= 6 && known;
    (sound && !numbers_questions).then(|| Split {
        convention: Convention::Numbered,
        group: group.to_string(),
        part: part.to_string(),
        question: None,
        option: None,
    })
}

/// `currentEmp1. What type of organisation?`: a code, then the wording.
fn dotted_code(text: &str) -> Option<(String, String)> {
    let cut = |separator: &str| text.split_once(separator);
    let (code, wording) = cut("._.").or_else(|| cut(". "))?;
    let wording = wording.trim();
    let sound = is_code(code) && code.chars().count() <= 30 && !wording.is_empty();
    let coded = text.contains("._.") || code.chars().any(|c| c.is_ascii_digit());
    (sound && coded).then(|| (code.to_string(), wording.to_string()))
}

/// The delimiters between a question and an option, and how many of them a
/// title is searched for.
const DELIMITERS: [&str; 10] =
    [" : ", "\u{A0}: ", " - ", " – ", " — ", " > ", " | ", ".", ": ", " / "];
const MOST_SPLITS: usize = 12;

/// A title cut at each delimiter, the longest beginning first.
fn delimited(text: &str) -> Vec<Split> {
    let mut ends: Vec<usize> = DELIMITERS
        .iter()
        .flat_map(|delimiter| text.match_indices(delimiter).map(|(at, _)| at + delimiter.len()))
        .collect();
    ends.sort_unstable_by(|a, b| b.cmp(a));
    ends.dedup();
    let cut = |end: usize| {
        let (beginning, rest) = (text.get(..end)?, text.get(end..)?.trim());
        let question =
            beginning.trim().trim_end_matches([':', '-', '–', '—', '>', '|', '.', '/']).trim();
        let sound = question.chars().count() >= 3 && !rest.is_empty();
        sound.then(|| Split {
            convention: Convention::Delimited,
            group: beginning.to_string(),
            part: rest.to_string(),
            question: Some(question.to_string()),
            option: Some(rest.to_string()),
        })
    };
    ends.into_iter().filter_map(cut).take(MOST_SPLITS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Name {
        let cells = TitleCells { lowest: Some(text.to_string()), ..TitleCells::default() };
        Name::read(text.to_string(), &cells)
    }

    /// The surest split: convention, group, part, question, option.
    fn split(text: &str) -> (Convention, String, String, Option<String>, Option<String>) {
        let name = name(text);
        let split = name.splits.into_iter().next().unwrap();
        (split.convention, split.group, split.part, split.question, split.option)
    }

    fn some(text: &str) -> Option<String> {
        Some(text.to_string())
    }

    #[test]
    fn the_conventions_of_form_tools_are_read() {
        use Convention::{Bracketed, Coded, Delimited, Numbered, Slashed};
        assert_eq!(split("GazCC[SQ001]"), (Coded, "GazCC".into(), "SQ001".into(), None, None));
        assert_eq!(
            split("fund2[SQ001]. Which sources? [Grants]"),
            (Coded, "fund2".into(), "SQ001".into(), some("Which sources?"), some("Grants"))
        );
        assert_eq!(
            split("Quels thèmes ? [Insertion]"),
            (
                Bracketed,
                "Quels thèmes ?".into(),
                "Insertion".into(),
                some("Quels thèmes ?"),
                some("Insertion")
            )
        );
        assert_eq!(
            split("profil/themes/insertion"),
            (
                Slashed,
                "profil/themes".into(),
                "insertion".into(),
                some("themes"),
                some("insertion")
            )
        );
        assert_eq!(split("q0004_0001"), (Numbered, "q0004".into(), "0001".into(), None, None));
        assert_eq!(
            split("Publics : Jeunes"),
            (Delimited, "Publics : ".into(), "Jeunes".into(), some("Publics"), some("Jeunes"))
        );
        assert_eq!(name("Avez-vous un projet ?").splits, []);
        assert_eq!(name("Q_12").splits, []);
    }

    #[test]
    fn marks_of_a_page_are_no_words() {
        let told = |title: &str| without_marks(title);
        assert_eq!(
            told(
                "<p style=\"text-align:left;\">Quels <strong>thèmes</strong>&nbsp;?</p>\n [Média]"
            ),
            "Quels thèmes ? [Média]"
        );
        assert_eq!(told("Moins de 5 < x  > 3"), "Moins de 5 < x  > 3");
        assert_eq!(told("L&#039;avis &amp; le reste"), "L'avis & le reste");
        assert_eq!(told("Quelle forme ? - Selected Choice"), "Quelle forme ?");
    }

    #[test]
    fn choices_of_other_tools_are_read() {
        use Convention::{Bracketed, Slashed};
        let (convention, group, part, ..) = split("Quels thèmes ? (choice=Insertion)");
        assert_eq!(
            (convention, group.as_str(), part.as_str()),
            (Bracketed, "Quels thèmes ?", "Insertion")
        );
        let (convention, group, part, ..) = split("Activités/FabLab / atelier");
        assert_eq!(
            (convention, group.as_str(), part.as_str()),
            (Slashed, "Activités", "FabLab / atelier")
        );
    }

    #[test]
    fn a_code_before_the_wording_is_the_short_name() {
        let dotted = name("currentEmp1. What type of organisation?");
        assert_eq!(dotted.code.as_deref(), Some("currentEmp1"));
        assert_eq!(dotted.wording, "What type of organisation?");
        let cells = TitleCells {
            code: some("q1[SQ002]"),
            lowest: some("Quels publics ? [Jeunes]"),
            ..TitleCells::default()
        };
        let above = Name::read(String::new(), &cells);
        assert_eq!(above.code.as_deref(), Some("q1"));
        assert_eq!(above.splits[0].option.as_deref(), Some("Jeunes"));
        assert_eq!(above.splits[0].question.as_deref(), Some("Quels publics ?"));
    }

    #[test]
    fn a_merged_title_above_is_the_question() {
        let cells =
            TitleCells { merged: some("Publics"), lowest: some("Jeunes"), ..TitleCells::default() };
        let name = Name::read(String::new(), &cells);
        assert_eq!(
            (name.splits[0].group.as_str(), name.splits[0].option.as_deref()),
            ("Publics", Some("Jeunes"))
        );
        assert_eq!(name.wording, "Jeunes");
    }

    #[test]
    fn a_placeholder_below_the_question_is_not_part_of_it() {
        let cells = TitleCells {
            upper: some("Which character shot first?"),
            lowest: some("Response"),
            ..TitleCells::default()
        };
        assert_eq!(Name::read(String::new(), &cells).wording, "Which character shot first?");
    }
}
