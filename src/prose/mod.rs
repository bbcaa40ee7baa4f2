//! The texts of an edition: Markdown with live figures, made a tree of plain
//! blocks.
//!
//! `{{themes.insertion}}` puts a figure in a sentence,
//! `{{enveloppe|region=bretagne}}` a région's, and
//! `{{themes.insertion|format=mots}}` words that follow the figure: see
//! [`Book`]. The tree knows paragraphs, headings, lists, quotations, emphasis
//! and links: whatever else a file holds (HTML, images, code) comes out as the
//! text it is, and never as code.

mod figures;
mod live;
mod tree;
pub mod wording;

use std::ops::Range;
use std::path::Path;

use serde::Serialize;

pub use figures::{Book, suggestion};
pub use live::{LiveFigure, Piece, Request, pieces};

use crate::diagnostics::{Diagnostic, Diagnostics, Place};
use crate::matching;

/// A piece of a text that stands by itself.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Block {
    #[serde(rename = "paragraphe")]
    Paragraph {
        #[serde(rename = "contenu")]
        content: Vec<Inline>,
    },
    #[serde(rename = "titre")]
    Heading {
        #[serde(rename = "niveau")]
        level: u8,
        #[serde(rename = "contenu")]
        content: Vec<Inline>,
    },
    #[serde(rename = "liste")]
    List {
        #[serde(rename = "ordonnee")]
        ordered: bool,
        #[serde(rename = "elements")]
        items: Vec<Vec<Block>>,
    },
    #[serde(rename = "citation")]
    Quote {
        #[serde(rename = "blocs")]
        blocks: Vec<Block>,
    },
}

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Inline {
    #[serde(rename = "texte")]
    Text {
        #[serde(rename = "texte")]
        text: String,
    },
    #[serde(rename = "chiffre")]
    Figure(LiveFigure),
    #[serde(rename = "fort")]
    Strong {
        #[serde(rename = "contenu")]
        content: Vec<Inline>,
    },
    #[serde(rename = "accent")]
    Emphasis {
        #[serde(rename = "contenu")]
        content: Vec<Inline>,
    },
    #[serde(rename = "lien")]
    Link {
        url: String,
        #[serde(rename = "contenu")]
        content: Vec<Inline>,
    },
    #[serde(rename = "retour")]
    Break,
}

/// A text of an edition: what stands before its first second-level heading,
/// and a section for each of those.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Prose {
    /// The first-level heading.
    pub title: Option<String>,
    pub introduction: Vec<Block>,
    pub sections: Vec<Section>,
}

/// A second-level heading and what stands below it.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    pub title: String,
    pub blocks: Vec<Block>,
}

impl Prose {
    /// Reads a file; an absent one is an empty text. `figure` gives the text of
    /// a live figure, or says why there is none.
    pub fn read(
        path: &Path,
        figure: &dyn Fn(&Request) -> Result<LiveFigure, Missing>,
        found: &mut Diagnostics,
    ) -> Self {
        let file = path.display().to_string();
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(&file, &text, figure, found),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Self::default(),
            Err(error) => {
                found.push(unreadable(&file, &error));
                Self::default()
            }
        }
    }

    /// Reads a text; `file` is its name in messages.
    pub fn parse(
        file: &str,
        text: &str,
        figure: &dyn Fn(&Request) -> Result<LiveFigure, Missing>,
        found: &mut Diagnostics,
    ) -> Self {
        let source = Source { file, text, figure };
        let mut prose = Self::default();
        for block in tree::blocks(&source, found) {
            prose.add(block);
        }
        prose
    }

    /// The section of a title; titles are compared as labels are.
    pub fn section(&self, title: &str) -> Option<&Section> {
        let wanted = matching::key(title);
        self.sections.iter().find(|section| matching::key(&section.title) == wanted)
    }

    fn add(&mut self, block: Block) {
        match (block, self.sections.last_mut()) {
            (Block::Heading { level: 1, content }, None) if self.title.is_none() => {
                self.title = Some(plain_text(&content));
            }
            (Block::Heading { level: 2, content }, _) => {
                self.sections.push(Section { title: plain_text(&content), blocks: Vec::new() });
            }
            (block, Some(section)) => section.blocks.push(block),
            (block, None) => self.introduction.push(block),
        }
    }
}

/// A text and what is needed to read it.
struct Source<'a> {
    file: &'a str,
    text: &'a str,
    figure: &'a dyn Fn(&Request) -> Result<LiveFigure, Missing>,
}

impl Source<'_> {
    /// The place of a range of bytes.
    fn place(&self, range: &Range<usize>) -> Place {
        let before = self.text.get(..range.start).unwrap_or_default();
        Place::line(self.file, before.matches('\n').count() + 1)
    }
}

/// Why a live figure has no text: what is wrong, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    pub message: String,
    pub help: String,
}

/// A line outside of Markdown, such as a title, with its live figures told.
pub fn tell_line(
    text: &str,
    figure: &dyn Fn(&Request) -> Result<LiveFigure, Missing>,
    found: &mut Diagnostics,
) -> String {
    let piece = |piece: live::Piece<'_>| match piece {
        live::Piece::Text(text) => text.to_string(),
        live::Piece::Figure(request, written) => match figure(&request) {
            Ok(figure) => figure.text,
            Err(missing) => {
                let fault = Diagnostic::error("chiffre-introuvable", missing.message);
                found.push(fault.help(missing.help));
                written.to_string()
            }
        },
    };
    live::pieces(text).into_iter().map(piece).collect()
}

