//! Two years side by side, as text, CSV and JSON, as a sheet of the workbook
//! and as a table of the data package.

mod tables;

pub use tables::{comparison_csv, comparison_resource, comparison_sheet};

use serde_json::{Value, json};

use crate::comparison::words::{
    apart_lines, demonstration, method, remarks_of_lines, respondents, shown_interval, shown_value,
    signed,
};
use crate::comparison::{Apart, Change, Comparison, Line, Pair};
use crate::indicators::Value as FigureValue;

/// For a person who reads a terminal: the national figures, or those of the
/// régions asked for.
pub fn comparison_text(comparison: &Comparison, regions: &[Option<String>]) -> String {
    let blocks = regions.iter().map(|region| territory(comparison, region.as_deref()));
    let mut text = head(comparison) + &blocks.collect::<Vec<_>>().join("\n");
    text.push_str(&apart_text(&comparison.apart));
    text.extend(comparison.remarks.iter().map(|remark| format!("\n{remark}\n")));
    text
}

fn head(comparison: &Comparison) -> String {
    let [before, after] = comparison.years;
    let mut head = format!("{before} et {after}\n\n");
    if let Some(sentence) = demonstration(comparison) {
        head.push_str(&format!("{sentence}\n"));
    }
    head.push_str(&format!("{}\n\n", respondents(comparison)));
    head
}

fn territory(comparison: &Comparison, region: Option<&str>) -> String {
    let name = region.map_or("France entière", |slug| comparison.region_name(slug));
    let lines: Vec<(&Line, &Pair)> =
        comparison.lines.iter().filter_map(|line| Some((line, line.at(region)?))).collect();
    if lines.is_empty() {
        return format!("{name} : aucun chiffre ne se compare.\n");
    }
    let mut family = None;
    let mut rows: Vec<Option<String>> = Vec::new();
    let mut cells: Vec<[String; 6]> = Vec::new();
    let [before, after] = comparison.years.map(|year| year.to_string());
    cells.push([
        name.to_string(),
        before,
        after,
        "écart".into(),
        "intervalle".into(),
        String::new(),
    ]);
    rows.push(None);
    for (line, pair) in lines {
        let heading = (family != Some(&line.family)).then(|| line.family.clone());
        family = Some(&line.family);
        rows.push(heading);
        cells.push(row(line, pair));
    }
    let mut text = aligned(&rows, &cells);
    let remarks: Vec<String> =
        remarks_of_lines(comparison).iter().map(|remark| format!("  {remark}")).collect();
    if !remarks.is_empty() {
        text.push_str(&format!("\nÀ savoir\n{}\n", remarks.join("\n")));
    }
    format!("{text}\n{}\n", method(comparison, region))
}

fn row(line: &Line, pair: &Pair) -> [String; 6] {
    let definition = &line.definition;
    let change = |of: &dyn Fn(&Change) -> String| pair.change.as_ref().map(of).unwrap_or_default();
    [
        line.definition.label.clone(),
        shown_value(&pair.first, definition),
        shown_value(&pair.second, definition),
        change(&|change| signed(change.value, definition)),
        change(&|change| {
            change.interval.map(|bounds| shown_interval(bounds, definition)).unwrap_or_default()
        }),
        change(&|change| change.verdict.word().to_string()),
    ]
}

/// Rows of cells under their headings, each column as wide as its widest cell;
/// names and words to the left, numbers to the right.
fn aligned(headings: &[Option<String>], rows: &[[String; 6]]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..6).map(width).collect();
    let mut text = String::new();
    for (heading, row) in headings.iter().zip(rows) {
        if let Some(heading) = heading {
            let line = if heading.is_empty() { "Registre, annonces et calculs" } else { heading };
            text.push_str(&format!("\n{line}\n"));
        }
        let indent = if heading.is_none() && text.is_empty() { "" } else { "  " };
        let cells = row.iter().zip(&widths).enumerate().map(|(rank, (cell, width))| match rank {
            0 => format!("{indent}{cell:<w$}", w = width + 2 - indent.len()),
            5 => cell.clone(),
            _ => format!("{cell:>width$}"),
        });
        let line = cells.collect::<Vec<_>>().join("  ");
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// What cannot be compared, a line a reason.
fn apart_text(apart: &[Apart]) -> String {
    let lines = apart_lines(apart);
    if lines.is_empty() {
        return String::new();
    }
    let lines: Vec<String> = lines.iter().map(|line| format!("  {line}\n")).collect();
    format!("\nNe se comparent pas\n{}", lines.concat())
}

/// Unrounded, with the method.
pub fn comparison_json(comparison: &Comparison, regions: &[Option<String>]) -> Value {
    let [before, after] = comparison.years;
    let [first, second] = comparison.respondents;
    let [made_up, made_up_too] = comparison.demonstration;
    let territories = regions.iter().map(|region| territory_json(comparison, region.as_deref()));
    let apart = comparison.apart.iter().map(|apart| {
        json!({"id": apart.id, "libelle": apart.label, "question": apart.family, "raison": apart.reason})
    });
    json!({
        "avant": {"edition": before, "repondants": first, "demonstration": made_up},
        "apres": {"edition": after, "repondants": second, "demonstration": made_up_too},
        "projets_apparies": comparison.common,
        "niveau": comparison.level,
        "territoires": territories.collect::<Vec<_>>(),
        "non_comparables": apart.collect::<Vec<_>>(),
        "remarques": comparison.remarks,
    })
}

fn territory_json(comparison: &Comparison, region: Option<&str>) -> Value {
    let lines = comparison.lines.iter().filter_map(|line| Some(entry(line, line.at(region)?)));
    json!({
        "region": region,
        "differences_examinees": comparison.tests(region),
        "indicateurs": lines.collect::<Vec<_>>(),
    })
}

fn entry(line: &Line, pair: &Pair) -> Value {
    let value = |value: &FigureValue| {
        let interval = value.interval().map(|(low, high)| json!({"bas": low, "haut": high}));
        json!({"valeur": value.value, "base": value.base, "intervalle": interval})
    };
    let change = pair.change.map(|change| {
        let interval = change.interval.map(|(low, high)| json!({"bas": low, "haut": high}));
        json!({"valeur": change.value, "intervalle": interval, "bruit": change.verdict.id()})
    });
    json!({
        "id": line.definition.id,
        "libelle": line.definition.label,
        "unite": line.definition.unit.symbol(),
        "avant": value(&pair.first),
        "apres": value(&pair.second),
        "difference": change,
        "diffusable": !pair.hidden(),
        "remarques": line.remarks,
    })
}
