//! Two years side by side, as text, CSV and JSON, as a sheet of the workbook
//! and as a table of the data package.

mod tables;

pub use tables::{comparison_resource, comparison_sheet};

use serde_json::{Value, json};

use super::plain;
use crate::comparison::words::{
    apart_lines, demonstration, method, remarks_of_lines, respondents, shown_interval, shown_value,
    signed,
};
use crate::comparison::{Apart, Change, Comparison, Line, Pair};
use crate::indicators::Value as FigureValue;

/// The columns of the CSV file.
const TITLES: [&str; 17] = [
    "indicateur",
    "libelle",
    "unite",
    "region",
    "annee_avant",
    "annee_apres",
    "valeur_avant",
    "base_avant",
    "valeur_apres",
    "base_apres",
    "difference",
    "borne_basse",
    "borne_haute",
    "bruit",
    "diffusable",
    "non_comparable",
    "remarque",
];

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

/// A row an indicator and a territory, then what cannot be compared.
pub fn comparison_csv(comparison: &Comparison, regions: &[Option<String>]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory does not fail, and all records are as long.
    let _ = writer.write_record(TITLES);
    for region in regions {
        for line in &comparison.lines {
            if let Some(pair) = line.at(region.as_deref()) {
                let _ = writer.write_record(record(comparison, line, pair, region.as_deref()));
            }
        }
    }
    for apart in &comparison.apart {
        let mut record: [String; 17] = Default::default();
        let [before, after] = comparison.years;
        let cells = [
            (0, plain(&apart.id)),
            (1, plain(&apart.label)),
            (4, before.to_string()),
            (5, after.to_string()),
            (15, apart.reason.clone()),
        ];
        for (rank, cell) in cells {
            record.iter_mut().skip(rank).take(1).for_each(|slot| slot.clone_from(&cell));
        }
        let _ = writer.write_record(&record);
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

fn record(comparison: &Comparison, line: &Line, pair: &Pair, region: Option<&str>) -> [String; 17] {
    let [before, after] = comparison.years;
    let number = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
    let count = |value: Option<usize>| value.map(|value| value.to_string()).unwrap_or_default();
    let interval = pair.change.and_then(|change| change.interval);
    [
        plain(&line.definition.id),
        plain(&line.definition.label),
        plain(line.definition.unit.symbol()),
        region.unwrap_or_default().to_string(),
        before.to_string(),
        after.to_string(),
        number(pair.first.value),
        count(pair.first.base),
        number(pair.second.value),
        count(pair.second.base),
        number(pair.change.map(|change| change.value)),
        number(interval.map(|(low, _)| low)),
        number(interval.map(|(_, high)| high)),
        pair.change.map(|change| change.verdict.id()).unwrap_or_default().to_string(),
        if pair.hidden() { "non" } else { "oui" }.to_string(),
        String::new(),
        plain(&line.remarks.join(" ; ")),
    ]
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
