//! The TOML files that people edit, read with their line numbers.
//!
//! `serde` stops at the first fault, and in English. Here a [`Section`] is
//! asked for its keys one by one; whatever is missing, of another kind or
//! never asked for becomes a [`Diagnostic`] with its line, and all of them are
//! told at once. The keys that were asked for are the keys there are, so that
//! suggestions for a misspelt key need no second list.

use std::cell::RefCell;
use std::ops::Range;
use std::path::Path;

use toml::de::{DeTable, DeValue};

use crate::diagnostics::{Diagnostic, Diagnostics, Place};
use crate::matching;
use crate::typography::{alternatives, quoted};

/// A TOML file in memory.
pub struct Document {
    file: String,
    /// The offset at which each line begins.
    lines: Vec<usize>,
    root: Entries,
    found: RefCell<Diagnostics>,
}

/// A table of a TOML file.
pub struct Section<'a> {
    document: &'a Document,
    name: String,
    table: &'a Entries,
    span: Range<usize>,
    asked: RefCell<Vec<String>>,
}

impl Document {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// `fichier-illisible`; or `toml-invalide` for each line that is not TOML.
    pub fn read(path: &Path) -> Result<Self, Diagnostics> {
        let file = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|error| unreadable(&file, &error))?;
        Self::parse(&file, &text)
    }

    /// Reads a text; `file` is its name in messages.
    ///
    /// # Errors
    ///
    /// `toml-invalide` for each line that is not TOML.
    pub fn parse(file: &str, text: &str) -> Result<Self, Diagnostics> {
        let (root, errors) = DeTable::parse_recoverable(text);
        let lines = line_starts(text);
        if !errors.is_empty() {
            return Err(syntax_errors(file, text, &lines, &errors));
        }
        let root = entries(root.get_ref());
        Ok(Self { file: file.to_string(), lines, root, found: RefCell::default() })
    }

    /// The table of the whole file.
    pub fn root(&self) -> Section<'_> {
        Section {
            document: self,
            name: String::new(),
            table: &self.root,
            span: 0..0,
            asked: RefCell::default(),
        }
    }

    /// The faults found by asking.
    pub fn into_diagnostics(self) -> Diagnostics {
        self.found.into_inner()
    }

    /// The faults found so far, taken out of the document.
    pub fn take_diagnostics(&self) -> Diagnostics {
        self.found.take()
    }

    fn place(&self, span: &Range<usize>) -> Place {
        Place::line(&self.file, line_of(&self.lines, span.start))
    }

    fn push(&self, diagnostic: Diagnostic) {
        self.found.borrow_mut().push(diagnostic);
    }
}

