//! A comparison as a sheet of the workbook and as a table: the one of the data
//! package, and the CSV that the command prints.

use crate::comparison::words::{apart_lines, demonstration, method};
use crate::comparison::{Apart, Comparison, Line, Pair};
use crate::exports::{
    Cell, Column, Datum, Field, FieldKind, ForeignKey, Group, Resource, Row, Shape, Table,
};
use crate::indicators::{Unit, Value};

use FieldKind::{Boolean, Integer, Number, Text};

/// The sheet: a row an indicator, nationally.
pub fn comparison_sheet(comparison: &Comparison) -> Table {
    let [before, after] = comparison.years;
    let column = |title: &str, shape: Shape| Column { title: title.to_string(), shape };
    let group = |title: String, columns: Vec<Column>| Group { title, columns };
    let year = |year: i32| {
        group(
            year.to_string(),
            vec![column("Valeur", Shape::Number(1)), column("Base (n)", Shape::Count)],
        )
    };
    let change = vec![
        column("Écart", Shape::Number(1)),
        column("Borne basse", Shape::Number(1)),
        column("Borne haute", Shape::Number(1)),
        column("Plus que du bruit", Shape::Text),
        column("À savoir", Shape::Text),
    ];
    let named = vec![
        column("Question", Shape::Text),
        column("Libellé", Shape::Text),
        column("Unité", Shape::Word),
    ];
    let mut notes = vec![method(comparison, None)];
    notes.extend(comparison.remarks.iter().cloned());
    notes.extend(demonstration(comparison));
    let apart = apart_lines(&comparison.apart);
    if !apart.is_empty() {
        notes.push("Ne se comparent pas :".to_string());
        notes.extend(apart);
    }
    let rows: Vec<Row> = comparison.lines.iter().map(row).collect();
    if rows.iter().any(|row| row.cells.contains(&Cell::Hidden)) {
        notes.push("s : chiffre masqué l’une des deux années.".to_string());
    }
    Table {
        id: format!("{before}-{after}"),
        title: format!("D’une année à l’autre : {before} et {after}"),
        rows_are: "Indicateur".to_string(),
        groups: vec![
            group(String::new(), named),
            year(before),
            year(after),
            group(format!("De {before} à {after}"), change),
        ],
        rows,
        notes,
        from_answers: true,
        ..Table::default()
    }
}

fn row(line: &Line) -> Row {
    let pair = &line.national;
    let percent = line.definition.unit == Unit::Percent;
    let value = |value: &Value| match value.value {
        _ if value.hidden => Cell::Hidden,
        Some(number) if percent => Cell::Percent(number, value.rounding),
        number => Cell::number(number),
    };
    let interval = pair.change.and_then(|change| change.interval);
    let change = match pair.change {
        None if pair.hidden() => Cell::Hidden,
        change => Cell::number(change.map(|change| change.value)),
    };
    let unit = line.definition.unit.symbol();
    Row {
        name: line.definition.id.clone(),
        total: false,
        cells: vec![
            Cell::Text(line.family.clone()),
            Cell::Text(line.definition.label.clone()),
            Cell::Text(unit.to_string()),
            value(&pair.first),
            Cell::count(pair.first.base),
            value(&pair.second),
            Cell::count(pair.second.base),
            change,
            Cell::number(interval.map(|(low, _)| low)),
            Cell::number(interval.map(|(_, high)| high)),
            Cell::Text(pair.change.map(|c| c.verdict.word()).unwrap_or_default().to_string()),
            Cell::Text(line.remarks.join(" ; ")),
        ],
    }
}

/// The table as CSV: the country or the régions asked for.
pub fn comparison_csv(comparison: &Comparison, regions: &[Option<String>]) -> String {
    let territories = regions.iter().map(Option::as_deref);
    table(comparison, rows(comparison, territories)).csv()
}

/// The table `comparaison` of the data package: the country and all régions.
pub fn comparison_resource(comparison: &Comparison) -> Resource {
    let regions = comparison.regions.iter().map(|(slug, _)| Some(slug.as_str()));
    table(comparison, rows(comparison, std::iter::once(None).chain(regions)))
}

