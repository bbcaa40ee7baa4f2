//! What the program reads at run time and carries with it: the Typst
//! templates, the fonts and the geography.
//!
//! A folder on disk takes precedence, file by file, so that an analyst can
//! change a template without compiling: the one given by `--modeles`, else
//! `report-templates/` in the current folder.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};
use typst::text::{Font, FontInfo};

use crate::diagnostics::{Diagnostic, Place};

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/report-templates");

/// The folder looked for beside the person who works.
const FOLDER: &str = "report-templates";

/// The fonts of the documents, by file name: Noto Sans, and Noto Emoji for what
/// people put in names (SIL Open Font License 1.1).
const FONTS: [(&str, &[u8]); 5] = [
    ("polices/NotoSans-Regular.ttf", notosans::REGULAR_TTF),
    ("polices/NotoSans-Bold.ttf", notosans::BOLD_TTF),
    ("polices/NotoSans-Italic.ttf", notosans::ITALIC_TTF),
    ("polices/NotoSans-BoldItalic.ttf", notosans::BOLD_ITALIC_TTF),
    ("polices/NotoEmoji-Regular.ttf", epaint_default_fonts::NOTO_EMOJI_REGULAR),
];

/// The compiler's own fonts, for what the others lack.
///
/// They are asked for here alone: each place of the program that the call is
/// compiled into holds the nine megabytes of them again.
#[inline(never)]
pub fn compiler_fonts() -> Vec<(Font, FontInfo)> {
    typst_kit::fonts::embedded().collect()
}

/// The files the program carries, and the folder that takes precedence.
#[derive(Debug, Clone, Default)]
pub struct Assets {
    folder: Option<PathBuf>,
}

impl Assets {
    /// The embedded files alone.
    pub fn embedded() -> Self {
        Self::default()
    }

    /// The embedded files, with a folder that takes precedence: the one asked
    /// for, else `report-templates/` where there is one.
    ///
    /// # Errors
    ///
    /// `dossier-absent` where the folder asked for is not there.
    pub fn locate(asked: Option<&Path>) -> Result<Self, Diagnostic> {
        match asked {
            Some(folder) if folder.is_dir() => Ok(Self { folder: Some(folder.to_path_buf()) }),
            Some(folder) => Err(missing_folder(folder)),
            None => {
                let here = PathBuf::from(FOLDER);
                Ok(Self { folder: here.is_dir().then_some(here) })
            }
        }
    }

    /// The folder that takes precedence, where there is one.
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// The content of a file, by its path from the templates' folder.
    ///
    /// # Errors
    ///
    /// `modele-absent` where no file has that name, `fichier-illisible`.
    pub fn read(&self, name: &str) -> Result<Cow<'static, [u8]>, Diagnostic> {
        if let Some(path) = self.on_disk(name) {
            return std::fs::read(&path).map(Cow::Owned).map_err(|error| unreadable(&path, &error));
        }
        let font = FONTS.iter().find(|(font, _)| *font == name).map(|(_, bytes)| *bytes);
        let file = EMBEDDED.get_file(name).map(include_dir::File::contents);
        font.or(file).map(Cow::Borrowed).ok_or_else(|| missing(name))
    }

    /// The content of a text file.
    ///
    /// # Errors
    ///
    /// As [`Assets::read`]; and `fichier-illisible` where it is not UTF-8.
    pub fn read_text(&self, name: &str) -> Result<String, Diagnostic> {
        let bytes = self.read(name)?.into_owned();
        String::from_utf8(bytes).map_err(|_| {
            Diagnostic::error("fichier-illisible", "ce fichier n’est pas du texte en UTF-8")
                .at(Place::file(name))
                .help("enregistrez-le en UTF-8")
        })
    }

    /// The names of the files that documents are made with: templates and
    /// fonts, embedded or on disk, in alphabetical order.
    pub fn template_names(&self) -> Vec<String> {
        let mut names: BTreeSet<String> = FONTS.iter().map(|(name, _)| name.to_string()).collect();
        collect_embedded(&EMBEDDED, &mut names);
        if let Some(folder) = &self.folder {
            collect_on_disk(folder, folder, &mut names);
        }
        names.into_iter().filter(|name| is_template(name)).collect()
    }

    fn on_disk(&self, name: &str) -> Option<PathBuf> {
        self.folder.as_ref().map(|folder| folder.join(name)).filter(|path| path.is_file())
    }
}

fn is_template(name: &str) -> bool {
    let extension = name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    matches!(extension.as_str(), "typ" | "ttf" | "otf" | "ttc" | "svg" | "png" | "jpg")
}

fn collect_embedded(folder: &Dir<'_>, names: &mut BTreeSet<String>) {
    names.extend(folder.files().map(|file| file.path().to_string_lossy().replace('\\', "/")));
    folder.dirs().for_each(|folder| collect_embedded(folder, names));
}

fn collect_on_disk(root: &Path, folder: &Path, names: &mut BTreeSet<String>) {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    for path in entries.map(|entry| entry.path()) {
        if path.is_dir() {
            collect_on_disk(root, &path, names);
        } else if let Ok(relative) = path.strip_prefix(root) {
            names.insert(relative.to_string_lossy().replace('\\', "/"));
        }
    }
}

fn missing_folder(folder: &Path) -> Diagnostic {
    Diagnostic::error("dossier-absent", "ce dossier de modèles n’existe pas")
        .at(Place::file(folder.display().to_string()))
        .help("vérifiez le nom, ou retirez --modeles pour prendre les modèles du programme")
}

fn missing(name: &str) -> Diagnostic {
    Diagnostic::error("modele-absent", "ce modèle n’existe pas")
        .at(Place::file(name))
        .help("remettez-le dans le dossier des modèles")
}

fn unreadable(path: &Path, error: &std::io::Error) -> Diagnostic {
    Diagnostic::error("fichier-illisible", format!("ce fichier ne peut pas être lu ({error})"))
        .at(Place::file(path.display().to_string()))
        .help("vérifiez les droits de lecture")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_on_disk_takes_precedence_file_by_file() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("geographie")).unwrap();
        std::fs::write(folder.path().join("geographie/departements.csv"), "à moi").unwrap();
        let assets = Assets::locate(Some(folder.path())).unwrap();
        assert_eq!(assets.read_text("geographie/departements.csv").unwrap(), "à moi");
        let embedded = assets.read_text("geographie/communes.csv").unwrap();
        assert!(embedded.starts_with("code_insee,nom"));
    }

    #[test]
    fn the_fonts_are_carried_along() {
        let names = Assets::embedded().template_names();
        assert!(names.contains(&"polices/NotoSans-Regular.ttf".to_string()));
        assert!(names.iter().all(|name| !name.ends_with(".csv")));
    }

    #[test]
    fn what_is_not_there_is_told() {
        assert_eq!(Assets::embedded().read("rien.typ").unwrap_err().code, "modele-absent");
        let asked = Assets::locate(Some(Path::new("/nulle/part")));
        assert_eq!(asked.unwrap_err().code, "dossier-absent");
    }
}