impl<'a> Section<'a> {
    /// The name of the table, as its header writes it: `diffusion`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The keys that are there, in the order of the file.
    pub fn keys(&self) -> Vec<&'a str> {
        self.table.iter().map(|entry| entry.key.as_str()).collect()
    }

    /// Whether a key is there.
    pub fn has(&self, key: &str) -> bool {
        self.entry(key).is_some()
    }

    /// Whether a key is there and is a table.
    pub fn is_section(&self, key: &str) -> bool {
        self.entry(key).is_some_and(|entry| matches!(entry.value.kind, Kind::Table(_)))
    }

    /// A text.
    pub fn text(&self, key: &str) -> Option<String> {
        let value = self.get(key)?;
        self.expect(key, value, "un texte entre guillemets", Kind::text)
    }

    /// A text that must be there: its absence is a `cle-absente`.
    pub fn required_text(&self, key: &str) -> Option<String> {
        self.require(key).and_then(|()| self.text(key))
    }

    /// A text or a number, as text: `feuille = 2` is sheet "2".
    pub fn text_or_integer(&self, key: &str) -> Option<String> {
        let value = self.get(key)?;
        self.expect(key, value, "un texte ou un nombre", |kind| {
            kind.text().or_else(|| Some(kind.integer()?.to_string()))
        })
    }

    /// A whole number.
    pub fn integer(&self, key: &str) -> Option<i64> {
        let value = self.get(key)?;
        self.expect(key, value, "un nombre entier", Kind::integer)
    }

    /// A whole number that must be there.
    pub fn required_integer(&self, key: &str) -> Option<i64> {
        self.require(key).and_then(|()| self.integer(key))
    }

    /// A whole number, zero or more.
    pub fn count(&self, key: &str) -> Option<usize> {
        let value = self.get(key)?;
        self.expect(key, value, "un nombre entier positif ou nul", Kind::count)
    }

    /// A number, with decimals or without.
    pub fn number(&self, key: &str) -> Option<f64> {
        let value = self.get(key)?;
        self.expect(key, value, "un nombre", Kind::number)
    }

    /// `true` or `false`.
    pub fn boolean(&self, key: &str) -> Option<bool> {
        let value = self.get(key)?;
        self.expect(key, value, "true ou false", Kind::boolean)
    }

    /// A list of texts; a lone text is a list of one.
    pub fn texts(&self, key: &str) -> Option<Vec<String>> {
        let value = self.get(key)?;
        let read = |_: &Kind| value.items().iter().map(|item| item.kind.text()).collect();
        self.expect(key, value, "une liste de textes entre guillemets", read)
    }

    /// A list of whole numbers, zero or more; a lone number is a list of one.
    pub fn counts(&self, key: &str) -> Option<Vec<usize>> {
        let value = self.get(key)?;
        let read = |_: &Kind| value.items().iter().map(|item| item.kind.count()).collect();
        self.expect(key, value, "une liste de nombres entiers", read)
    }

    /// One of a few words, each with what it stands for.
    ///
    /// Pushes `valeur-inconnue` for another word.
    pub fn choice<T: Clone>(&self, key: &str, choices: &[(&str, T)]) -> Option<T> {
        let word = self.text(key)?;
        let found = choices.iter().find(|(choice, _)| *choice == word);
        if found.is_none() {
            self.unknown_value(key, &word, choices.iter().map(|(choice, _)| *choice));
        }
        found.map(|(_, value)| value.clone())
    }

    /// A table inside this one.
    pub fn section(&self, key: &str) -> Option<Section<'a>> {
        let value = self.get(key)?;
        let name = self.child_name(key);
        match &value.kind {
            Kind::Table(table) => Some(self.child(name, table, value.span.clone())),
            _ => {
                self.wrong_kind(key, value, &format!("une section [{name}]"));
                None
            }
        }
    }

    /// The tables of a repeated section: `[[question]]`.
    pub fn sections(&self, key: &str) -> Vec<Section<'a>> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let name = self.child_name(key);
        let table = |item: &'a Value| match &item.kind {
            Kind::Table(table) => Some(self.child(name.clone(), table, item.span.clone())),
            _ => None,
        };
        let tables: Option<Vec<Section<'a>>> = match &value.kind {
            Kind::List(items) => items.iter().map(table).collect(),
            _ => None,
        };
        tables.unwrap_or_else(|| {
            self.wrong_kind(key, value, &format!("des sections [[{name}]]"));
            Vec::new()
        })
    }

    /// The line of a key, or of the table where the key is not there.
    pub fn place(&self, key: &str) -> Place {
        self.document.place(self.entry(key).map_or(&self.span, |entry| &entry.span))
    }

    /// The line of the table.
    pub fn place_of_section(&self) -> Place {
        self.document.place(&self.span)
    }

    /// Pushes a message of the reader's own, at a key.
    pub fn fault(&self, key: &str, code: &'static str, message: String, help: String) {
        self.document.push(Diagnostic::error(code, message).at(self.place(key)).help(help));
    }

    /// Pushes a `valeur-inconnue` with the nearest of the known words.
    pub fn unknown_value<'c>(
        &self,
        key: &str,
        word: &str,
        known: impl IntoIterator<Item = &'c str>,
    ) {
        let known: Vec<&str> = known.into_iter().collect();
        let message = format!("{} n’est pas une valeur possible de « {key} »", quoted(word));
        self.fault(key, "valeur-inconnue", message, suggestion(word, &known));
    }

    /// Pushes a `cle-inconnue` for each key that was never asked for.
    pub fn finish(&self) {
        let asked = self.asked.borrow();
        #[cfg(test)]
        testing::note(&self.name, &asked);
        let known: Vec<&str> = asked.iter().map(String::as_str).collect();
        for key in self.keys().into_iter().filter(|key| !known.contains(key)) {
            let message = format!("la clé « {key} » est inconnue{}", self.location());
            self.fault(key, "cle-inconnue", message, suggestion(key, &known));
        }
    }

    fn require(&self, key: &str) -> Option<()> {
        if self.has(key) {
            return Some(());
        }
        self.asked.borrow_mut().push(key.to_string());
        let message = format!("la clé « {key} » est absente{}", self.location());
        self.fault(key, "cle-absente", message, format!("ajoutez une ligne {key} = …"));
        None
    }

    fn location(&self) -> String {
        if self.name.is_empty() { String::new() } else { format!(" de la section [{}]", self.name) }
    }

    fn entry(&self, key: &str) -> Option<&'a Entry> {
        self.table.iter().find(|entry| entry.key == key)
    }

    fn get(&self, key: &str) -> Option<&'a Value> {
        self.asked.borrow_mut().push(key.to_string());
        self.entry(key).map(|entry| &entry.value)
    }

    fn expect<T>(
        &self,
        key: &str,
        value: &Value,
        kind: &str,
        read: impl FnOnce(&Kind) -> Option<T>,
    ) -> Option<T> {
        let result = read(&value.kind);
        if result.is_none() {
            self.wrong_kind(key, value, kind);
        }
        result
    }

    fn wrong_kind(&self, key: &str, value: &Value, kind: &str) {
        let message = format!("« {key} » doit être {kind}");
        let place = self.document.place(&value.span);
        let help = format!("corrigez la valeur de « {key} »");
        self.document.push(Diagnostic::error("valeur-invalide", message).at(place).help(help));
    }

    fn child(&self, name: String, table: &'a Entries, span: Range<usize>) -> Section<'a> {
        Section { document: self.document, name, table, span, asked: RefCell::default() }
    }

    fn child_name(&self, key: &str) -> String {
        if self.name.is_empty() { key.to_string() } else { format!("{}.{key}", self.name) }
    }
}

