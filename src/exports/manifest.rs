//! `manifeste.json`: what was made, from what, and with what.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::findings::WORKING_FILE;
use crate::diagnostics::{Diagnostic, Place};
use crate::edition::Edition;
use crate::hash::sha256;
use crate::output;
use crate::report::Trace;

/// The name of the manifest in the output folder.
pub const FILE: &str = "manifeste.json";

/// The traces of a run. It holds no time and no machine's name: the same
/// inputs give the same manifest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// That it is not for readers: the hash of a file that one knows but for an
    /// answer would tell the answer.
    #[serde(default)]
    pub usage: String,
    /// The program and its version.
    #[serde(rename = "logiciel")]
    pub program: String,
    /// The compiler and its version.
    #[serde(rename = "compilateur")]
    pub compiler: String,
    #[serde(rename = "edition")]
    pub year: i32,
    #[serde(rename = "entrees")]
    pub inputs: Vec<HashedFile>,
    #[serde(rename = "sorties")]
    pub outputs: Vec<HashedFile>,
    /// What each document was made from, by its file.
    #[serde(rename = "documents", default)]
    pub documents: Vec<Trace>,
}

/// A file and its SHA-256.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HashedFile {
    /// From the edition's folder or the output's, with `/`.
    #[serde(rename = "fichier")]
    pub file: String,
    pub sha256: String,
}

impl Manifest {
    /// The manifest of an output folder that is whole but for the manifest.
    ///
    /// # Errors
    ///
    /// `fichier-illisible` where an output cannot be read again.
    pub fn of(
        edition: &Edition,
        inputs: Vec<HashedFile>,
        compiler: &str,
        output: &Path,
        documents: Vec<Trace>,
    ) -> Result<Self, Diagnostic> {
        let outputs: Result<Vec<HashedFile>, Diagnostic> = output::files(output)
            .into_iter()
            .filter(|name| name != FILE)
            .map(|name| hashed(&output.join(&name), name))
            .collect();
        Ok(Self {
            usage: WORKING_FILE.to_string(),
            program: format!("bilan {}", env!("CARGO_PKG_VERSION")),
            compiler: compiler.to_string(),
            year: edition.year,
            inputs,
            outputs: outputs?,
            documents,
        })
    }

    /// The manifest that a folder holds, if it holds one that can be read.
    pub fn read(folder: &Path) -> Option<Self> {
        let text = std::fs::read_to_string(folder.join(FILE)).ok()?;
        serde_json::from_str(&text).ok()
    }

    /// The text of the file.
    pub fn to_json(&self) -> String {
        // Only a map with keys that are not texts cannot be made JSON.
        format!("{}\n", serde_json::to_string_pretty(self).unwrap_or_default())
    }

    /// The trace of a document, where the file of a folder is still the one
    /// that was made.
    pub fn trace_of(&self, name: &str, folder: &Path) -> Option<&Trace> {
        let made = self.outputs.iter().find(|output| output.file == name)?;
        let bytes = std::fs::read(folder.join(name)).ok()?;
        let trace = self.documents.iter().find(|trace| trace.output == name);
        trace.filter(|_| sha256(&bytes) == made.sha256)
    }

    /// Whether the run made a file of this name.
    pub fn made(&self, name: &str) -> bool {
        name == FILE || self.outputs.iter().any(|output| output.file == name)
    }
}

/// The inputs of an edition as they stand now.
///
/// # Errors
///
/// `fichier-illisible` where one of them cannot be read.
pub fn hash_inputs(edition: &Edition) -> Result<Vec<HashedFile>, Diagnostic> {
    let name = |path: &Path| {
        let relative = path.strip_prefix(&edition.folder).unwrap_or(path);
        relative.to_string_lossy().replace('\\', "/")
    };
    edition.files().iter().map(|path| hashed(path, name(path))).collect()
}

/// The inputs that are not what they were: changed, gone or new.
pub fn changed_inputs(before: &[HashedFile], now: &[HashedFile]) -> Vec<String> {
    let differ = |left: &[HashedFile], right: &[HashedFile]| -> Vec<String> {
        left.iter().filter(|file| !right.contains(file)).map(|file| file.file.clone()).collect()
    };
    let mut names = [differ(before, now), differ(now, before)].concat();
    names.sort();
    names.dedup();
    names
}

fn hashed(path: &Path, file: String) -> Result<HashedFile, Diagnostic> {
    let bytes = std::fs::read(path).map_err(|error| {
        Diagnostic::error(
            "fichier-illisible",
            format!("ce fichier ne peut pas être relu ({error})"),
        )
        .at(Place::file(path.display().to_string()))
        .help("ne changez pas les fichiers pendant la production, puis relancez")
    })?;
    Ok(HashedFile { file, sha256: sha256(&bytes) })
}
