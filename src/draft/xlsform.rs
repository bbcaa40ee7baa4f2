//! A form in XLSForm (KoboToolbox, ODK) read as a codebook.
//!
//! The sheet `survey` holds the questions, `choices` the options; columns are
//! found by the names that the XLSForm specification gives them.

use std::collections::{HashMap, HashSet};

use super::Draft;
use super::vocabulary::is_personal_title;
use crate::codebook::{
    Base, Choice, Codebook, ColumnRef, Condition, Kind, Layout, Location, Operator, Question,
    Respondent, Separator,
};
use crate::diagnostics::{Diagnostics, Place};
use crate::matching;
use crate::spreadsheet::table::{Row, Table};
use crate::spreadsheet::{Position, Sheet, Workbook};

/// The sheets of a form.
const SHEETS: [&str; 2] = ["survey", "choices"];

/// Whether a workbook is a form and not a table of answers.
pub fn is_xlsform(workbook: &Workbook) -> bool {
    let names: Vec<String> =
        workbook.sheets().iter().map(|sheet| matching::key(&sheet.name)).collect();
    SHEETS.iter().all(|sheet| names.contains(&(*sheet).to_string()))
}

/// Reads a form as a codebook. Columns of answers are named by the questions'
/// names, as KoboToolbox exports them with « XML values and headers »; labels
/// are the options' labels, names their synonyms.
pub fn read_xlsform(workbook: &mut Workbook, found: &mut Diagnostics) -> Option<Draft> {
    let survey = found.take(workbook.read("survey"))?;
    let choices = found.take(workbook.read("choices"))?;
    let lists = lists(&choices, found)?;
    let table = Table::new(&survey, &["type", "name"], found)?;
    let label = label_column(&survey)?;
    // The conditions of the groups that are open.
    let mut groups: Vec<Option<String>> = Vec::new();
    let mut questions = Vec::new();
    for row in table.rows() {
        let kind = row.text("type").unwrap_or_default();
        let name = row.text("name").unwrap_or_default();
        let relevant = row.text("relevant").filter(|_| table.has("relevant"));
        match matching::key(&kind).replace(' ', "_").as_str() {
            "begin_group" | "begin_repeat" => groups.push(relevant),
            "end_group" | "end_repeat" => {
                groups.pop();
            }
            _ => {
                let question = question(&row, &survey, label, &kind, &name, &lists);
                let asked = relevant.or_else(|| groups.iter().rev().flatten().next().cloned());
                questions.extend(question.map(|question| Question {
                    condition: asked.as_deref().and_then(condition),
                    ..question
                }));
            }
        }
    }
    keep_known_conditions(&mut questions);
    let codebook = Codebook {
        file: workbook.file().to_string(),
        layout: Layout { title_rows: vec![0], ..Layout::default() },
        respondent: Respondent::default(),
        questions,
    };
    let notes = vec![
        "lu d’un XLSForm : les colonnes sont nommées par les « name » des questions".to_string(),
    ];
    Some(Draft { codebook, rows: 0, notes })
}

/// The condition of an expression that compares one question with one answer:
/// `${forme} = 'oui'`, `selected(${publics}, 'jeunes')`. None for others.
fn condition(expression: &str) -> Option<Condition> {
    let text = expression.trim();
    let (text, selected) = match text.strip_prefix("selected(") {
        Some(inside) => (inside.strip_suffix(')')?, true),
        None => (text, false),
    };
    let (name, rest) = text.strip_prefix("${")?.split_once('}')?;
    let (operator, value) = match (rest.trim_start(), selected) {
        (rest, true) => (Operator::Equal, rest.strip_prefix(',')?),
        (rest, false) => match rest.strip_prefix("!=") {
            Some(value) => (Operator::Different, value),
            None => (Operator::Equal, rest.strip_prefix('=')?),
        },
    };
    let value = value.trim();
    let quoted = |quote: char| value.strip_prefix(quote)?.strip_suffix(quote);
    let value = quoted('\'').or_else(|| quoted('"'))?;
    let plain = !value.contains(['\'', '"']);
    plain.then(|| Condition {
        subject: matching::slug(name),
        operator,
        values: vec![value.to_string()],
    })
}

/// Drops the conditions on questions that are not read: calculations, notes.
fn keep_known_conditions(questions: &mut [Question]) {
    let ids: HashSet<String> = questions.iter().map(|question| question.id.clone()).collect();
    for question in questions {
        let own = question.id.clone();
        question.condition =
            question.condition.take().filter(|c| ids.contains(&c.subject) && c.subject != own);
    }
}