/// The text of a line without its emphasis.
pub fn plain_text(content: &[Inline]) -> String {
    let piece = |inline: &Inline| match inline {
        Inline::Text { text } => text.clone(),
        Inline::Figure(figure) => figure.text.clone(),
        Inline::Strong { content }
        | Inline::Emphasis { content }
        | Inline::Link { content, .. } => plain_text(content),
        Inline::Break => " ".to_string(),
    };
    content.iter().map(piece).collect()
}

fn unreadable(file: &str, error: &std::io::Error) -> Diagnostic {
    let message = match error.kind() {
        std::io::ErrorKind::InvalidData => "ce texte n’est pas en UTF-8".to_string(),
        _ => format!("ce texte ne peut pas être lu ({error})"),
    };
    Diagnostic::error("fichier-illisible", message)
        .at(Place::file(file))
        .help("enregistrez-le en UTF-8, et vérifiez les droits de lecture")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Prose, Vec<String>) {
        let figure = |request: &Request| match request.id.as_str() {
            "themes.insertion" => Ok(LiveFigure {
                id: request.id.clone(),
                text: "66 %".to_string(),
                from_answers: true,
            }),
            _ => Err(Missing { message: "inconnu".into(), help: "corrigez".into() }),
        };
        let mut found = Diagnostics::new();
        let prose = Prose::parse("textes/essai.md", text, &figure, &mut found);
        (prose, found.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn a_text_is_cut_at_its_second_level_headings() {
        let (prose, _) = read("# Titre\n\nUn *mot* et **deux**.\n\n## Fiche A\n\n- x\n- y\n");
        assert_eq!(prose.title.as_deref(), Some("Titre"));
        assert_eq!(prose.introduction.len(), 1);
        let section = prose.section("fiche a").unwrap();
        assert!(
            matches!(&section.blocks[0], Block::List { ordered: false, items } if items.len() == 2)
        );
    }

    #[test]
    fn live_figures_become_figures_and_faults_have_a_line() {
        let (prose, messages) =
            read("Texte.\n\nPrès de {{themes.insertion}} ; {{absent}} ; {{}.\n");
        let Block::Paragraph { content } = &prose.introduction[1] else { panic!() };
        assert!(
            content.iter().any(|inline| matches!(inline, Inline::Figure(f) if f.text == "66 %"))
        );
        assert_eq!(plain_text(content), "Près de 66 % ; {{absent}} ; {{}.");
        insta::assert_snapshot!(messages.join("\n"));
    }

    #[test]
    fn a_title_may_hold_live_figures() {
        let figure = |request: &Request| match request.id.as_str() {
            "a" => Ok(LiveFigure { id: "a".into(), text: "66 %".to_string(), from_answers: true }),
            _ => Err(Missing { message: "inconnu".into(), help: "corrigez".into() }),
        };
        let mut found = Diagnostics::new();
        assert_eq!(tell_line("Plus de {{a}} *ici*", &figure, &mut found), "Plus de 66 % *ici*");
        assert!(!found.has_errors());
        assert_eq!(tell_line("{{b}}", &figure, &mut found), "{{b}}");
        assert!(found.has_errors());
    }

    /// The items of a tight list hold lines, which may begin with emphasis.
    #[test]
    fn an_item_that_begins_with_emphasis_is_one_line() {
        let (prose, _) = read("- **Accès** : ouvrir\n- *Lieux*, et [liens](https://example.org)\n");
        let Block::List { items, .. } = &prose.introduction[0] else { panic!() };
        assert!(items.iter().all(|item| item.len() == 1), "{items:?}");
    }

    #[test]
    fn code_and_html_are_text() {
        let (prose, _) =
            read("Voici <script>x</script> `#panic()` $x$ ![image](a.png)\n\n```\n#import\n```\n");
        let text: String = prose
            .introduction
            .iter()
            .map(|block| match block {
                Block::Paragraph { content } => plain_text(content) + "\n",
                other => format!("{other:?}"),
            })
            .collect();
        assert_eq!(text, "Voici <script>x</script> #panic() $x$ image\n#import\n");
    }

    #[test]
    fn links_lead_to_the_web_or_nowhere() {
        let (prose, _) = read("[a](https://example.org) [b](javascript:alert(1)) [c](file:///x)");
        let Block::Paragraph { content } = &prose.introduction[0] else { panic!() };
        let links = content.iter().filter(|inline| matches!(inline, Inline::Link { .. })).count();
        assert_eq!((links, plain_text(content).as_str()), (1, "a b c"));
    }

    #[test]
    fn endless_nesting_is_flattened() {
        let (prose, _) = read(&format!("{} fond", ">".repeat(5_000)));
        assert_eq!(prose.introduction.len(), 1);
        let (prose, _) = read(&format!("{}x{}", "*a **b ".repeat(5_000), "** *".repeat(5_000)));
        assert_eq!(prose.introduction.len(), 1);
    }
}
