//! Reading `dictionnaire.toml`, with every fault of it told at once.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use super::{
    Base, Choice, Codebook, ColumnRef, Condition, Duplicates, Kind, Layout, Location, NoCondition,
    Question, Respondent, Separator,
};
use crate::diagnostics::Diagnostics;
use crate::matching;
use crate::settings::{Document, Section};
use crate::spreadsheet::column_index;

/// The options of each scale that questions share.
type Scales = HashMap<String, Vec<Choice>>;

impl Codebook {
    /// Reads a codebook and checks that it holds together: identifiers are
    /// unique, conditions name questions and options that exist, each option
    /// column has a place.
    pub fn read(path: &Path, found: &mut Diagnostics) -> Option<Self> {
        match Document::read(path) {
            Ok(document) => Self::from_document(&document, found),
            Err(faults) => {
                found.extend(faults);
                None
            }
        }
    }

    /// Reads a codebook from its text; `file` is its name in messages.
    pub fn parse(file: &str, text: &str, found: &mut Diagnostics) -> Option<Self> {
        match Document::parse(file, text) {
            Ok(document) => Self::from_document(&document, found),
            Err(faults) => {
                found.extend(faults);
                None
            }
        }
    }

    fn from_document(document: &Document, found: &mut Diagnostics) -> Option<Self> {
        let root = document.root();
        let scales = scales(&root);
        let sections = root.sections("question");
        let codebook = Self {
            file: root.place_of_section().file,
            layout: layout(root.section("table")),
            respondent: respondent(root.section("repondant")),
            questions: sections.iter().filter_map(|section| question(section, &scales)).collect(),
        };
        root.finish();
        codebook.check(&root, &sections);
        let faults = document.take_diagnostics();
        let broken = faults.has_errors();
        found.extend(faults);
        (!broken).then_some(codebook)
    }

    /// Checks what no single question can: identifiers and references.
    fn check(&self, root: &Section<'_>, sections: &[Section<'_>]) {
        let mut questions: HashMap<&str, &Question> = HashMap::new();
        for question in &self.questions {
            questions.entry(&question.id).or_insert(question);
        }
        let mut seen = HashSet::new();
        for section in sections {
            let Some(id) = section.text("id") else { continue };
            if let Some(question) = questions.get(id.as_str()) {
                self.check_condition(section, question);
            }
            if seen.contains(&id) {
                let message = format!("deux questions portent l’identifiant « {id} »");
                let help = "donnez à l’une des deux un autre identifiant".to_string();
                section.fault("id", "identifiant-en-double", message, help);
            }
            seen.insert(id);
        }
        if let Some(section) = root.section("repondant") {
            self.check_respondent(&section);
        }
    }

    fn check_condition(&self, section: &Section<'_>, question: &Question) {
        let Some(condition) = &question.condition else { return };
        let key = if section.has("condition") { "condition" } else { "base" };
        let Some(subject) = self.question(&condition.subject) else {
            let ids = self.questions.iter().map(|question| question.id.as_str());
            return section.unknown_value(key, &condition.subject, ids);
        };
        if subject.id == question.id {
            let message = format!("la question « {} » est sa propre condition", question.id);
            let help = "la condition porte sur une autre question".to_string();
            return section.fault(key, "condition-circulaire", message, help);
        }
        if let Some(circle) = self.circle(question) {
            let message = format!("des conditions tournent en rond : {}", circle.join(" → "));
            let help = "retirez l’une d’elles : personne ne serait interrogé".to_string();
            section.fault(key, "condition-circulaire", message, help);
        }
        let known = |value: &String| subject.option(value).is_some();
        for value in condition.values.iter().filter(|_| subject.kind.is_choice()) {
            if !known(value) {
                let ids = subject.options.iter().map(|option| option.id.as_str());
                section.unknown_value(key, value, ids);
            }
        }
    }

    /// The way from a question's condition back to the question, if there is one.
    fn circle(&self, question: &Question) -> Option<Vec<String>> {
        let subject = |question: &&Question| self.question(&question.condition.as_ref()?.subject);
        let chain = std::iter::successors(Some(question), subject).take(self.questions.len() + 1);
        let mut path = Vec::new();
        for next in chain {
            path.push(next.id.clone());
            if path.len() > 1 && next.id == question.id {
                return Some(path);
            }
        }
        None
    }

    fn check_respondent(&self, section: &Section<'_>) {
        for key in ["identifiant", "nom", "region", "horodatage"] {
            let Some(id) = section.text(key) else { continue };
            if self.question(&id).is_none() {
                section.unknown_value(key, &id, self.questions.iter().map(|q| q.id.as_str()));
            }
        }
    }
}

