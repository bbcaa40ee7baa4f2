//! Messages a person sees: what is wrong, where, and what to do about it.
//!
//! Errors are data. A stage of the pipeline does not stop at the first fault:
//! it pushes a [`Diagnostic`] into a [`Diagnostics`] and goes on as far as it
//! can, so that an analyst mends a workbook in one pass. Modelled on the
//! compiler diagnostics of Typst, with a file, a sheet and a cell in place of
//! a source span.
//!
//! The texts are French; the codes are stable and may be quoted in a mail.

use std::fmt;

use serde::{Serialize, Serializer};

/// How serious a diagnostic is.
///
/// The order is the order of gravity: `Error > Warning > Information`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// A matter of form, worth knowing.
    Information,
    /// Probably wrong; nothing is stopped.
    Warning,
    /// Proven wrong; nothing is written.
    Error,
}

impl Severity {
    /// The French word for the severity, as printed and as accepted by
    /// `--gravite`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "erreur",
            Self::Warning => "alerte",
            Self::Information => "information",
        }
    }
}

impl Serialize for Severity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

/// Where a fact stands: a file, and inside it a sheet and a cell, or a line.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// The file, as the person named it.
    #[serde(rename = "fichier")]
    pub file: String,
    /// The sheet of a workbook.
    #[serde(rename = "feuille", skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// The cell in A1 notation, or a column or a range (`H`, `A2:C9`).
    #[serde(rename = "cellule", skip_serializing_if = "Option::is_none")]
    pub cell: Option<String>,
    /// The line of a text file, from 1.
    #[serde(rename = "ligne", skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
}

impl Place {
    /// A whole file.
    pub fn file(file: impl Into<String>) -> Self {
        Self { file: file.into(), ..Self::default() }
    }

    /// A line of a text file, counted from 1.
    pub fn line(file: impl Into<String>, line: usize) -> Self {
        Self { line: Some(line), ..Self::file(file) }
    }

    /// A sheet of a workbook.
    pub fn sheet(file: impl Into<String>, sheet: impl Into<String>) -> Self {
        Self { sheet: Some(sheet.into()), ..Self::file(file) }
    }

    /// The same place, narrowed to a cell in A1 notation.
    pub fn at(mut self, cell: impl fmt::Display) -> Self {
        self.cell = Some(cell.to_string());
        self
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(sheet) = &self.sheet {
            write!(f, ", feuille « {sheet} »")?;
        }
        if let Some(cell) = &self.cell {
            write!(f, ", {cell}")?;
        }
        if let Some(line) = self.line {
            write!(f, ", ligne {line}")?;
        }
        Ok(())
    }
}

/// One message: a severity, a stable code, what is wrong, where, and a way out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    #[serde(rename = "gravite")]
    pub severity: Severity,
    /// Stable, lower case, with hyphens: `colonne-absente`.
    pub code: &'static str,
    pub message: String,
    /// The places the message speaks of, the main one first.
    #[serde(rename = "lieux")]
    pub places: Vec<Place>,
    /// What the person can do.
    #[serde(rename = "aide", skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

impl Diagnostic {
    fn new(severity: Severity, code: &'static str, message: impl Into<String>) -> Self {
        Self { severity, code, message: message.into(), places: Vec::new(), help: None }
    }

    /// A fault that stops the run.
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, message)
    }

    /// A probable fault.
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message)
    }

    /// Something worth knowing.
    pub fn information(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Information, code, message)
    }

    /// Adds a place.
    pub fn at(mut self, place: Place) -> Self {
        if !self.places.contains(&place) {
            self.places.push(place);
        }
        self
    }

    /// Says what to do.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} [{}] {}", self.severity.word(), self.code, self.message)?;
        for place in &self.places {
            write!(f, "\n  → {place}")?;
        }
        if let Some(help) = &self.help {
            write!(f, "\n  à faire : {help}")?;
        }
        Ok(())
    }
}

/// The diagnostics of a run, in the order they were found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Adds all of another collection.
    pub fn extend(&mut self, other: impl IntoIterator<Item = Diagnostic>) {
        self.0.extend(other);
    }

    /// Keeps the value of a success; keeps the diagnostic of a failure.
    pub fn take<T>(&mut self, result: Result<T, Diagnostic>) -> Option<T> {
        result.map_err(|diagnostic| self.push(diagnostic)).ok()
    }

    /// Whether one of them stops the run.
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The diagnostics, in the order they were found.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Self(vec![diagnostic])
    }
}

impl FromIterator<Diagnostic> for Diagnostics {
    fn from_iter<I: IntoIterator<Item = Diagnostic>>(iter: I) -> Self {
        Self(iter.into_iter().collect())
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

/// Why a command did not end well. Each kind has its exit code.
#[derive(Debug, Clone, PartialEq)]
pub enum Failure {
    /// The command was not used as it should be: exit code 2.
    Usage(Diagnostics),
    /// The inputs cannot be read or do not hold together: exit code 3.
    Input(Diagnostics),
    /// Something outside the inputs went wrong: a full disk, a compiler that
    /// does not answer: exit code 4.
    Internal(Diagnostics),
}

impl Failure {
    /// A wrong use, told in one message.
    pub fn usage(diagnostic: Diagnostic) -> Self {
        Self::Usage(diagnostic.into())
    }

    /// A wrong input, told in one message.
    pub fn input(diagnostic: Diagnostic) -> Self {
        Self::Input(diagnostic.into())
    }

    /// A fault of the machine or of the program, told in one message.
    pub fn internal(diagnostic: Diagnostic) -> Self {
        Self::Internal(diagnostic.into())
    }

    /// The process exit code.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::Input(_) => 3,
            Self::Internal(_) => 4,
        }
    }

    /// The messages.
    pub fn diagnostics(&self) -> &Diagnostics {
        match self {
            Self::Usage(d) | Self::Input(d) | Self::Internal(d) => d,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diagnostic_says_what_where_and_what_to_do() {
        let place = Place::sheet("laureats.xlsx", "Lauréats").at("C4");
        let diagnostic = Diagnostic::error("nombre-attendu", "« douze » n’est pas un nombre")
            .at(place)
            .help("écrivez 12 en chiffres");
        assert_eq!(
            diagnostic.to_string(),
            "erreur [nombre-attendu] « douze » n’est pas un nombre\n  \
             → laureats.xlsx, feuille « Lauréats », C4\n  \
             à faire : écrivez 12 en chiffres"
        );
    }

    #[test]
    fn severities_are_ordered_by_gravity() {
        assert!(Severity::Error > Severity::Warning);
        assert!(Severity::Warning > Severity::Information);
    }

    #[test]
    fn only_an_error_stops_the_run() {
        let mut found = Diagnostics::new();
        found.push(Diagnostic::warning("a", "a"));
        assert!(!found.has_errors());
        found.push(Diagnostic::error("b", "b"));
        assert!(found.has_errors());
    }
}
