//! What a person who does not see the pages is given: language, title,
//! headings in order, tables with their titles, pictures and links in words,
//! lists as lists, in the order in which the eye goes.
//!
//! The validators of `documents` check the form; these tests check the sense.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use lopdf::{Dictionary, Document, Object};

use crate::support::{SHIPPED_OUTPUT, text_of};

/// An element of the structure of a document.
#[derive(Debug, Clone)]
struct Element {
    /// `H2`, `Table`, `Figure`…
    role: String,
    title: String,
    alternative: Option<String>,
    attributes: Vec<Dictionary>,
    /// The pages of its own content.
    pages: Vec<u32>,
    children: Vec<Element>,
}

impl Element {
    fn descendants(&self) -> Vec<&Element> {
        let below = self.children.iter().flat_map(Element::descendants);
        std::iter::once(self).chain(below).collect()
    }

    fn of_role(&self, role: &str) -> Vec<&Element> {
        self.descendants().into_iter().filter(|element| element.role == role).collect()
    }
}

/// Every document of the shipped edition: the brochure first, the report of
/// checks last.
static DOCUMENTS: LazyLock<Vec<(String, Document)>> = LazyLock::new(|| {
    let sheets = bilan::output::files(&SHIPPED_OUTPUT.join("fiches"));
    assert_eq!(sheets.len(), 16, "{sheets:?}");
    let sheets = sheets.iter().map(|sheet| format!("fiches/{sheet}"));
    let names = std::iter::once("bilan.pdf".to_string()).chain(sheets);
    let names = names.chain(std::iter::once("controle.pdf".to_string()));
    names
        .map(|name| {
            let document = Document::load(SHIPPED_OUTPUT.join(&name)).unwrap();
            (name, document)
        })
        .collect()
});

fn documents() -> impl Iterator<Item = (&'static str, &'static Document)> {
    DOCUMENTS.iter().map(|(name, document)| (name.as_str(), document))
}

fn brochure() -> &'static Document {
    &DOCUMENTS[0].1
}

fn structure(document: &Document) -> Element {
    let root = document.catalog().unwrap().get(b"StructTreeRoot").unwrap();
    let root = document.dereference(root).unwrap().1.as_dict().unwrap();
    let pages: BTreeMap<_, _> =
        document.get_pages().into_iter().map(|(number, id)| (id, number)).collect();
    let reader = Reader { document, pages };
    Element {
        role: "Root".to_string(),
        title: String::new(),
        alternative: None,
        attributes: Vec::new(),
        pages: Vec::new(),
        children: reader.children(root, None).0,
    }
}

struct Reader<'a> {
    document: &'a Document,
    pages: BTreeMap<(u32, u16), u32>,
}

impl Reader<'_> {
    fn element(&self, dictionary: &Dictionary) -> Element {
        let name = dictionary.get(b"S").and_then(Object::as_name).unwrap_or_default();
        let text = |key: &[u8]| Some(decode(self.value(dictionary, key)?.as_str().ok()?));
        let page = dictionary.get(b"Pg").and_then(Object::as_reference).ok();
        let page = page.and_then(|id| self.pages.get(&id).copied());
        let (children, pages) = self.children(dictionary, page);
        Element {
            role: String::from_utf8_lossy(name).into_owned(),
            title: text(b"T").unwrap_or_default(),
            alternative: text(b"Alt"),
            attributes: self
                .list(dictionary, b"A")
                .iter()
                .filter_map(|a| a.as_dict().ok().cloned())
                .collect(),
            pages,
            children,
        }
    }

    /// The elements below one, and the pages of its own content.
    fn children(&self, dictionary: &Dictionary, page: Option<u32>) -> (Vec<Element>, Vec<u32>) {
        let (mut children, mut pages) = (Vec::new(), Vec::new());
        for kid in self.list(dictionary, b"K") {
            match &kid {
                Object::Integer(_) => pages.extend(page),
                Object::Dictionary(own) if own.has(b"S") => children.push(self.element(own)),
                Object::Dictionary(own) => {
                    let id = own.get(b"Pg").and_then(Object::as_reference).ok();
                    pages.extend(id.and_then(|id| self.pages.get(&id).copied()).or(page));
                }
                _ => {}
            }
        }
        (children, pages)
    }

    fn value(&self, dictionary: &Dictionary, key: &[u8]) -> Option<Object> {
        let value = dictionary.get(key).ok()?;
        Some(self.document.dereference(value).ok()?.1.clone())
    }

    /// The values of a key that holds one or several.
    fn list(&self, dictionary: &Dictionary, key: &[u8]) -> Vec<Object> {
        match self.value(dictionary, key) {
            Some(Object::Array(items)) => items
                .iter()
                .filter_map(|item| Some(self.document.dereference(item).ok()?.1.clone()))
                .collect(),
            Some(other) => vec![other],
            None => Vec::new(),
        }
    }
}

