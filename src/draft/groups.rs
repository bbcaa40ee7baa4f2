//! The columns that belong to one question.

use std::collections::HashSet;

use super::content::{Content, Nature, other_values};
use super::names::{Convention, Name, Split};
use super::profile::Profile;
use super::vocabulary::{Family, is_comment, is_other, is_unnamed};
use crate::matching;

/// A column of the table.
#[derive(Debug, Clone)]
pub struct TableColumn {
    pub name: Name,
    pub profile: Profile,
}

/// Columns that ask one thing.
#[derive(Debug, Clone)]
pub enum Group<'a> {
    /// A column by itself.
    Alone(&'a TableColumn),
    /// One column an option.
    Options { key: String, question: String, members: Vec<Member<'a>> },
    /// One column a row of a matrix.
    Rows { key: String, question: Option<String>, members: Vec<Member<'a>> },
}

/// A column of a question that has several.
#[derive(Debug, Clone)]
pub struct Member<'a> {
    pub column: &'a TableColumn,
    /// The code of the column in its question: `SQ001`.
    pub part: String,
    /// The wording of the option or of the row.
    pub label: String,
    pub role: Role,
}

/// What a member is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Plain,
    /// Free text that stands for an option: « Autre : précisez ».
    Free,
    /// A comment beside an option.
    Comment,
}

/// Columns that follow each other and ask one thing.
struct Run<'a> {
    /// How many columns are used up, those left out included.
    length: usize,
    key: String,
    question: Option<String>,
    members: Vec<Member<'a>>,
    /// Whether columns that are not options are the rows of a matrix.
    matrix: bool,
}

/// Puts together the columns of each question, in the order of the sheet.
pub fn groups(columns: &[TableColumn]) -> Vec<Group<'_>> {
    let mut groups = Vec::new();
    let mut rest = columns;
    while let Some(first) = rest.first() {
        let run = run(rest);
        let length = run.as_ref().map_or(1, |run| run.length.max(1));
        match run {
            Some(run) => groups.extend(gather(run)),
            None => groups.push(Group::Alone(first)),
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    groups
}

/// The run that the columns begin with, by the surest evidence.
fn run(columns: &[TableColumn]) -> Option<Run<'_>> {
    children(columns)
        .or_else(|| titled_alike(columns, Convention::Coded))
        .or_else(|| titled_alike(columns, Convention::Merged))
        .or_else(|| titled_alike(columns, Convention::Bracketed))
        .or_else(|| slashed(columns))
        .or_else(|| titled_alike(columns, Convention::Numbered))
        .or_else(|| delimited(columns))
        .or_else(|| unnamed(columns))
        .or_else(|| titled_by_option(columns))
}

/// KoboToolbox repeats the whole answer of a multiple question in a column
/// before its options: `publics`, then `publics/jeunes`, `publics/seniors`. That
/// column counts the same thing twice and is left out.
fn children(columns: &[TableColumn]) -> Option<Run<'_>> {
    let (parent, rest) = columns.split_first()?;
    let title = parent.name.title.as_str();
    let part = |column: &TableColumn| {
        let rest = column.name.title.strip_prefix(title)?;
        let part = rest.strip_prefix(['/', '.', ':', '_'])?.trim();
        Some(part.to_string()).filter(|part| !part.is_empty() && holds_flags(column))
    };
    let members: Vec<Member<'_>> = rest
        .iter()
        .map_while(|column| Some((column, part(column)?)))
        .map(|(column, part)| Member { column, label: part.clone(), part, role: Role::Plain })
        .collect();
    let sure = members.len() >= 2 || members.len() == 1 && holds(parent, &members);
    (!title.is_empty() && sure && !holds_flags(parent)).then(|| Run {
        length: members.len() + 1,
        key: title.to_string(),
        question: Some(last_segment(title).to_string()),
        members,
        matrix: false,
    })
}

/// Whether the joined answers of a column name its children.
fn holds(parent: &TableColumn, members: &[Member<'_>]) -> bool {
    let names = |text: &str| members.iter().any(|member| text.contains(&member.part));
    parent.profile.values.iter().any(|(text, _)| names(text))
}

/// Whether a column holds 0 and 1, or true and false, or nothing.
fn holds_flags(column: &TableColumn) -> bool {
    let content = Content::of(&column.profile, &column.name.title);
    matches!(content, Content::Empty | Content::Ticks(Family::Digits | Family::Truth))
}

/// The end of a path: `publics` of `profil/publics`.
pub fn last_segment(title: &str) -> &str {
    let is_path = !title.contains(char::is_whitespace);
    if is_path { title.rsplit('/').next().unwrap_or(title) } else { title }
}

/// Columns that a convention puts together, whatever they hold; below a merged
/// title, those that hold the same things.
fn titled_alike(columns: &[TableColumn], convention: Convention) -> Option<Run<'_>> {
    let first = &columns.first()?.name;
    let group = first.of_convention(convention)?.group.as_str();
    // Past a column of another kind, a merged title holds no longer.
    if convention == Convention::Merged && !first.has_own_group {
        return None;
    }
    let starts = |rank: usize, column: &TableColumn| {
        rank > 0 && convention == Convention::Merged && column.name.has_own_group
    };
    let named = columns.iter().enumerate().map_while(|(rank, column)| {
        let split = column.name.split(convention, group)?;
        (!starts(rank, column)).then_some((column, split))
    });
    let run: Vec<(&TableColumn, &Split)> = match convention {
        Convention::Merged => coherent(named),
        _ => named.collect(),
    };
    (run.len() >= 2).then(|| of_splits(&run, true))
}

