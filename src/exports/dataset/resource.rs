//! A table of the data package: its rows, and what its columns mean.

use serde_json::{Map, Value, json};

use crate::exports::plain;

/// A table and its description.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Resource {
    /// Lower case, with hyphens; the name of its file.
    pub name: String,
    pub title: String,
    pub description: String,
    pub fields: Vec<Field>,
    /// One cell a field.
    pub rows: Vec<Vec<Datum>>,
    pub primary_key: Vec<&'static str>,
    pub foreign_keys: Vec<ForeignKey>,
}

/// A column.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    pub name: String,
    pub title: String,
    pub description: String,
    pub kind: FieldKind,
    /// Whether every row has a value.
    pub required: bool,
    /// The values there are, where they are few.
    pub values: Vec<String>,
}

/// What stands in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    Text,
    Integer,
    Number,
    Boolean,
}

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Datum {
    Text(String),
    Integer(i64),
    Number(f64),
    Boolean(bool),
    None,
}

/// A column whose values are those of another table's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignKey {
    pub field: &'static str,
    pub resource: &'static str,
    pub target: &'static str,
}

impl Field {
    /// A column; its title, then what it holds.
    pub fn new(name: &str, kind: FieldKind, title: &str, description: &str) -> Self {
        Self {
            name: name.to_string(),
            title: title.to_string(),
            description: description.to_string(),
            kind,
            required: false,
            values: Vec::new(),
        }
    }

    /// The same, with a value in every row.
    pub fn required(self) -> Self {
        Self { required: true, ..self }
    }

    /// The same, with these values and no other.
    pub fn of(self, values: impl IntoIterator<Item = String>) -> Self {
        Self { values: values.into_iter().collect(), ..self }
    }

    fn schema(&self, example: Option<String>) -> Value {
        let kind = match self.kind {
            FieldKind::Text => "string",
            FieldKind::Integer => "integer",
            FieldKind::Number => "number",
            FieldKind::Boolean => "boolean",
        };
        let mut constraints = Map::new();
        constraints.insert("required".into(), json!(self.required));
        if !self.values.is_empty() {
            constraints.insert("enum".into(), json!(self.values));
        }
        let mut field = Map::new();
        field.insert("name".into(), json!(self.name));
        field.insert("title".into(), json!(self.title));
        field.insert("description".into(), json!(self.description));
        field.insert("type".into(), json!(kind));
        match self.kind {
            FieldKind::Number => {
                field.insert("decimalChar".into(), json!("."));
            }
            FieldKind::Boolean => {
                field.insert("trueValues".into(), json!(["true"]));
                field.insert("falseValues".into(), json!(["false"]));
            }
            FieldKind::Text | FieldKind::Integer => {}
        }
        if let Some(example) = example {
            field.insert("example".into(), json!(example));
        }
        field.insert("constraints".into(), Value::Object(constraints));
        Value::Object(field)
    }
}

impl Datum {
    /// A text; none where it is empty.
    pub fn text(text: &str) -> Self {
        if text.is_empty() { Self::None } else { Self::Text(text.to_string()) }
    }

    /// A text that may not be there.
    pub fn maybe(text: Option<&String>) -> Self {
        text.map_or(Self::None, |text| Self::text(text))
    }

    /// A count that may not be there.
    pub fn count(count: Option<usize>) -> Self {
        count.and_then(|count| i64::try_from(count).ok()).map_or(Self::None, Self::Integer)
    }

    /// A number that may not be there.
    pub fn number(number: Option<f64>) -> Self {
        number.filter(|number| number.is_finite()).map_or(Self::None, Self::Number)
    }

    /// The cell in the file. A text that a spreadsheet would run as a formula
    /// gets an apostrophe.
    fn cell(&self) -> String {
        match self {
            Self::Text(text) => plain(text),
            Self::Integer(integer) => integer.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Boolean(truth) => truth.to_string(),
            Self::None => String::new(),
        }
    }
}

impl Resource {
    /// The file of the table, from the folder of the package.
    pub fn file(&self) -> String {
        format!("{}.csv", self.name)
    }

    /// The file of its schema, from the folder of the package.
    pub fn schema_file(&self) -> String {
        format!("schemas/{}.json", self.name)
    }

    /// The table as CSV: commas, a decimal point, line feeds.
    pub fn csv(&self) -> String {
        let mut writer = csv::Writer::from_writer(Vec::new());
        // Writing to memory does not fail, and all records are as long.
        let _ = writer.write_record(self.fields.iter().map(|field| &field.name));
        for row in &self.rows {
            let _ = writer.write_record(row.iter().map(Datum::cell));
        }
        String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
    }

    /// The columns and the keys, as a Table Schema has them.
    pub fn schema(&self) -> Value {
        let example = |rank: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(rank));
            cells.map(Datum::cell).find(|cell| !cell.is_empty())
        };
        let fields = self.fields.iter().enumerate();
        let fields: Vec<Value> = fields.map(|(rank, field)| field.schema(example(rank))).collect();
        let mut schema = json!({ "fields": fields });
        let keys = self.foreign_keys.iter().map(|key| {
            let target = json!({"resource": key.resource, "fields": [key.target]});
            json!({"fields": [key.field], "reference": target})
        });
        if let Some(schema) = schema.as_object_mut() {
            if !self.primary_key.is_empty() {
                schema.insert("primaryKey".into(), json!(self.primary_key));
            }
            if !self.foreign_keys.is_empty() {
                schema.insert("foreignKeys".into(), json!(keys.collect::<Vec<_>>()));
            }
        }
        schema
    }
}