/// The options of each list of choices.
fn lists(sheet: &Sheet, found: &mut Diagnostics) -> Option<HashMap<String, Vec<Choice>>> {
    let list_title = if has_title(sheet, "list_name") { "list_name" } else { "list name" };
    let table = Table::new(sheet, &[list_title, "name"], found)?;
    let label = label_column(sheet)?;
    let mut lists: HashMap<String, Vec<Choice>> = HashMap::new();
    for row in table.rows() {
        let (Some(list), Some(name)) = (row.text(list_title), row.text("name")) else { continue };
        let wording = label_of(&row, sheet, label).unwrap_or_else(|| name.clone());
        lists.entry(matching::key(&list)).or_default().push(Choice {
            id: name.clone(),
            label: wording,
            synonyms: vec![name],
            free: false,
            place: Place::default(),
        });
    }
    Some(lists)
}

fn has_title(sheet: &Sheet, title: &str) -> bool {
    sheet
        .columns()
        .iter()
        .flat_map(|c| c.cells().take(1))
        .any(|(_, v)| matching::key(&v.as_text()) == title)
}

/// The column of labels: `label`, or the French one of a form in several
/// languages, or the first one there is.
fn label_column(sheet: &Sheet) -> Option<u32> {
    let titles: Vec<(u32, String)> = sheet
        .columns()
        .iter()
        .filter_map(|column| column.cells().next())
        .map(|(at, value)| (at.column, matching::loose_key(&value.as_text())))
        .filter(|(_, title)| title == "label" || title.starts_with("label::"))
        .collect();
    let french = titles.iter().find(|(_, title)| title.contains("fr"));
    french.or_else(|| titles.first()).map(|(column, _)| *column)
}

fn label_of(row: &Row<'_>, sheet: &Sheet, label: u32) -> Option<String> {
    let at = row.cell("name")?;
    let value = sheet.value(Position::new(at.row, label)).filter(|value| !value.is_blank())?;
    Some(value.as_text().trim().to_string())
}

fn question(
    row: &Row<'_>,
    survey: &Sheet,
    label: u32,
    kind: &str,
    name: &str,
    lists: &HashMap<String, Vec<Choice>>,
) -> Option<Question> {
    let mut words = kind.split_whitespace();
    let verb = matching::key(words.next()?);
    let options = words.next().and_then(|list| lists.get(&matching::key(list))).cloned();
    let wording = label_of(row, survey, label).unwrap_or_else(|| name.to_string());
    let column = ColumnRef { title: Some(name.to_string()), index: None, place: Place::default() };
    let (kind, location) = match verb.as_str() {
        "select_one" => (Kind::Single, Location::Column(column)),
        "select_multiple" => (Kind::Multiple, Location::Separated(column, Separator::Spaces)),
        "integer" | "decimal" | "range" => (Kind::Number, Location::Column(column)),
        "date" | "datetime" | "time" | "start" | "end" | "today" => {
            (Kind::Date, Location::Column(column))
        }
        "geopoint" | "email" | "phonenumber" | "deviceid" | "username" => {
            (Kind::Personal, Location::Column(column))
        }
        "text" if is_personal_title(&wording) => (Kind::Personal, Location::Column(column)),
        "text" | "barcode" => (Kind::Text, Location::Column(column)),
        _ => return None,
    };
    let options = options.filter(|_| kind.is_choice()).unwrap_or_default();
    (!name.is_empty() && (!kind.is_choice() || !options.is_empty())).then(|| Question {
        id: matching::slug(name),
        label: wording,
        kind,
        location,
        condition: None,
        base: Base::Respondents,
        options,
        ticked: Vec::new(),
        unticked: Vec::new(),
        not_asked: Vec::new(),
        place: Place::default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_on_one_answer_are_read() {
        let read = |text: &str| condition(text).map(|c| (c.subject, c.operator, c.values));
        let one = |value: &str| vec![value.to_string()];
        assert_eq!(read("${forme} = 'oui'"), Some(("forme".into(), Operator::Equal, one("oui"))));
        assert_eq!(
            read("selected(${publics_cibles}, \"jeunes\")"),
            Some(("publics-cibles".into(), Operator::Equal, one("jeunes")))
        );
        assert_eq!(
            read("${forme}!='non'"),
            Some(("forme".into(), Operator::Different, one("non")))
        );
        for other in ["${age} > 18", "${a} = 'x' and ${b} = 'y'", "true()", ". > 0"] {
            assert_eq!(read(other), None, "{other}");
        }
    }
}