/// The columns that hold the same things as the first.
fn coherent<'a>(
    named: impl Iterator<Item = (&'a TableColumn, &'a Split)>,
) -> Vec<(&'a TableColumn, &'a Split)> {
    let mut nature = Nature::default();
    named.take_while(|(column, split)| nature.admit(&column.profile, &split.part)).collect()
}

/// `question/option` without a column of whole answers: the slash may stand
/// between a section of the form and a question, unless all hold 0 and 1.
fn slashed(columns: &[TableColumn]) -> Option<Run<'_>> {
    let cuts = columns.first()?.name.splits.iter();
    let cuts = cuts.filter(|split| split.convention == Convention::Slashed);
    let mut runs = cuts.map(|cut| -> Vec<(&TableColumn, &Split)> {
        columns
            .iter()
            .map_while(|column| Some((column, column.name.split(Convention::Slashed, &cut.group)?)))
            .take_while(|(column, _)| holds_flags(column))
            .collect()
    });
    let run = runs.find(|run| run.len() >= 2)?;
    let filled = run.iter().any(|(column, _)| column.profile.filled > 0);
    (run.len() >= 2 && filled).then(|| of_splits(&run, false))
}

/// Titles that share their beginning up to a delimiter, above columns that
/// hold the same things: the cut that puts most together, else the longest
/// beginning.
fn delimited(columns: &[TableColumn]) -> Option<Run<'_>> {
    let first = columns.first()?;
    let cuts = first.name.splits.iter().filter(|s| s.convention == Convention::Delimited);
    let runs = cuts.map(|cut| {
        coherent(columns.iter().map_while(|column| {
            Some((column, column.name.split(Convention::Delimited, &cut.group)?))
        }))
    });
    let longest = runs.rev().max_by_key(Vec::len).filter(|run| run.len() >= 2)?;
    Some(of_splits(&longest, true))
}

fn of_splits<'a>(run: &[(&'a TableColumn, &'a Split)], matrix: bool) -> Run<'a> {
    let coded = [Convention::Coded, Convention::Numbered, Convention::Slashed];
    let code = run.first().filter(|(_, split)| coded.contains(&split.convention));
    let code = code.map(|(_, split)| split.group.clone());
    let words = shared_words(run);
    let question = run.iter().find_map(|(_, split)| split.question.clone());
    let question = question.or_else(|| words.as_ref().map(|(question, _)| question.clone()));
    let key = code.or_else(|| question.clone()).unwrap_or_default();
    let options = words.map(|(_, options)| options).unwrap_or_default();
    let members: Vec<Member<'_>> = run
        .iter()
        .enumerate()
        .map(|(rank, (column, split))| member(column, split, options.get(rank)))
        .collect();
    Run { length: run.len(), key, question, members: with_roles(members), matrix }
}

/// The question and the options that the wordings give where the codes do not:
/// `q4_1` above `Publics - Jeunes`.
fn shared_words(run: &[(&TableColumn, &Split)]) -> Option<(String, Vec<String>)> {
    let (first, split) = run.first()?;
    if split.option.is_some() {
        return None;
    }
    let cuts = first.name.splits.iter().filter(|split| split.question.is_some());
    let mut words = cuts.filter_map(|cut| {
        let parts: Option<Vec<&Split>> =
            run.iter().map(|(column, _)| column.name.split(cut.convention, &cut.group)).collect();
        let options = parts?.into_iter().map(|part| part.part.clone()).collect();
        Some((cut.question.clone()?, options))
    });
    words.next()
}

fn member<'a>(column: &'a TableColumn, split: &Split, worded: Option<&String>) -> Member<'a> {
    let name = &column.name;
    let beside_code = || Some(name.wording.clone()).filter(|_| name.has_code_row);
    let label = split
        .option
        .clone()
        .or_else(|| worded.cloned())
        .or_else(beside_code)
        .or_else(|| own_label(&column.profile))
        .unwrap_or_else(|| split.part.clone());
    Member { column, part: split.part.clone(), label, role: Role::Plain }
}

/// The one text of a column of ticks that is neither yes nor no.
pub fn own_label(profile: &Profile) -> Option<String> {
    let mut others = other_values(profile);
    let only = others.next()?;
    others.next().is_none().then(|| only.to_string())
}