/// A row an indicator and a territory, then what cannot be compared.
fn table(comparison: &Comparison, rows: Vec<Vec<Datum>>) -> Resource {
    let [before, after] = comparison.years;
    let field = Field::new;
    let year = |year: i32| format!("en {year}");
    let verdicts = ["dans-le-bruit", "hors-du-bruit", "hors-du-bruit-corrige"];
    let made_up = demonstration(comparison).map(|told| format!(" {told}")).unwrap_or_default();
    Resource {
        name: "comparaison".to_string(),
        title: format!("Les chiffres de {before} et de {after}"),
        description: format!(
            "{} Un écart de pourcentages est en points.{made_up}",
            method(comparison, None)
        ),
        fields: vec![
            field(
                "indicateur",
                Text,
                "Indicateur",
                "Identifiant du chiffre, le même les deux années",
            )
            .required(),
            field("libelle", Text, "Libellé", "Libellé du chiffre").required(),
            field("unite", Text, "Unité", "Unité de la valeur"),
            field(
                "region",
                Text,
                "Région",
                "Identifiant de la région ; vide pour la France entière",
            ),
            field("annee_avant", Integer, "Année avant", "Année de la première édition").required(),
            field("annee_apres", Integer, "Année après", "Année de la seconde édition").required(),
            field("valeur_avant", Number, "Valeur avant", &format!("Valeur {}", year(before))),
            field(
                "base_avant",
                Integer,
                "Base avant",
                &format!("Nombre de répondants {}", year(before)),
            ),
            field("valeur_apres", Number, "Valeur après", &format!("Valeur {}", year(after))),
            field(
                "base_apres",
                Integer,
                "Base après",
                &format!("Nombre de répondants {}", year(after)),
            ),
            field("difference", Number, "Écart", "Seconde valeur moins la première"),
            field("borne_basse", Number, "Borne basse", "Borne basse de l’intervalle de l’écart"),
            field("borne_haute", Number, "Borne haute", "Borne haute de l’intervalle de l’écart"),
            field("bruit", Text, "Bruit", "Si l’écart est plus que du bruit")
                .of(verdicts.map(str::to_string)),
            field(
                "diffusable",
                Boolean,
                "Diffusable",
                "Faux où l’une des deux années est masquée ; vide où le chiffre ne se compare pas",
            ),
            field(
                "non_comparable",
                Text,
                "Non comparable",
                "Pourquoi le chiffre ne se compare pas ; vide où il se compare",
            ),
            field("remarque", Text, "Remarque", "Ce qui a changé sans empêcher de comparer"),
        ],
        rows,
        primary_key: Vec::new(),
        foreign_keys: vec![ForeignKey { field: "region", resource: "regions", target: "region" }],
    }
}

fn rows<'a>(
    comparison: &'a Comparison,
    territories: impl Iterator<Item = Option<&'a str>>,
) -> Vec<Vec<Datum>> {
    let of_territory = |region: Option<&'a str>| {
        let lines = comparison.lines.iter();
        lines.filter_map(move |line| Some(compared(comparison, line, line.at(region)?, region)))
    };
    let apart = comparison.apart.iter().map(|apart| set_apart(comparison, apart));
    territories.flat_map(of_territory).chain(apart).collect()
}

fn years(comparison: &Comparison) -> [Datum; 2] {
    comparison.years.map(|year| Datum::Integer(year.into()))
}

fn compared(comparison: &Comparison, line: &Line, pair: &Pair, region: Option<&str>) -> Vec<Datum> {
    let interval = pair.change.and_then(|change| change.interval);
    let [before, after] = years(comparison);
    vec![
        Datum::text(&line.definition.id),
        Datum::text(&line.definition.label),
        Datum::text(line.definition.unit.symbol()),
        Datum::text(region.unwrap_or_default()),
        before,
        after,
        Datum::number(pair.first.value),
        Datum::count(pair.first.base),
        Datum::number(pair.second.value),
        Datum::count(pair.second.base),
        Datum::number(pair.change.map(|change| change.value)),
        Datum::number(interval.map(|(low, _)| low)),
        Datum::number(interval.map(|(_, high)| high)),
        Datum::text(pair.change.map(|change| change.verdict.id()).unwrap_or_default()),
        Datum::Boolean(!pair.hidden()),
        Datum::None,
        Datum::text(&line.remarks.join(" ; ")),
    ]
}

fn set_apart(comparison: &Comparison, apart: &Apart) -> Vec<Datum> {
    let named = [&apart.id, &apart.label].map(|text| Datum::text(text));
    let blank = |count: usize| std::iter::repeat_n(Datum::None, count);
    let mut row = Vec::from(named);
    row.extend(blank(2));
    row.extend(years(comparison));
    row.extend(blank(9));
    row.push(Datum::text(&apart.reason));
    row.extend(blank(1));
    row
}