fn layout(section: Option<Section<'_>>) -> Layout {
    let Some(section) = section else { return Layout::default() };
    let row =
        |key: &str| section.count(key).and_then(|row| u32::try_from(row).ok()?.checked_sub(1));
    let title_rows = section.counts("lignes_titres").unwrap_or_default();
    let layout = Layout {
        sheet: section.text_or_integer("feuille"),
        title_rows: title_rows
            .iter()
            .filter_map(|r| u32::try_from(*r).ok()?.checked_sub(1))
            .collect(),
        first_row: row("premiere_ligne"),
        last_row: row("derniere_ligne"),
        filters: conditions(&section, "filtre"),
        weight: column(&section, "poids", "poids_lettre"),
    };
    section.finish();
    layout
}

fn respondent(section: Option<Section<'_>>) -> Respondent {
    let Some(section) = section else { return Respondent::default() };
    let rules = [
        ("dernier", Duplicates::KeepLatest),
        ("premier", Duplicates::KeepFirst),
        ("tous", Duplicates::KeepAll),
    ];
    let respondent = Respondent {
        id: section.text("identifiant"),
        name: section.text("nom"),
        region: section.text("region"),
        moment: section.text("horodatage"),
        duplicates: section.choice("doublons", &rules).unwrap_or_default(),
    };
    section.finish();
    respondent
}

fn scales(root: &Section<'_>) -> Scales {
    root.sections("echelle")
        .iter()
        .filter_map(|section| {
            let id = section.required_text("id")?;
            let options = options(section).into_iter().map(|(option, _)| option).collect();
            section.finish();
            Some((id, options))
        })
        .collect()
}

fn question(section: &Section<'_>, scales: &Scales) -> Option<Question> {
    let id = section.required_text("id");
    let kind = section.required_text("type").and_then(|_| section.choice("type", &Kind::WORDS));
    let label = section.text("libelle").or_else(|| section.text("colonne"));
    let own = options(section);
    let options = shared_options(section, scales)
        .unwrap_or_else(|| own.iter().map(|(option, _)| option.clone()).collect());
    let columns = own.into_iter().map(|(_, column)| column).collect();
    let location = location(section, kind, columns);
    let (base, condition) = base(section);
    let [ticked, unticked, not_asked] =
        ["coche", "non_coche", "sans_objet"].map(|key| section.texts(key).unwrap_or_default());
    check_options(section, kind, &options);
    section.finish();
    let id = id?;
    Some(Question {
        label: label.unwrap_or_else(|| id.clone()),
        kind: kind?,
        location: location?,
        condition,
        base,
        options,
        ticked,
        unticked,
        not_asked,
        place: section.place("id"),
        id,
    })
}

fn shared_options(section: &Section<'_>, scales: &Scales) -> Option<Vec<Choice>> {
    let name = section.text("echelle")?;
    if !scales.contains_key(&name) {
        section.unknown_value("echelle", &name, scales.keys().map(String::as_str));
    }
    scales.get(&name).cloned()
}

/// The options of a question, each with its column where it has one.
fn options(section: &Section<'_>) -> Vec<(Choice, Option<ColumnRef>)> {
    section
        .sections("modalites")
        .iter()
        .filter_map(|section| {
            let label = section.required_text("libelle");
            let id = section.text("id").or_else(|| label.as_deref().map(matching::slug));
            let synonyms = section.texts("synonymes").unwrap_or_default();
            let column = column(section, "colonne", "lettre");
            let free = section.boolean("libre").unwrap_or(false);
            section.finish();
            let choice =
                Choice { id: id?, label: label?, synonyms, free, place: section.place("libelle") };
            Some((choice, column))
        })
        .collect()
}

/// Where the answers stand: one column an option where the options have
/// columns, else the column of the question.
fn location(
    section: &Section<'_>,
    kind: Option<Kind>,
    columns: Vec<Option<ColumnRef>>,
) -> Option<Location> {
    let own = column(section, "colonne", "lettre");
    let separator = separator(section);
    let with_column = columns.iter().flatten().count();
    let all: Option<Vec<ColumnRef>> = columns.into_iter().collect();
    match (own, all) {
        (None, Some(columns)) if !columns.is_empty() => Some(Location::Options(columns)),
        (Some(column), _) if with_column == 0 => Some(match (kind, separator) {
            (Some(Kind::Multiple), separator) => {
                Location::Separated(column, separator.unwrap_or(Separator::Character(';')))
            }
            _ => Location::Column(column),
        }),
        _ => {
            misplaced(section, with_column);
            None
        }
    }
}