/// Tells the comments and the « Autre : précisez » from the options.
fn with_roles(members: Vec<Member<'_>>) -> Vec<Member<'_>> {
    let content = |member: &Member<'_>| Content::of(&member.column.profile, &member.label);
    let is_text = |member: &Member<'_>| {
        matches!(content(member), Content::Free | Content::One(_) | Content::Scale)
    };
    let other = |member: &Member<'_>| is_other(&member.part) || is_other(&member.label);
    let mut ticked = false;
    let mut told = Vec::with_capacity(members.len());
    for mut member in members {
        let comments = is_comment(&member.part) || is_comment(&member.label);
        member.role = match () {
            () if comments => Role::Comment,
            () if other(&member) && is_text(&member) && ticked => Role::Comment,
            () if other(&member) && is_text(&member) => Role::Free,
            () => Role::Plain,
        };
        ticked |= member.role == Role::Plain && other(&member) && content(&member).is_tick();
        told.push(member);
    }
    told
}

/// Columns without a title after one that has one, each with one text only:
/// a merged title that the export left out.
fn unnamed(columns: &[TableColumn]) -> Option<Run<'_>> {
    let (first, rest) = columns.split_first()?;
    let one = |column: &TableColumn| {
        column.profile.filled > 0 && Content::of(&column.profile, "").is_tick()
    };
    if is_unnamed(&first.name.title) || !one(first) {
        return None;
    }
    let followers = rest.iter().take_while(|c| is_unnamed(&c.name.title) && one(c)).count();
    let run = columns.get(..=followers).filter(|_| followers > 0)?;
    let labels: Option<Vec<String>> = run.iter().map(|c| own_label(&c.profile)).collect();
    let members = run.iter().zip(labels?).map(|(column, label)| Member {
        column,
        part: label.clone(),
        label,
        role: Role::Plain,
    });
    Some(Run {
        length: run.len(),
        key: first.name.wording.clone(),
        question: Some(first.name.wording.clone()),
        members: members.collect(),
        matrix: false,
    })
}

/// Typeform gives each option a column that holds the option's label under the
/// option's title, and does not name the question; « Other » comes last.
fn titled_by_option(columns: &[TableColumn]) -> Option<Run<'_>> {
    let own = |column: &TableColumn| {
        let title = matching::key(&column.name.title);
        let mut values = column.profile.values.iter();
        column.profile.distinct() == 1 && values.all(|(text, _)| matching::key(text) == title)
    };
    let other = |column: &TableColumn| is_other(&column.name.title);
    let plain = columns.iter().take_while(|c| own(c) && !other(c)).count();
    let last = columns.get(plain).filter(|c| plain > 0 && other(c));
    let run = columns.get(..plain + usize::from(last.is_some()))?;
    let members = run.iter().map(|column| Member {
        column,
        part: column.name.title.clone(),
        label: column.name.title.clone(),
        role: Role::Plain,
    });
    (run.len() >= 2).then(|| Run {
        length: run.len(),
        key: "choix".to_string(),
        question: None,
        members: with_roles(members.collect()),
        matrix: false,
    })
}

/// The question of a run; columns that share a name and nothing else stay
/// alone.
fn gather(run: Run<'_>) -> Vec<Group<'_>> {
    let Run { key, question, members, matrix, .. } = run;
    if are_options(&members) {
        let labels = || {
            let first: Vec<&str> = members.iter().take(3).map(|m| m.label.as_str()).collect();
            format!("{}…", first.join(", "))
        };
        let named = question.or_else(|| Some(key.clone()).filter(|key| key != "choix"));
        let question = named.unwrap_or_else(labels);
        return vec![Group::Options { key, question, members }];
    }
    if matrix {
        return vec![Group::Rows { key, question, members }];
    }
    members.into_iter().map(|member| Group::Alone(member.column)).collect()
}

/// Whether each plain member holds ticks: yes and no, or its own label.
fn are_options(members: &[Member<'_>]) -> bool {
    let plain: Vec<&Member<'_>> =
        members.iter().filter(|member| member.role == Role::Plain).collect();
    let contents: Vec<Content> =
        plain.iter().map(|member| Content::of(&member.column.profile, &member.label)).collect();
    let some = contents.iter().any(|content| *content != Content::Empty);
    some && contents.iter().all(Content::is_tick) && !share_a_text(&plain)
}

/// Whether two members hold the same text that is neither yes nor no, or one
/// holds the label of another: the steps of a scale, not labels of options.
fn share_a_text(members: &[&Member<'_>]) -> bool {
    let labels: HashSet<String> =
        members.iter().map(|member| matching::key(&member.label)).collect();
    let mut seen = HashSet::new();
    members.iter().any(|member| {
        let own = own_label(&member.column.profile).map(|text| matching::key(&text));
        own.filter(|text| text != "no answer").is_some_and(|text| {
            let of_another = text != matching::key(&member.label) && labels.contains(&text);
            of_another || !seen.insert(text)
        })
    })
}
