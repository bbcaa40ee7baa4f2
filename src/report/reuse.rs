//! Not making again what did not change.
//!
//! A compilation is a function of the compiler, its flags and the files it
//! reads; the compiler says which files those are (`--deps`). The [`Trace`] of
//! a document keeps their names and one fingerprint of everything. On a later
//! run, where the same names have the same contents, the compiler would read
//! the same files and write the same bytes: the document stands.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::compiler::{Compiler, FLAGS, Job};
use crate::hash::sha256;

/// What a document was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trace {
    /// The document, from the root of the output.
    #[serde(rename = "fichier")]
    pub output: String,
    /// The fingerprint of the compiler, its flags and the files it read.
    #[serde(rename = "cle")]
    pub key: String,
    /// The files it read, from the work folder.
    #[serde(rename = "lectures")]
    pub reads: Vec<String>,
}

/// The files that the compiler may read, by name, with their SHA-256.
#[derive(Debug, Clone, Default)]
pub struct WorkFiles {
    hashes: BTreeMap<String, String>,
}

impl WorkFiles {
    /// Adds a file.
    pub fn add(&mut self, name: &str, bytes: &[u8]) {
        self.hashes.insert(name.to_string(), sha256(bytes));
    }

    /// Whether a file has the same content in both.
    pub fn agree(&self, other: &Self, name: &str) -> bool {
        let content = self.hashes.get(name);
        content.is_some() && content == other.hashes.get(name)
    }

    /// The trace of a document that read these files.
    pub fn trace(&self, compiler: &Compiler, job: &Job, output: &str, reads: &[String]) -> Trace {
        let mut parts = vec![
            format!("bilan {}", env!("CARGO_PKG_VERSION")),
            compiler.version().to_string(),
            FLAGS.join(" "),
            job.timestamp.to_string(),
            job.template.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default(),
            job.data.clone(),
        ];
        let is_font = |name: &&String| name.starts_with("polices/");
        let mut names: Vec<&String> = self.hashes.keys().filter(is_font).chain(reads).collect();
        names.sort();
        names.dedup();
        let absent = "absent".to_string();
        let hash = |name: &String| self.hashes.get(name).unwrap_or(&absent).clone();
        parts.extend(names.into_iter().map(|name| format!("{name} {}", hash(name))));
        let key = sha256(parts.join("\n").as_bytes());
        Trace { output: output.to_string(), key, reads: reads.to_vec() }
    }

    /// Whether a document of before would come out as it is.
    pub fn confirms(&self, before: &Trace, compiler: &Compiler, job: &Job) -> bool {
        self.trace(compiler, job, &before.output, &before.reads) == *before
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job() -> Job {
        Job {
            format: super::super::compiler::Format::Pdf,
            name: "corse".into(),
            root: "/travail".into(),
            template: "/travail/fiche.typ".into(),
            data: "/donnees/corse.json".into(),
            fonts: "/travail/polices".into(),
            output: "/sortie/corse.pdf".into(),
            dependencies: "/travail/dependances/corse.json".into(),
            timestamp: 0,
        }
    }

    fn files() -> WorkFiles {
        let mut files = WorkFiles::default();
        for name in ["fiche.typ", "bilan.typ", "donnees/corse.json", "polices/a.ttf"] {
            files.add(name, name.as_bytes());
        }
        files
    }

    #[test]
    fn a_document_stands_while_what_it_read_stands() {
        let compiler = Compiler::locate(None).unwrap();
        let reads = ["fiche.typ".to_string(), "donnees/corse.json".to_string()];
        let trace = files().trace(&compiler, &job(), "fiches/corse.pdf", &reads);
        assert!(files().confirms(&trace, &compiler, &job()));
        let changed = |name: &str| {
            let mut files = files();
            files.add(name, b"autre");
            files.confirms(&trace, &compiler, &job())
        };
        assert!(changed("bilan.typ"), "it read nothing of the brochure's template");
        assert!(!changed("fiche.typ"));
        assert!(!changed("donnees/corse.json"));
        assert!(!changed("polices/a.ttf"));
        assert!(!changed("polices/nouvelle.ttf"), "a new font may take a glyph over");
        assert!(!files().confirms(&trace, &compiler, &Job { timestamp: 1, ..job() }));
    }

    #[test]
    fn a_file_that_was_not_there_and_comes_is_a_change() {
        let compiler = Compiler::locate(None).unwrap();
        let trace = files().trace(&compiler, &job(), "a.pdf", &["logo.svg".to_string()]);
        let mut with_logo = files();
        assert!(with_logo.confirms(&trace, &compiler, &job()));
        with_logo.add("logo.svg", b"<svg/>");
        assert!(!with_logo.confirms(&trace, &compiler, &job()));
    }
}