fn misplaced(section: &Section<'_>, with_column: usize) {
    let (message, help) = if with_column == 0 {
        (
            "cette question n’a pas de colonne",
            "ajoutez colonne = \"titre de la colonne\", ou une colonne à chaque modalité",
        )
    } else {
        (
            "certaines modalités ont une colonne et d’autres non",
            "donnez une colonne à toutes les modalités, ou une seule à la question",
        )
    };
    section.fault("id", "colonne-non-dite", message.to_string(), help.to_string());
}

fn column(section: &Section<'_>, title: &str, letters: &str) -> Option<ColumnRef> {
    let text = section.text(title);
    let written = section.text(letters);
    let index = written.as_deref().and_then(column_index);
    if let Some(written) = written.filter(|_| index.is_none()) {
        let message = format!("« {written} » n’est pas une colonne de tableur");
        let help = "écrivez ses lettres : \"A\", \"AB\"".to_string();
        section.fault(letters, "valeur-invalide", message, help);
    }
    let place = section.place(if text.is_some() { title } else { letters });
    (text.is_some() || index.is_some()).then_some(ColumnRef { title: text, index, place })
}

fn separator(section: &Section<'_>) -> Option<Separator> {
    let text = section.text("separateur")?;
    let mut characters = text.chars();
    match (text.as_str(), characters.next(), characters.next()) {
        ("ligne" | "\n", ..) => Some(Separator::Line),
        ("espace" | " ", ..) => Some(Separator::Spaces),
        (_, Some(character), None) => Some(Separator::Character(character)),
        _ => {
            let help = "écrivez \";\", \",\", \"|\", \"/\", \"ligne\" ou \"espace\"".to_string();
            let message = format!("« {text} » n’est pas un séparateur");
            section.fault("separateur", "valeur-invalide", message, help);
            None
        }
    }
}

/// The base, and the condition that `condition` or `base` gives. A condition as
/// the base means those whom it asked, whether they answered or not; beside the
/// usual base it only says who was asked.
fn base(section: &Section<'_>) -> (Base, Option<Condition>) {
    let condition =
        section.text("condition").and_then(|text| condition(section, "condition", &text));
    match section.text("base").as_deref() {
        None | Some("repondants") => (Base::Respondents, condition),
        Some("tous") => (Base::Asked, condition),
        Some(text) if Condition::parse(text) != Err(NoCondition::Operator) => {
            (Base::Asked, self::condition(section, "base", text))
        }
        Some(other) => {
            section.unknown_value("base", other, ["tous", "repondants", "question = modalite"]);
            (Base::Respondents, condition)
        }
    }
}

fn condition(section: &Section<'_>, key: &str, text: &str) -> Option<Condition> {
    let read = Condition::parse(text);
    if let Err(fault) = read {
        let message = format!("« {text} » n’est pas une condition");
        section.fault(key, "condition-invalide", message, fault.help().to_string());
    }
    read.ok()
}

fn conditions(section: &Section<'_>, key: &str) -> Vec<Condition> {
    let texts = section.texts(key).unwrap_or_default();
    texts.iter().filter_map(|text| condition(section, key, text)).collect()
}