/// The entries of a table, in the order of the file.
type Entries = Vec<Entry>;

/// A key, the bytes it stands at, and its value.
struct Entry {
    key: String,
    span: Range<usize>,
    value: Value,
}

/// A value and the bytes it stands at.
struct Value {
    span: Range<usize>,
    kind: Kind,
}

enum Kind {
    Text(String),
    Integer(i64),
    Number(f64),
    Boolean(bool),
    List(Vec<Value>),
    Table(Entries),
    /// A date, or a number that no machine word holds.
    Other,
}

impl Kind {
    fn text(&self) -> Option<String> {
        if let Self::Text(text) = self { Some(text.clone()) } else { None }
    }

    fn integer(&self) -> Option<i64> {
        if let Self::Integer(integer) = self { Some(*integer) } else { None }
    }

    fn count(&self) -> Option<usize> {
        usize::try_from(self.integer()?).ok()
    }

    fn number(&self) -> Option<f64> {
        if let Self::Number(number) = self { Some(*number) } else { Some(self.integer()? as f64) }
    }

    fn boolean(&self) -> Option<bool> {
        if let Self::Boolean(truth) = self { Some(*truth) } else { None }
    }
}

impl Value {
    /// The items of a list; a lone value is a list of one.
    fn items(&self) -> &[Value] {
        if let Kind::List(items) = &self.kind { items } else { std::slice::from_ref(self) }
    }
}