pub fn decode(bytes: &[u8]) -> String {
    match bytes.strip_prefix(b"\xFE\xFF") {
        Some(utf16) => {
            let units: Vec<u16> =
                utf16.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
            String::from_utf16_lossy(&units)
        }
        None => String::from_utf8_lossy(bytes).into_owned(),
    }
}

#[test]
fn every_document_says_its_language_and_shows_its_title() {
    for (name, document) in documents() {
        let catalog = document.catalog().unwrap();
        assert_eq!(catalog.get(b"Lang").unwrap().as_str().unwrap(), b"fr-FR", "{name}");
        let preferences = document.dereference(catalog.get(b"ViewerPreferences").unwrap()).unwrap();
        let preferences = preferences.1.as_dict().unwrap();
        assert!(preferences.get(b"DisplayDocTitle").unwrap().as_bool().unwrap(), "{name}");
        let information = document.trailer.get(b"Info").unwrap();
        let information = document.dereference(information).unwrap().1.as_dict().unwrap();
        let title = decode(information.get(b"Title").unwrap().as_str().unwrap());
        assert!(title.len() > 10, "{name}: {title}");
        assert_eq!(structure(document).of_role("Title").len(), 1, "{name}");
    }
}

#[test]
fn headings_are_in_order_and_none_is_skipped() {
    for (name, document) in documents() {
        let structure = structure(document);
        let heading = |element: &&Element| {
            let level = element.role.strip_prefix('H')?.parse::<usize>().ok()?;
            Some((level, element.title.clone()))
        };
        let headings: Vec<(usize, String)> =
            structure.descendants().iter().filter_map(heading).collect();
        assert_eq!(headings[0].0, 1, "{name}");
        for pair in headings.windows(2) {
            assert!(pair[1].0 <= pair[0].0 + 1, "{name}: {pair:?}");
        }
        assert!(headings.iter().all(|(_, title)| !title.trim().is_empty()), "{name}");
        if name == "bilan.pdf" {
            let of_level = |level| headings.iter().filter(|heading| heading.0 == level).count();
            assert!(of_level(1) >= 5 && of_level(2) >= 16 + 6, "{headings:?}");
            assert!(headings.contains(&(2, "Bretagne".to_string())));
        }
    }
}

/// The outline that readers show beside the pages leads to every chapter.
#[test]
fn the_outline_leads_to_every_chapter() {
    let document = brochure();
    let table = document.get_toc().unwrap();
    let titles: Vec<&str> = table.toc.iter().map(|entry| entry.title.as_str()).collect();
    for chapter in ["Méthode", "Corse", "Occitanie", "Mayotte"] {
        assert!(titles.iter().any(|title| title.trim() == chapter), "{chapter}: {titles:?}");
    }
}

#[test]
fn tables_have_header_cells_with_their_scope() {
    let mut seen = 0;
    for (name, document) in documents() {
        for table in structure(document).of_role("Table") {
            seen += 1;
            let headers = table.of_role("TH");
            assert!(headers.len() >= 2, "{name}");
            for header in headers {
                let scope = header.attributes.iter().find_map(|a| a.get(b"Scope").ok());
                assert!(scope.is_some(), "{name}");
            }
            let rows = table.of_role("TR");
            // Each line is named by its first cell; those of findings by their
            // sentences, too long to be said again before each cell.
            let named = rows.iter().filter(|row| row.children.iter().any(|c| c.role == "TD"));
            for row in named.filter(|_| name != "controle.pdf") {
                let scope = row.children[0].attributes.iter().find_map(|a| a.get(b"Scope").ok());
                assert_eq!(row.children[0].role, "TH", "{name}");
                assert_eq!(scope.and_then(|s| s.as_name().ok()), Some(&b"Row"[..]), "{name}");
            }
            let span = |cell: &Element| {
                let spans = cell.attributes.iter().find_map(|a| a.get(b"ColSpan").ok());
                spans.and_then(|spans| spans.as_i64().ok()).unwrap_or(1)
            };
            let cells = |row: &Element| row.children.iter().map(span).sum::<i64>();
            assert!(rows.windows(2).all(|pair| cells(pair[0]) == cells(pair[1])), "{name}");
        }
    }
    assert!(seen >= 1);
}

/// The complete list of a région is a list, in pieces where columns and pages
/// cut it.
#[test]
fn laureates_are_items_of_lists() {
    for (name, document) in documents() {
        let least = match name {
            "bilan.pdf" => 202,
            "controle.pdf" => 0,
            _ => 2,
        };
        let structure = structure(document);
        assert!(structure.of_role("LI").len() >= least, "{name}");
        for item in structure.of_role("LI") {
            assert!(!item.of_role("LBody").is_empty(), "{name}");
        }
    }
}

/// Content comes in the order of the pages: what is read next is never on an
/// earlier page.
#[test]
fn reading_goes_forward() {
    for (name, document) in documents() {
        let structure = structure(document);
        // An element's own content comes before that of its children, but for
        // those that go on over a page: the first page of each tells its place.
        let starts: Vec<u32> = structure
            .descendants()
            .iter()
            .filter(|element| element.children.is_empty())
            .filter_map(|element| element.pages.first().copied())
            .collect();
        assert!(starts.len() > 20, "{name}");
        for pair in starts.windows(2) {
            assert!(pair[0] <= pair[1], "{name}: page {} after page {}", pair[1], pair[0]);
        }
    }
}

