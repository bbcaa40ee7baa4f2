//! The columns that belong to one question.

use super::names::{Name, shared_beginning};
use super::profile::Profile;
use super::vocabulary::{Tick, is_comment, is_other, tick};
use crate::matching;

/// A column of the table.
#[derive(Debug, Clone)]
pub struct TableColumn {
    pub name: Name,
    pub profile: Profile,
}

/// Columns that ask one thing.
#[derive(Debug, Clone)]
pub enum Group {
    /// A column by itself.
    Alone(TableColumn),
    /// One column an option.
    Options { key: String, question: String, members: Vec<Member> },
    /// One column a row of a matrix.
    Rows { key: String, question: String, members: Vec<Member> },
}

/// A column of a question that has several.
#[derive(Debug, Clone)]
pub struct Member {
    pub column: TableColumn,
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

/// Puts together the columns of each question, in the order of the sheet.
pub fn groups(columns: Vec<TableColumn>) -> Vec<Group> {
    let columns = with_shared_beginnings(columns);
    let mut groups: Vec<Group> = Vec::new();
    let mut rest: Vec<TableColumn> = columns;
    while !rest.is_empty() {
        let length = run_length(&rest);
        let following = rest.split_off(length);
        groups.extend(gather(rest));
        rest = following;
    }
    without_parents(groups)
}

/// How many columns from the first on belong to its question.
fn run_length(columns: &[TableColumn]) -> usize {
    let Some(first) = columns.first() else { return 0 };
    match &first.name.group {
        Some(group) => {
            let same = |column: &&TableColumn| column.name.group.as_ref() == Some(group);
            columns.iter().take_while(same).count()
        }
        None => named_by_their_option(columns).max(1),
    }
}

/// Typeform gives each option a column that holds the option's label under the
/// option's title: how many such columns follow each other.
fn named_by_their_option(columns: &[TableColumn]) -> usize {
    let own = |column: &&TableColumn| {
        let title = matching::key(&column.name.title);
        let mut values = column.profile.values.iter();
        column.name.group.is_none()
            && column.profile.distinct() == 1
            && values.all(|(text, _)| matching::key(text) == title)
    };
    let count = columns.iter().take_while(own).count();
    if count >= 2 { count } else { 0 }
}

/// The group of a run of columns; columns that share a name and nothing else
/// stay alone.
fn gather(run: Vec<TableColumn>) -> Vec<Group> {
    if run.len() < 2 {
        return run.into_iter().map(Group::Alone).collect();
    }
    let key = run
        .first()
        .and_then(|column| column.name.code.clone().or_else(|| column.name.group.clone()))
        .unwrap_or_else(|| "choix".to_string());
    let question = run.iter().find_map(|column| column.name.question.clone());
    let question = question.unwrap_or_else(|| key.clone());
    let members: Vec<Member> = run.into_iter().map(member).collect();
    if are_options(&members) {
        return vec![Group::Options { key, question, members }];
    }
    vec![Group::Rows { key, question, members }]
}

fn member(column: TableColumn) -> Member {
    let name = &column.name;
    let part = name.part.as_deref().unwrap_or_default();
    let said = name.option.as_deref().unwrap_or(part);
    let free_text = has_free_text(&column.profile);
    let role = match () {
        () if is_comment(part) || is_comment(said) => Role::Comment,
        () if (is_other(part) || is_other(said)) && free_text => Role::Free,
        () => Role::Plain,
    };
    let label = name.option.clone().or_else(|| own_label(&column.profile));
    let label = label.or_else(|| name.part.clone()).unwrap_or_else(|| name.title.clone());
    Member { column, label, role }
}

/// The one text of a column of ticks that is neither yes nor no.
fn own_label(profile: &Profile) -> Option<String> {
    let others: Vec<&String> = other_values(profile).collect();
    match others.as_slice() {
        [only] => Some((*only).clone()),
        _ => None,
    }
}

fn other_values(profile: &Profile) -> impl Iterator<Item = &String> {
    profile.values.iter().map(|(text, _)| text).filter(|text| tick(text) == Tick::Other)
}

fn has_free_text(profile: &Profile) -> bool {
    other_values(profile).take(2).count() >= 1
        && other_values(profile).count() * 2 >= profile.distinct()
}

/// Whether each plain member holds ticks: yes and no, or its own label.
fn are_options(members: &[Member]) -> bool {
    let plain = || members.iter().filter(|member| member.role == Role::Plain);
    let ticks = |member: &Member| {
        let profile = &member.column.profile;
        let others = other_values(profile).take(2).count();
        let yes_or_no = profile
            .values
            .iter()
            .any(|(text, _)| matches!(tick(text), Tick::Yes | Tick::No) && !is_step(text, profile));
        profile.filled == 0 || others == 0 || (others == 1 && (yes_or_no || is_own_label(member)))
    };
    let all_empty = plain().all(|member| member.column.profile.filled == 0);
    plain().count() >= 1 && !all_empty && plain().all(ticks) && !share_a_scale(members)
}

/// Whether 0 or 1 is a step of a longer scale rather than a tick.
fn is_step(text: &str, profile: &Profile) -> bool {
    matches!(text, "0" | "1") && profile.numbers == profile.filled && profile.distinct() > 2
}

/// Whether the one value of a column is the option it stands for.
fn is_own_label(member: &Member) -> bool {
    let key = matching::key(&member.label);
    member.column.profile.values.iter().all(|(text, _)| {
        matching::key(text) == key || matches!(tick(text), Tick::No | Tick::NotAsked)
    })
}

/// Whether two members hold the same text that is neither yes nor no: the
/// steps of a scale, not labels of options.
fn share_a_scale(members: &[Member]) -> bool {
    let mut seen: Vec<String> = Vec::new();
    for member in members.iter().filter(|member| member.role == Role::Plain) {
        let own: Vec<String> =
            other_values(&member.column.profile).take(20).map(|text| matching::key(text)).collect();
        if own.iter().any(|text| seen.contains(text) && text != "no answer") {
            return true;
        }
        seen.extend(own);
    }
    false
}

/// Gives a group to neighbours whose titles share their beginning and whose
/// cells hold the same things: `Publics : Jeunes`, `Publics : Seniors`.
fn with_shared_beginnings(mut columns: Vec<TableColumn>) -> Vec<TableColumn> {
    let mut start = 0;
    while start < columns.len() {
        let run = alike_from(&columns, start);
        let titles: Vec<&str> =
            columns.iter().skip(start).take(run).map(|column| column.name.title.as_str()).collect();
        let shared = (2..=titles.len()).rev().find_map(|length| {
            shared_beginning(titles.get(..length)?).map(|shared| (length, shared))
        });
        let Some((length, (question, options))) = shared else {
            start += 1;
            continue;
        };
        for (column, option) in columns.iter_mut().skip(start).zip(options) {
            column.name.group = Some(question.clone());
            column.name.question = Some(question.clone());
            column.name.part = Some(option.clone());
            column.name.option = Some(option);
        }
        start += length;
    }
    columns
}

/// How many columns from one on have no group and hold ticks, or the same few
/// values as the first.
fn alike_from(columns: &[TableColumn], start: usize) -> usize {
    let Some(first) = columns.get(start).filter(|column| is_groupable(column)) else { return 0 };
    let keys = |column: &TableColumn| -> Vec<String> {
        let mut keys: Vec<String> =
            column.profile.values.iter().map(|(text, _)| matching::key(text)).collect();
        keys.sort();
        keys
    };
    let expected = keys(first);
    let alike = |column: &&TableColumn| {
        is_groupable(column)
            && (holds_ticks(column) && holds_ticks(first)
                || keys(column).iter().any(|key| expected.contains(key)))
    };
    columns.iter().skip(start).take_while(alike).count()
}

fn is_groupable(column: &TableColumn) -> bool {
    let profile = &column.profile;
    column.name.group.is_none()
        && profile.distinct() <= 12
        && profile.numbers < profile.filled.max(1)
        || column.name.group.is_none() && holds_ticks(column)
}

fn holds_ticks(column: &TableColumn) -> bool {
    let title = matching::key(&column.name.title);
    column
        .profile
        .values
        .iter()
        .all(|(text, _)| tick(text) != Tick::Other || title.ends_with(&matching::key(text)))
}

/// KoboToolbox repeats the whole answer of a multiple question in a column
/// before its options; that column counts the same thing twice.
fn without_parents(groups: Vec<Group>) -> Vec<Group> {
    let parents: Vec<String> = groups
        .iter()
        .filter_map(|group| match group {
            Group::Options { members, .. } => members.first()?.column.name.group.clone(),
            _ => None,
        })
        .collect();
    let is_parent = |group: &Group| match group {
        Group::Alone(column) => parents.contains(&column.name.title),
        _ => false,
    };
    groups.into_iter().filter(|group| !is_parent(group)).collect()
}
