//! The sheets on the quality of the response.

use super::table::{Cell, Column, Group, Row, Shape, Table};
use crate::quality::{Class, Comparison, ItemResponse, Quality, Rate};

/// Who answered, what was left blank, and whether those who answered resemble
/// the register: a sheet each; none without a project or without a question.
pub fn tables(quality: &Quality) -> Vec<Table> {
    [rates(quality), blanks(quality), comparisons(quality)]
        .into_iter()
        .filter(|table| !table.rows.is_empty())
        .collect()
}

/// The response rate: all together, by région, by who runs the call.
fn rates(quality: &Quality) -> Table {
    let national = (quality.national.projects > 0).then_some(&quality.national);
    let parts = quality.regions.iter().chain(&quality.carriers).map(|rate| rate_row(rate, false));
    Table {
        id: "Taux de réponse".to_string(),
        title: "Le taux de réponse, par région et par porteur de l’appel à projets".to_string(),
        rows_are: "Territoire ou porteur".to_string(),
        groups: columns(&[
            ("Projets du registre", Shape::Count),
            ("Projets qui ont répondu", Shape::Count),
            ("Taux de réponse", Shape::Percent(1)),
        ]),
        rows: national.map(|rate| rate_row(rate, true)).into_iter().chain(parts).collect(),
        notes: vec![
            "Un projet qui a répondu deux fois compte une fois.".to_string(),
            "Les dernières lignes sont les porteurs de l’appel à projets.".to_string(),
        ],
        base: national.map(|rate| rate.respondents),
        from_answers: true,
        ..Table::default()
    }
    .explain_marks()
}

fn rate_row(rate: &Rate, total: bool) -> Row {
    Row {
        name: rate.name.clone(),
        total,
        cells: vec![
            Cell::count(Some(rate.projects)),
            Cell::count(Some(rate.respondents)),
            Cell::number(rate.percent()),
        ],
    }
}

/// Item non-response, question by question.
fn blanks(quality: &Quality) -> Table {
    Table {
        id: "Non-réponse".to_string(),
        title: "Les questions laissées sans réponse".to_string(),
        rows_are: "Question".to_string(),
        groups: columns(&[
            ("Libellé", Shape::Text),
            ("Répondants à qui elle était posée", Shape::Count),
            ("Ont répondu", Shape::Count),
            ("Sans réponse", Shape::Percent(1)),
        ]),
        rows: quality.questions.iter().map(blank_row).collect(),
        from_answers: true,
        ..Table::default()
    }
    .explain_marks()
}

fn blank_row(response: &ItemResponse) -> Row {
    let shown = |cell: Cell| if response.hidden { Cell::Hidden } else { cell };
    Row {
        name: response.id.clone(),
        total: false,
        cells: vec![
            Cell::Text(response.label.clone()),
            shown(Cell::count(Some(response.asked))),
            shown(Cell::count(Some(response.answered))),
            shown(Cell::number(response.blank_percent())),
        ],
    }
}

/// What the register knows, of all its projects and of those that answered.
fn comparisons(quality: &Quality) -> Table {
    Table {
        id: "Répondants et registre".to_string(),
        title: "Les répondants comparés au registre".to_string(),
        rows_are: "Ce que dit le registre".to_string(),
        groups: columns(&[
            ("Classe", Shape::Text),
            ("Projets du registre", Shape::Count),
            ("Part du registre", Shape::Percent(1)),
            ("Projets qui ont répondu", Shape::Count),
            ("Part des répondants", Shape::Percent(1)),
            ("Écart (points)", Shape::Number(1)),
        ]),
        rows: quality.comparisons.iter().flat_map(class_rows).collect(),
        notes: vec![
            "Un écart positif : la classe est plus présente parmi les répondants.".to_string(),
        ],
        from_answers: true,
        ..Table::default()
    }
    .explain_marks()
}

fn class_rows(comparison: &Comparison) -> impl Iterator<Item = Row> {
    comparison.classes.iter().map(|class: &Class| Row {
        name: comparison.label.clone(),
        total: false,
        cells: vec![
            Cell::Text(class.name.clone()),
            Cell::count(Some(class.projects)),
            Cell::number(class.of_register()),
            Cell::count(Some(class.respondents)),
            Cell::number(class.of_answers()),
            Cell::number(class.gap()),
        ],
    })
}

fn columns(titles: &[(&str, Shape)]) -> Vec<Group> {
    let column = |(title, shape): &(&str, Shape)| Column {
        title: (*title).to_string(),
        shape: shape.clone(),
    };
    vec![Group { title: String::new(), columns: titles.iter().map(column).collect() }]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(name: &str, projects: usize, respondents: usize) -> Rate {
        Rate { slug: String::new(), name: name.to_string(), projects, respondents }
    }

    fn item(id: &str, hidden: bool) -> ItemResponse {
        ItemResponse {
            id: id.to_string(),
            label: "Question".to_string(),
            hidden,
            asked: 8,
            answered: 6,
            unrecognised: 0,
        }
    }

    #[test]
    fn a_hidden_question_has_no_number_and_the_mark_is_explained() {
        let quality =
            Quality { questions: vec![item("a", false), item("b", true)], ..Quality::default() };
        let tables = tables(&quality);
        assert_eq!(tables.len(), 1, "an empty sheet is left out");
        let numbers = |row: &Row| row.cells.iter().filter(|c| matches!(c, Cell::Number(_))).count();
        assert_eq!(tables[0].rows.iter().map(numbers).collect::<Vec<_>>(), [3, 0]);
        assert_eq!(tables[0].rows[0].cells[3], Cell::Number(25.0));
        assert!(tables[0].notes.iter().any(|note| note.starts_with("s : ")), "{tables:?}");
    }

    #[test]
    fn rates_are_those_of_the_country_then_of_its_parts() {
        let quality = Quality {
            national: rate("Ensemble", 4, 3),
            regions: vec![rate("Corse", 0, 0)],
            carriers: vec![rate("la Région", 4, 3)],
            ..Quality::default()
        };
        let table = rates(&quality);
        let names: Vec<&str> = table.rows.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(names, ["Ensemble", "Corse", "la Région"]);
        assert_eq!(table.rows[0].cells[2], Cell::Number(75.0));
        assert_eq!(table.rows[1].cells[2], Cell::None, "no project, no rate");
    }
}