fn entries(table: &DeTable<'_>) -> Entries {
    table
        .iter()
        .map(|(key, value)| Entry {
            key: key.get_ref().to_string(),
            span: key.span(),
            value: Value { span: value.span(), kind: kind(value.get_ref()) },
        })
        .collect()
}

fn kind(value: &DeValue<'_>) -> Kind {
    match value {
        DeValue::String(text) => Kind::Text(text.to_string()),
        DeValue::Integer(integer) => {
            let parsed = i64::from_str_radix(integer.as_str(), integer.radix());
            parsed.map_or(Kind::Other, Kind::Integer)
        }
        DeValue::Float(float) => {
            let parsed = float.as_str().parse().ok().filter(|number: &f64| number.is_finite());
            parsed.map_or(Kind::Other, Kind::Number)
        }
        DeValue::Boolean(truth) => Kind::Boolean(*truth),
        DeValue::Array(items) => {
            let item = |value: &toml::Spanned<DeValue<'_>>| Value {
                span: value.span(),
                kind: kind(value.get_ref()),
            };
            Kind::List(items.iter().map(item).collect())
        }
        DeValue::Table(table) => Kind::Table(entries(table)),
        DeValue::Datetime(_) => Kind::Other,
    }
}

fn line_starts(text: &str) -> Vec<usize> {
    let after_feeds = text.match_indices('\n').map(|(offset, _)| offset + 1);
    std::iter::once(0).chain(after_feeds).collect()
}

fn line_of(lines: &[usize], offset: usize) -> usize {
    lines.partition_point(|start| *start <= offset).max(1)
}

fn suggestion(word: &str, known: &[&str]) -> String {
    let near = matching::nearest(word, known.iter().copied());
    match near.first() {
        Some(near) => format!("vouliez-vous dire « {near} » ?"),
        None if known.is_empty() => "corrigez d’abord les autres erreurs de ce fichier".to_string(),
        None => {
            let known: Vec<String> = known.iter().map(|word| quoted(word)).collect();
            format!("les possibles sont {}", alternatives(&known))
        }
    }
}

fn unreadable(file: &str, error: &std::io::Error) -> Diagnostics {
    let (message, help) = match error.kind() {
        std::io::ErrorKind::NotFound => {
            ("ce fichier n’existe pas".to_string(), "vérifiez le nom et le dossier")
        }
        std::io::ErrorKind::InvalidData => (
            "ce fichier n’est pas du texte en UTF-8".to_string(),
            "enregistrez-le en UTF-8 avec un éditeur de texte",
        ),
        _ => (
            format!("ce fichier ne peut pas être lu ({error})"),
            "vérifiez les droits sur ce fichier et sur son dossier",
        ),
    };
    Diagnostic::error("fichier-illisible", message).at(Place::file(file)).help(help).into()
}

fn syntax_errors(
    file: &str,
    text: &str,
    lines: &[usize],
    errors: &[toml::de::Error],
) -> Diagnostics {
    let mut at: Vec<usize> =
        errors.iter().map(|error| line_of(lines, error.span().map_or(0, |s| s.start))).collect();
    at.sort_unstable();
    at.dedup();
    at.into_iter().map(|line| syntax_error(file, text, line)).collect()
}

fn syntax_error(file: &str, text: &str, line: usize) -> Diagnostic {
    let content = text.lines().nth(line.saturating_sub(1)).unwrap_or_default().trim();
    let message = format!("cette ligne n’est pas du TOML valide : {}", quoted(content));
    Diagnostic::error("toml-invalide", message).at(Place::line(file, line)).help(
        "écrivez cle = \"texte\", cle = 12, cle = true ou [section] ; une clé ne paraît qu’une \
         fois par section",
    )
}

/// Which keys a reader asks for, so that a schema can be held against it.
#[cfg(test)]
pub mod testing {
    use std::cell::RefCell;
    use std::collections::{BTreeMap, BTreeSet};

    use serde_json::Value;

