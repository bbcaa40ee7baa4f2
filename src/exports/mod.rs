//! The figures and the traces of a run as files for other tools.

mod comparison;
mod dataset;
mod findings;
mod indicators;
mod manifest;
mod question;
mod workbook;

pub use comparison::{
    comparison_csv, comparison_json, comparison_resource, comparison_sheet, comparison_text,
};
pub use dataset::{
    Anonymised, DatasetInputs, Datum, Field, FieldKind, ForeignKey, Resource, anonymise, dataset,
};
pub use findings::{findings_csv, findings_json, findings_text, plain, subject};
pub use indicators::{SCHEMA as INDICATORS_SCHEMA, indicators_json};
pub use manifest::{FILE as MANIFEST, HashedFile, Manifest, changed_inputs, hash_inputs};
pub use question::QuestionTable;
pub use workbook::{
    Cell, Column, FILE as WORKBOOK, Group, Row, Shape, Table, WorkbookInputs, workbook,
};