/// Wherever an interval is told, so is its level.
#[test]
fn an_interval_has_its_level() {
    let mut told = 0;
    for (name, document) in documents() {
        for figure in structure(document).of_role("Figure") {
            let words = figure.alternative.clone().unwrap_or_default();
            if words.contains("\u{202F}% à ") {
                told += 1;
                assert!(words.contains("à 95\u{202F}%"), "{name}: {words}");
            }
        }
    }
    assert!(told > 16, "{told}");
    for file in bilan::output::files(&SHIPPED_OUTPUT.join("graphiques")) {
        if file.ends_with(".txt") {
            let words = std::fs::read_to_string(SHIPPED_OUTPUT.join("graphiques").join(&file));
            let words = words.unwrap().to_lowercase().replace("intervalles", "intervalle");
            let bare = words.replace("intervalle de confiance à 95\u{202F}%", "");
            assert!(!bare.contains("intervalle de"), "{file}: {words}");
        }
    }
}

/// The projects of a région are read in the order of their numbers.
#[test]
fn lists_are_read_column_after_column() {
    let text = text_of(&SHIPPED_OUTPUT.join("fiches/occitanie.pdf"));
    let names = ["Aux Manettes formations", "Défi Comminges", "OcceTarn", "Prométhée", "Ukronie"];
    let places: Vec<Option<usize>> = names.iter().map(|name| text.find(name)).collect();
    assert!(places.iter().all(Option::is_some), "{places:?}");
    assert!(places.windows(2).all(|pair| pair[0] < pair[1]), "{places:?}");
}

#[test]
fn links_say_where_they_lead() {
    for (name, document) in documents() {
        let links = document.objects.values().filter_map(|object| object.as_dict().ok());
        let links = links.filter(|dictionary| {
            dictionary.get(b"Subtype").and_then(Object::as_name).is_ok_and(|n| n == b"Link")
        });
        for link in links {
            let words = link.get(b"Contents").and_then(Object::as_str).map(decode);
            assert!(words.is_ok_and(|words| words.trim().len() > 3), "{name}: {link:?}");
        }
    }
}

/// What decorates (bands, rules, running heads) is not read: each page marks
/// it as an artifact.
#[test]
fn decoration_is_set_apart() {
    for (name, document) in documents() {
        for (number, page) in document.get_pages() {
            let content = document.get_and_decode_page_content(page).unwrap();
            let artifacts = content.operations.iter().filter(|operation| {
                operation.operator.starts_with("B")
                    && operation
                        .operands
                        .first()
                        .is_some_and(|tag| tag.as_name().is_ok_and(|name| name == b"Artifact"))
            });
            assert!(artifacts.count() > 0, "{name}, page {number}");
        }
    }
}

/// The alternative of each chart gives what is compared, the base, the highest
/// and the lowest, and every value of its table.
#[test]
fn alternatives_give_every_value_of_the_data() {
    let folder = SHIPPED_OUTPUT.join("graphiques");
    let mut charts = 0;
    for file in bilan::output::files(&folder).iter().filter(|file| file.ends_with(".csv")) {
        let words = std::fs::read_to_string(folder.join(file.replace(".csv", ".txt"))).unwrap();
        let (_, alternative) = words.split_once("Texte de remplacement\n").unwrap();
        let mut reader = csv::Reader::from_path(folder.join(file)).unwrap();
        let titles = reader.headers().unwrap().clone();
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        let values = titles.iter().position(|title| title == "pourcentage");
        for row in &rows {
            assert!(
                alternative.contains(&row[0]) || alternative.contains(&row[1]),
                "{file}: {row:?}"
            );
            let value = values.map(|at| row[at].parse::<f64>());
            if let Some(Ok(value)) = value {
                let shown = bilan::typography::percent(value, 0);
                let finer = bilan::typography::percent(value, 1);
                assert!(
                    alternative.contains(&shown) || alternative.contains(&finer),
                    "{file}: {row:?}"
                );
            }
        }
        if values.is_some() && rows.len() > 2 {
            charts += 1;
            assert!(alternative.contains("Le plus haut"), "{file}: {alternative}");
            assert!(alternative.contains("répond"), "{file}: {alternative}");
        }
    }
    assert!(charts >= 8, "{charts}");
    // The same words stand in the documents.
    let brochure = structure(brochure());
    let figures = brochure.of_role("Figure");
    let told: Vec<&str> = figures.iter().filter_map(|f| f.alternative.as_deref()).collect();
    assert_eq!(told.len(), figures.len());
    let themes = std::fs::read_to_string(folder.join("themes.txt")).unwrap();
    let themes = themes.split("Texte de remplacement\n").nth(1).unwrap();
    let themes = themes.split("\n\nSource").next().unwrap().trim();
    assert!(told.contains(&themes), "{themes}");
}