    type Asked = BTreeMap<String, BTreeSet<String>>;

    thread_local! {
        static ASKED: RefCell<Asked> = const { RefCell::new(Asked::new()) };
    }

    pub fn note(section: &str, keys: &[String]) {
        ASKED.with_borrow_mut(|asked| {
            asked.entry(section.to_string()).or_default().extend(keys.iter().cloned());
        });
    }

    /// Checks that a JSON Schema has, for each section that a reader finishes,
    /// the keys that it asks for and no other.
    pub fn assert_schema_agrees(schema: &str, read: impl FnOnce()) {
        assert_part_agrees(schema, "", "", read);
    }

    /// The same of a part of the schema, which is that of a section's name.
    pub fn assert_part_agrees(schema: &str, part: &str, section: &str, read: impl FnOnce()) {
        ASKED.take();
        read();
        let schema: Value = serde_json::from_str(schema).unwrap();
        let mut described = Asked::new();
        describe(&schema, schema.pointer(part).unwrap(), section, &mut described);
        let mut asked = ASKED.take();
        // Where any key may stand, the keys are those of the file.
        asked.retain(|section, _| described.contains_key(section));
        assert_eq!(asked, described, "left: asked by the reader; right: in the schema");
    }

    /// The keys of an object of a schema, and of those within.
    fn describe(schema: &Value, node: &Value, name: &str, described: &mut Asked) {
        let node = match node["$ref"].as_str().and_then(|path| path.strip_prefix('#')) {
            Some(path) => schema.pointer(path).unwrap(),
            None => node,
        };
        if node["items"].is_object() {
            return describe(schema, &node["items"], name, described);
        }
        let Some(properties) = node["properties"].as_object() else { return };
        described.insert(name.to_string(), properties.keys().cloned().collect());
        for (key, child) in properties {
            let name = if name.is_empty() { key.clone() } else { format!("{name}.{key}") };
            describe(schema, child, &name, described);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(text: &str, ask: impl FnOnce(&Section<'_>)) -> String {
        let document = Document::parse("edition.toml", text).unwrap();
        ask(&document.root());
        let found = document.into_diagnostics();
        found.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn values_of_each_kind_are_read() {
        let text = "a = 'x'\nb = 0x10\nc = 2.5\nd = true\ne = ['u', 'v']\nf = 3\n[g]\nh = [1]\n";
        let document = Document::parse("edition.toml", text).unwrap();
        let root = document.root();
        assert_eq!(root.text("a").as_deref(), Some("x"));
        assert_eq!(root.integer("b"), Some(16));
        assert_eq!(root.number("c"), Some(2.5));
        assert_eq!(root.number("f"), Some(3.0));
        assert_eq!(root.boolean("d"), Some(true));
        assert_eq!(root.texts("e"), Some(vec!["u".to_string(), "v".to_string()]));
        assert_eq!(root.section("g").unwrap().counts("h"), Some(vec![1]));
        assert_eq!(root.text("absent"), None);
        root.finish();
        assert!(document.into_diagnostics().is_empty());
    }

    #[test]
    fn every_fault_is_told_with_its_line() {
        let text = "anee = 2025\ntitre = 3\nmode = 'betta'\n[diffusion]\nbase = -1\n";
        insta::assert_snapshot!(messages(text, |root| {
            root.required_integer("annee");
            root.text("titre");
            root.choice("mode", &[("beta", 1), ("logit", 2)]);
            let section = root.section("diffusion").unwrap();
            section.count("base");
            section.finish();
            root.finish();
        }));
    }

    #[test]
    fn lines_that_are_not_toml_are_told_all_at_once() {
        let text = "annee = \ntitre = \"bon\"\nsous-titre sans égal\n";
        let found = Document::parse("edition.toml", text).err().unwrap();
        let messages: Vec<String> = found.iter().map(ToString::to_string).collect();
        insta::assert_snapshot!(messages.join("\n"));
    }
}