/// Checks that a choice has options, and that no two have one identifier.
fn check_options(section: &Section<'_>, kind: Option<Kind>, options: &[Choice]) {
    if kind.is_some_and(Kind::is_choice) && options.is_empty() {
        let message = "cette question à choix n’a pas de modalités".to_string();
        let help = "ajoutez modalites = [{ libelle = \"…\" }]".to_string();
        section.fault("id", "modalites-absentes", message, help);
    }
    for (rank, option) in options.iter().enumerate() {
        if options.iter().take(rank).any(|other| other.id == option.id) {
            let message = format!("deux modalités portent l’identifiant « {} »", option.id);
            let help = "donnez à l’une des deux un autre id".to_string();
            section.fault("modalites", "identifiant-en-double", message, help);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(text: &str) -> String {
        let mut found = Diagnostics::new();
        Codebook::parse("dictionnaire.toml", text, &mut found);
        found.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn the_layouts_of_a_question_are_read() {
        let text = r#"
            [table]
            feuille = 2
            lignes_titres = [1, 2]
            filtre = "Statut = terminé"
            [[question]]
            id = "themes"
            type = "choix-multiple"
            colonne = "Thèmes"
            separateur = ","
            modalites = [{ libelle = "Média, communication", synonymes = ["Média"] }]
            [[question]]
            id = "publics"
            type = "choix-multiple"
            base = "themes = media-communication"
            [[question.modalites]]
            libelle = "Jeunes"
            lettre = "AB"
        "#;
        let mut found = Diagnostics::new();
        let codebook = Codebook::parse("dictionnaire.toml", text, &mut found).unwrap();
        assert!(found.is_empty());
        assert_eq!(codebook.layout.sheet.as_deref(), Some("2"));
        assert_eq!(codebook.layout.title_rows, [0, 1]);
        let themes = codebook.question("themes").unwrap();
        assert_eq!(themes.options[0].id, "media-communication");
        assert!(matches!(&themes.location, Location::Separated(_, Separator::Character(','))));
        let publics = codebook.question("publics").unwrap();
        assert!(matches!(&publics.location, Location::Options(c) if c[0].index == Some(27)));
        assert_eq!(publics.condition.as_ref().unwrap().subject, "themes");
    }

    #[test]
    fn a_question_is_found_by_what_people_call_it() {
        let text = r#"
            [[question]]
            id = "apprenants"
            type = "nombre"
            colonne = "Combien d’apprenants par an ?"
            [[question]]
            id = "membres"
            type = "nombre"
            colonne = "Combien de membres ?"
        "#;
        let codebook = Codebook::parse("d.toml", text, &mut Diagnostics::new()).unwrap();
        let ids = |word| codebook.search(word).iter().map(|q| q.id.clone()).collect::<Vec<_>>();
        assert_eq!(ids("APPRENANTS"), ["apprenants"]);
        assert_eq!(ids("combien d'apprenants"), ["apprenants"]);
        assert_eq!(ids("combien"), ["apprenants", "membres"]);
        assert!(ids("budget").is_empty());
    }

    #[test]
    fn a_question_is_found_from_the_middle_of_its_title() {
        let text = r#"
            [[question]]
            id = "delai"
            type = "nombre"
            colonne = "Votre avis – Le délai"
            [[question]]
            id = "q2"
            type = "nombre"
            colonne = "2. Quels partenaires ?"
            [[question]]
            id = "q3"
            type = "nombre"
            colonne = "identite/type_structure"
        "#;
        let codebook = Codebook::parse("d.toml", text, &mut Diagnostics::new()).unwrap();
        let ids =
            |word| codebook.search_kindly(word).iter().map(|q| q.id.clone()).collect::<Vec<_>>();
        assert_eq!(ids("Le délai"), ["delai"]);
        assert_eq!(ids("votre avis : le délai"), ["delai"]);
        assert_eq!(ids("Quels part"), ["q2"]);
        assert_eq!(ids("type structure"), ["q3"]);
        assert!(ids("lai").is_empty() && ids("budget").is_empty());
    }

    #[test]
    fn conditions_that_go_round_are_told_with_their_lines() {
        let question = |id: &str, condition: &str| {
            format!(
                "[[question]]\nid = '{id}'\ntype = 'choix-unique'\ncolonne = '{id}'\n\
                 modalites = [{{ id = 'oui', libelle = 'Oui' }}]\ncondition = '{condition} = oui'\n"
            )
        };
        let text = [("a", "b"), ("b", "c"), ("c", "a"), ("d", "a"), ("e", "e")];
        let text: String = text.map(|(id, condition)| question(id, condition)).concat();
        insta::assert_snapshot!(messages(&text));
    }

    /// The schema that editors use has the keys that the program reads.
    #[test]
    fn the_schema_has_the_keys_that_are_read() {
        let text = "[table]\n[repondant]\n[[echelle]]\nid = 'a'\nmodalites = [{}]\n\
                    [[question]]\nmodalites = [{}]\n";
        let schema = include_str!("../../report-templates/schemas/dictionnaire.json");
        crate::settings::testing::assert_schema_agrees(schema, || {
            Codebook::parse("dictionnaire.toml", text, &mut Diagnostics::new());
        });
    }

    #[test]
    fn every_fault_of_a_codebook_is_told() {
        insta::assert_snapshot!(messages(
            r#"
[[question]]
id = "themes"
type = "choix-multipl"
colonne = "Thèmes"
[[question]]
id = "themes"
type = "choix-unique"
colone = "Thèmes"
[[question]]
id = "publics"
type = "choix-unique"
lettre = "A1"
condition = "theme = insertion"
modalites = [{ libelle = "A" }, { libelle = "a" }]
[repondant]
identifiant = "projet"
"#
        ));
    }
}
