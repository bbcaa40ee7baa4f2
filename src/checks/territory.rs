//! C: settlement, départements and communes against the official geography.

use super::totals::{is_of, official_departments, published_fact, region_fact};
use super::{Fact, Facts, Family, Finding, Object};
use crate::diagnostics::Severity;
use crate::geography::{Commune, Department, place_key};
use crate::matching;
use crate::published::PublishedFigure;
use crate::register::{Card, Laureate, Region};
use crate::typography::{list, quoted, shortest};

const FAMILY: Family = Family::Territory;

/// Applies the rules of the family.
pub fn check(facts: &Facts<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for region in &facts.register.regions {
        findings.extend(settlement(facts, region));
        findings.extend(covered(facts, region));
        findings.extend(named_departments(facts, region));
        findings.extend(region_name(facts, region));
        findings.extend(said_departments(facts, region));
        findings.extend(towns(facts, region));
        findings.extend(absent_capitals(facts, region));
    }
    let named = departments_of_titles(facts);
    for card in &facts.register.cards {
        findings.extend(place(facts, card, &named));
    }
    findings.extend(said_elsewhere(facts));
    findings.extend(national_settlement(facts));
    findings.extend(regions_without_project(facts));
    findings
}

/// C1: the sizes of settlements add up to the number of projects.
fn settlement(facts: &Facts<'_>, region: &Region) -> Option<Finding> {
    let classes = region.settlement.classes();
    let sum: usize = classes.iter().map(|(_, count)| count).sum();
    let listed = facts.register.laureates_of(&region.slug).count();
    let projects = region.announced.unwrap_or(listed);
    if classes.is_empty() || sum == projects {
        return None;
    }
    let terms: Vec<String> = classes.iter().map(|(_, count)| count.to_string()).collect();
    let named: Vec<String> =
        classes.iter().map(|(label, count)| format!("{count} en {label}")).collect();
    let message = format!("les lieux d’implantation font {sum} projets, et non {projects}");
    Some(
        Finding::new(
            "C-implantation",
            FAMILY,
            Severity::Error,
            Object::region(&region.name),
            message,
        )
        .fact(region_fact(region, "implantation", list(&named), "Implantation (libellé)"))
        .fact(region_fact(region, "projets annoncés", projects.to_string(), "Projets annoncés"))
        .sum(format!("{} = {sum} ≠ {projects}", terms.join(" + ")))
        .propose("corrigez l’un des nombres : un projet manque, ou compte deux fois"),
    )
}

/// C2: no more départements covered than the région has.
fn covered(facts: &Facts<'_>, region: &Region) -> Option<Finding> {
    let count = region.departments?;
    let official = official_departments(facts, region);
    (official > 0 && count > official).then(|| {
        let names: Vec<String> = departments(facts, region).map(|d| d.name.clone()).collect();
        let message =
            format!("{count} départements couverts, alors que la région en compte {official}");
        Finding::new(
            "C-departements-couverts",
            FAMILY,
            Severity::Error,
            Object::region(&region.name),
            message,
        )
        .fact(region_fact(
            region,
            "départements couverts",
            count.to_string(),
            "Départements couverts",
        ))
        .fact(Fact::new("départements officiels", list(&names)))
        .sum(format!("{count} > {official}"))
        .propose("corrigez le nombre de départements")
    })
}

fn departments<'a>(facts: &Facts<'a>, region: &'a Region) -> impl Iterator<Item = &'a Department> {
    region.codes.iter().flat_map(|code| facts.geography.departments_of(code))
}

/// C3: no fewer départements covered than the projects name, in their titles
/// and on their cards.
fn named_departments(facts: &Facts<'_>, region: &Region) -> Option<Finding> {
    let count = region.departments?;
    let projects: Vec<Named<'_>> =
        facts.register.laureates_of(&region.slug).map(Named::new).collect();
    let cards: Vec<(&Card, String)> = facts
        .register
        .cards_of(&region.slug)
        .filter_map(|card| Some((card, place_key(card.department.as_deref()?))))
        .collect();
    let named: Vec<(String, Fact)> = departments(facts, region)
        .filter_map(|department| {
            let wanted = place_key(&department.name);
            let on_card = cards.iter().find(|(_, place)| *place == wanted).map(|(card, _)| {
                let what = format!("{}, fiche {}", department.name, card.title);
                card_fact(card, &what, &card.communes, "Communes")
            });
            let by_project = || {
                let project =
                    projects.iter().find(|p| p.names(facts, region, department, &wanted))?;
                let what = format!("{}, {}", department.name, project.laureate.id);
                let place = project.laureate.cells.place("Nom");
                let fact = Fact::new(what, project.laureate.title()).at(&place);
                Some(fact.line(project.laureate.source_line))
            };
            let by_text = || {
                let says = |said: &&PublishedFigure| place_key(&said.printed) == wanted;
                named_in(facts, region, "departement").find(says).map(published_fact)
            };
            Some((department.name.clone(), on_card.or_else(by_project).or_else(by_text)?))
        })
        .collect();
    (named.len() > count).then(|| {
        let names: Vec<String> = named.iter().map(|(name, _)| name.clone()).collect();
        let message = format!(
            "{count} départements couverts, alors que les projets et les textes en nomment {} : {}",
            named.len(),
            list(&names)
        );
        Finding::new(
            "C-departements-nommes",
            FAMILY,
            Severity::Warning,
            Object::region(&region.name),
            message,
        )
        .fact(region_fact(
            region,
            "départements couverts",
            count.to_string(),
            "Départements couverts",
        ))
        .facts(named.iter().map(|(_, fact)| fact.clone()))
        .sum(format!("{} > {count}", named.len()))
        .propose("vérifiez où se déroulent les projets, et corrigez le nombre")
    })
}

/// The words of a project that may name a place, made comparable once.
struct Named<'a> {
    laureate: &'a Laureate,
    /// All its texts, between spaces.
    plain: String,
    /// The words as printed: capitals tell « Lot » from « lot ».
    words: Vec<&'a str>,
    /// The capitalised words after « de », « en », « à »: likely communes.
    introduced: Vec<&'a str>,
}

impl<'a> Named<'a> {
    fn new(laureate: &'a Laureate) -> Self {
        let texts = [&laureate.name, &laureate.third_places, &laureate.training_organisations];
        let joined = texts.map(String::as_str).join(" , ");
        let plain = place_key(&joined).replace([',', '.', ':', '(', ')'], " ");
        let words = texts.into_iter().flat_map(|text| text.split(|c: char| !c.is_alphanumeric()));
        Self {
            laureate,
            plain: format!(" {plain} "),
            words: words.filter(|word| !word.is_empty()).collect(),
            introduced: texts.into_iter().flat_map(|text| capitalised_words(text)).collect(),
        }
    }

    /// Whether it names a département: by its name, its number, or a commune
    /// that only it has.
    fn names(
        &self,
        facts: &Facts<'_>,
        region: &Region,
        department: &Department,
        wanted: &str,
    ) -> bool {
        let number = format!(" dans le {} ", department.code.to_lowercase());
        let by_name = if wanted.contains(' ') || wanted.len() > 6 {
            self.plain.contains(&format!(" {wanted} "))
        } else {
            // A short name counts where it is written with its capital, unless it
            // is a common word or part of other names.
            !COMMON_WORDS.contains(&wanted) && self.words.contains(&department.name.as_str())
        };
        by_name
            || self.plain.contains(&number)
            || self.introduced.iter().any(|word| is_commune_of(facts, word, region, department))
    }
}

/// The short names of départements that mean something else too.
const COMMON_WORDS: [&str; 16] = [
    "nord", "manche", "lot", "cher", "aube", "creuse", "somme", "landes", "loire", "marne", "ain",
    "allier", "vienne", "rhone", "paris", "doubs",
];

/// Whether a word is a commune that bears its name alone in its région, and is
/// large, « l’AFPA de Gap », or bears a long name alone in the country,
/// « l’Institut de Tramayes ».
fn is_commune_of(facts: &Facts<'_>, word: &str, region: &Region, department: &Department) -> bool {
    let communes = facts.geography.communes_named(word);
    let here: Vec<&&Commune> =
        communes.iter().filter(|commune| region.codes.contains(&commune.region)).collect();
    let [only] = here.as_slice() else { return false };
    let letters = word.chars().count();
    let told = only.population >= 15_000 && letters > 2 || communes.len() == 1 && letters >= 7;
    told && only.department == department.code
}

/// The words that begin with a capital after « de », « en », « à » or « d’ »:
/// likely places.
fn capitalised_words(text: &str) -> impl Iterator<Item = &str> {
    let mut before = "";
    text.split(|c: char| c.is_whitespace() || c == '’' || c == '\'' || c == ',').filter(
        move |word| {
            let introduced = ["de", "en", "à", "d", "du"].contains(&before);
            before = word;
            introduced && word.chars().next().is_some_and(char::is_uppercase)
        },
    )
}

/// C4: the name of the région as printed, against its own and the official
/// one.
fn region_name(facts: &Facts<'_>, region: &Region) -> Option<Finding> {
    let official =
        facts.geography.regions.iter().find(|outline| {
            region.codes.first() == Some(&outline.code) && region.codes.len() == 1
        })?;
    let printed = &region.printed_name;
    // A région may have several headings, one wrong.
    let mut headings = printed.split(';').map(str::trim);
    headings.find(|heading| !same_spelling(heading, &official.name)).map(|heading| {
        let message = format!("la région est imprimée {}", quoted(heading));
        Finding::new(
            "C-nom-de-region",
            FAMILY,
            Severity::Information,
            Object::region(&region.name),
            message,
        )
        .fact(region_fact(region, "intitulé imprimé", printed.clone(), "Intitulé imprimé"))
        .fact(Fact::new("nom officiel", official.name.clone()))
        .propose(format!("écrivez {}", quoted(&official.name)))
    })
}

/// Whether a name is spelled as the official one, whatever the apostrophe.
fn same_spelling(printed: &str, official: &str) -> bool {
    let plain =
        |name: &str| name.replace('’', "'").split_whitespace().collect::<Vec<_>>().join(" ");
    plain(printed) == plain(official)
}

/// The names of a kind that texts and maps give of a région, no card's.
pub(super) fn named_in<'a>(
    facts: &Facts<'a>,
    region: &'a Region,
    kind: &'static str,
) -> impl Iterator<Item = &'a PublishedFigure> {
    let of_kind = move |figure: &&PublishedFigure| figure.indicator.as_deref() == Some(kind);
    let named = facts.published.iter().filter(of_kind);
    named.filter(move |figure| figure.card.is_none() && is_of(figure, region))
}

/// The départements that a text names exist.
fn said_departments(facts: &Facts<'_>, region: &Region) -> Vec<Finding> {
    let unknown =
        |said: &&PublishedFigure| facts.geography.department_named(&said.printed).is_none();
    let said = named_in(facts, region, "departement").filter(unknown);
    let object = || Object::region(&region.name);
    said.map(|said| unknown_department(facts, object(), published_fact(said), &said.printed))
        .collect()
}

/// C9: the towns that the map of a région names are communes of it, as they are
/// written. A name that is near none is a place of another kind.
fn towns(facts: &Facts<'_>, region: &Region) -> Vec<Finding> {
    let town = |town: &PublishedFigure| {
        let (object, name) = (Object::region(&region.name), town.printed.as_str());
        let communes = facts.geography.communes_named(name);
        let here = communes.iter().find(|commune| region.codes.contains(&commune.region));
        match here {
            Some(commune) => misspelt(commune, object, published_fact(town), name),
            None if communes.is_empty() => misspelt_town(facts, region, town),
            None => Some(elsewhere(&communes, None, object, published_fact(town), name)),
        }
    };
    named_in(facts, region, "commune").filter_map(town).collect()
}

fn misspelt_town(facts: &Facts<'_>, region: &Region, town: &PublishedFigure) -> Option<Finding> {
    let communes = facts.geography.communes.iter();
    let names = communes.filter(|commune| region.codes.contains(&commune.region));
    let near = matching::nearest(&town.printed, names.map(|commune| commune.name.as_str()));
    let near = near.first().filter(|near| matching::similarity(near, &town.printed) >= NEAR)?;
    let message = format!("aucune commune ne s’appelle {}", quoted(&town.printed));
    let object = Object::region(&region.name);
    Some(
        Finding::new("C-commune-inconnue", FAMILY, Severity::Warning, object, message)
            .fact(published_fact(town))
            .propose(format!("écrivez {}, si c’est bien elle", quoted(near))),
    )
}

/// From how alike two names of places are taken for one.
const NEAR: f64 = 0.8;

/// C10: chefs-lieux that the map of a région leaves out while it names most.
fn absent_capitals(facts: &Facts<'_>, region: &Region) -> Option<Finding> {
    let towns: Vec<&PublishedFigure> = named_in(facts, region, "commune").collect();
    let first = towns.first()?;
    let keys: Vec<String> = towns.iter().map(|town| place_key(&town.printed)).collect();
    let is_there = |capital: &str| {
        let wanted = place_key(capital);
        keys.iter().any(|key| {
            let parts = format!(" {key} ").contains(&format!(" {wanted} "));
            parts || matching::similarity(key, &wanted) >= NEAR
        })
    };
    let with_capital = departments(facts, region).filter_map(|d| Some((d, d.capital.as_deref()?)));
    let all: Vec<(&Department, &str)> = with_capital.collect();
    let absent = all.iter().filter(|(_, capital)| !is_there(capital));
    let absent: Vec<String> =
        absent.map(|(d, capital)| format!("{capital} ({})", d.name)).collect();
    (!absent.is_empty() && absent.len() * 2 < all.len()).then(|| {
        let message = format!("la carte n’a pas {}, chef-lieu de département", list(&absent));
        let object = Object::region(&region.name);
        let named: Vec<String> = towns.iter().map(|town| town.printed.clone()).collect();
        Finding::new("C-chef-lieu-absent", FAMILY, Severity::Information, object, message)
            .fact(Fact::new("villes de la carte", list(&named)).at(&first.place))
            .fact(Fact::new("chefs-lieux officiels", all.len().to_string()))
            .sum(format!("{} − {} = {}", all.len(), absent.len(), all.len() - absent.len()))
            .propose("ajoutez-les à la carte, ou dites quelles villes elle montre")
    })
}

/// C5: the communes and the département of a card.
fn place(facts: &Facts<'_>, card: &Card, named: &[(String, &Department)]) -> Vec<Finding> {
    let Some(region) = facts.region(&card.region) else { return Vec::new() };
    let mut findings = Vec::new();
    let department = card.department.as_deref();
    findings.extend(department.and_then(|name| department_of_card(facts, card, region, name)));
    let official = department.and_then(|name| facts.geography.department_named(name));
    for commune in communes(&card.communes) {
        findings.extend(commune_of_card(facts, card, region, official, &commune));
    }
    findings.extend(contradicting_title(card, region, official, named));
    findings
}

/// The communes that a card's place names.
pub fn communes(text: &str) -> Vec<String> {
    text.split([',', ';'])
        .flat_map(|part| part.split(" et "))
        .map(|part| part.trim().to_string())
        .filter(|part| !part.is_empty())
        .collect()
}

/// The département that a card prints: one that exists, in the card's région.
/// Overseas the place may be the region's or the island's own name.
fn department_of_card(
    facts: &Facts<'_>,
    card: &Card,
    region: &Region,
    name: &str,
) -> Option<Finding> {
    let object = Object::region(&region.name).project(&card.title);
    let fact = card_fact(card, "département", name, "Département");
    match facts.geography.department_named(name) {
        Some(department) if region.codes.contains(&department.region) => {
            (!same_spelling(name, &department.name)).then(|| {
                let message = format!("le département est imprimé {}", quoted(name));
                Finding::new(
                    "C-departement-orthographe",
                    FAMILY,
                    Severity::Information,
                    object,
                    message,
                )
                .fact(fact)
                .fact(Fact::new("nom officiel", department.name.clone()))
                .propose(format!("écrivez {}", quoted(&department.name)))
            })
        }
        Some(department) => {
            let message = format!(
                "le département {} est d’une autre région, {}",
                quoted(&department.name),
                department.region_name
            );
            Some(
                Finding::new("C-departement-hors-region", FAMILY, Severity::Error, object, message)
                    .fact(fact)
                    .fact(Fact::new(
                        "région officielle du département",
                        department.region_name.clone(),
                    ))
                    .propose("corrigez le département, ou déplacez la fiche"),
            )
        }
        None => Some(unknown_department(facts, object, fact, name)),
    }
}

fn unknown_department(facts: &Facts<'_>, object: Object, fact: Fact, name: &str) -> Finding {
    let names = facts.geography.departments.iter().map(|department| department.name.as_str());
    let near = matching::nearest(name, names);
    let close = near.first().is_some_and(|near| matching::similarity(near, name) > 0.8);
    let severity = if close { Severity::Warning } else { Severity::Error };
    let message = format!("aucun département ne s’appelle {}", quoted(name));
    let proposal = match near.first() {
        Some(near) => format!("écrivez {}, si c’est bien lui", quoted(near)),
        None => "écrivez le nom officiel du département".to_string(),
    };
    Finding::new("C-departement-inconnu", FAMILY, severity, object, message)
        .fact(fact)
        .propose(proposal)
}

/// A commune of a card: one that exists, in the card's département.
fn commune_of_card(
    facts: &Facts<'_>,
    card: &Card,
    region: &Region,
    department: Option<&Department>,
    name: &str,
) -> Option<Finding> {
    let object = Object::region(&region.name).project(&card.title);
    let fact = card_fact(card, "commune", name, "Communes");
    let communes = facts.geography.communes_named(name);
    if communes.is_empty() {
        return unknown_commune(facts, region, department, object, fact, name);
    }
    let fits = |commune: &&&Commune| match department {
        Some(department) => commune.department == department.code,
        None => region.codes.contains(&commune.region),
    };
    match communes.iter().find(fits) {
        Some(commune) => misspelt(commune, object, fact, name),
        None => Some(elsewhere(&communes, department, object, fact, name)),
    }
}

fn misspelt(commune: &Commune, object: Object, fact: Fact, name: &str) -> Option<Finding> {
    (!same_spelling(name, &commune.name)).then(|| {
        let message = format!("la commune est imprimée {}", quoted(name));
        Finding::new("C-commune-orthographe", FAMILY, Severity::Information, object, message)
            .fact(fact)
            .fact(Fact::new("nom officiel", commune.name.clone()))
            .propose(format!("écrivez {}", quoted(&commune.name)))
    })
}

fn elsewhere(
    communes: &[&Commune],
    department: Option<&Department>,
    object: Object,
    fact: Fact,
    name: &str,
) -> Finding {
    let mut places: Vec<String> =
        communes.iter().map(|c| format!("{} ({})", c.department_name, c.department)).collect();
    places.sort();
    places.dedup();
    let shown = list(&places.into_iter().take(4).collect::<Vec<_>>());
    let said = department.map_or("de cette région".to_string(), |d| d.name.clone());
    let message = format!("la commune {} est du département {shown}, et non {said}", quoted(name));
    Finding::new("C-commune-ailleurs", FAMILY, Severity::Error, object, message)
        .fact(fact)
        .fact(Fact::new("département officiel", shown.clone()))
        .sum(format!("{said} ≠ {shown}"))
        .propose("corrigez le département, ou la commune")
}

/// A commune that does not exist: the nearest spelling in the département or
/// the région is proposed. It may be a district or a hamlet.
fn unknown_commune(
    facts: &Facts<'_>,
    region: &Region,
    department: Option<&Department>,
    object: Object,
    fact: Fact,
    name: &str,
) -> Option<Finding> {
    let here = |commune: &&Commune| match department {
        Some(department) => commune.department == department.code,
        None => region.codes.contains(&commune.region),
    };
    let names: Vec<&str> =
        facts.geography.communes.iter().filter(here).map(|c| c.name.as_str()).collect();
    let near = matching::nearest(name, names.iter().copied());
    let message = format!("aucune commune ne s’appelle {}", quoted(name));
    let proposal = match near.first() {
        Some(near) if matching::similarity(near, name) >= 0.75 => {
            format!("écrivez {}, si c’est bien elle", quoted(near))
        }
        _ => "si c’est un quartier ou un village, donnez la commune".to_string(),
    };
    Some(
        Finding::new("C-commune-inconnue", FAMILY, Severity::Warning, object, message)
            .fact(fact)
            .propose(proposal),
    )
}

/// The départements that a title may name without meaning something else: those
/// of several words, between spaces.
fn departments_of_titles<'a>(facts: &Facts<'a>) -> Vec<(String, &'a Department)> {
    let keyed = facts.geography.departments.iter().map(|d| (place_key(&d.name), d));
    let several = keyed.filter(|(key, _)| key.contains(' '));
    several.map(|(key, department)| (format!(" {key} "), department)).collect()
}

/// C6: a card whose title names another département than the card's.
fn contradicting_title(
    card: &Card,
    region: &Region,
    department: Option<&Department>,
    named: &[(String, &Department)],
) -> Option<Finding> {
    let department = department?;
    let title = format!(" {} ", place_key(&card.title));
    let (_, other) = named
        .iter()
        .find(|(key, other)| other.code != department.code && title.contains(key.as_str()))?;
    let message = format!("le titre nomme {}, la fiche {}", other.name, department.name);
    let object = Object::region(&region.name).project(&card.title);
    Some(
        Finding::new("C-titre-et-departement", FAMILY, Severity::Warning, object, message)
            .fact(card_fact(card, "titre", &card.title, "Titre"))
            .fact(card_fact(card, "département", &department.name, "Département"))
            .sum(format!("{} ≠ {}", other.name, department.name))
            .propose("corrigez le département, ou le titre"),
    )
}

/// C6 again: texts that place a card's project in another département.
fn said_elsewhere(facts: &Facts<'_>) -> Vec<Finding> {
    let cards = facts.cards_by_title();
    let said = facts.published.iter().filter(|f| f.indicator.as_deref() == Some("departement"));
    said.filter_map(|figure| {
        let card = cards.get(&matching::key(figure.card.as_deref()?))?;
        said_in_another(facts, card, figure)
    })
    .collect()
}

fn said_in_another(facts: &Facts<'_>, card: &Card, figure: &PublishedFigure) -> Option<Finding> {
    let department = card.department.as_deref()?;
    if place_key(department) == place_key(&figure.printed) {
        return None;
    }
    if facts.geography.department_named(&figure.printed).is_none() {
        let object = facts.object(&card.region).project(&card.title);
        return Some(unknown_department(facts, object, published_fact(figure), &figure.printed));
    }
    let message =
        format!("le texte situe le projet en {}, la fiche en {department}", figure.printed);
    let object = facts.object(&card.region).project(&card.title);
    Some(
        Finding::new("C-titre-et-departement", FAMILY, Severity::Warning, object, message)
            .fact(published_fact(figure))
            .fact(card_fact(card, "département", department, "Département"))
            .sum(format!("{} ≠ {department}", figure.printed))
            .propose("dites si la commune de la fiche est celle du tiers-lieu"),
    )
}

/// A cell of a card as a fact.
pub(super) fn card_fact(card: &Card, what: &str, value: &str, column: &str) -> Fact {
    Fact::new(what, value).at(&card.cells.place(column)).line(card.source_line)
}

/// C7: the published national shares of settlement classes against the facts
/// boxes, where nearly all of them give their classes.
fn national_settlement(facts: &Facts<'_>) -> Vec<Finding> {
    let regions = &facts.register.regions;
    let total: usize = regions.iter().filter_map(|region| region.announced).sum();
    let boxes = regions.iter().filter(|region| !region.settlement.classes().is_empty()).count();
    if boxes * 10 < regions.len() * 9 || total == 0 {
        return Vec::new();
    }
    let shares = |words: &[&str]| -> Vec<&PublishedFigure> {
        let is_class = |figure: &&PublishedFigure| {
            let label = figure.label.as_deref().map(matching::loose_key).unwrap_or_default();
            words.iter().any(|word| label.contains(word))
        };
        let national = facts.published.iter().filter(|f| f.is_national() && f.unit == "%");
        national.filter(|figure| figure.chart.is_some()).filter(is_class).collect()
    };
    // Without a chart of settlements there is nothing to compare.
    let Some(chart) = shares(&["rural"]).first().copied() else { return Vec::new() };
    let count = |of: fn(&Region) -> [Option<usize>; 3]| -> usize {
        regions.iter().flat_map(of).flatten().sum()
    };
    let classes = [
        ("en zone rurale", shares(&["rural"]), count(|r| [r.settlement.rural, None, None])),
        (
            "en petite ou moyenne ville",
            shares(&["petite ville", "ville moyenne", "moyenne ville"]),
            count(|r| {
                let settlement = &r.settlement;
                [settlement.small_town, settlement.medium_town, settlement.small_or_medium_town]
            }),
        ),
        (
            "en grande ville ou métropole",
            shares(&["grande ville", "metropole"]),
            count(|r| [r.settlement.city, None, None]),
        ),
    ];
    let compared = classes.into_iter().map(|(name, published, count)| Settled {
        name,
        chart,
        published,
        count,
        total,
    });
    compared.filter_map(|class| class.finding()).collect()
}

/// A class of settlements, as the chart gives it and as the boxes count it.
struct Settled<'a> {
    name: &'static str,
    /// A figure of the chart, which tells where it stands.
    chart: &'a PublishedFigure,
    published: Vec<&'a PublishedFigure>,
    count: usize,
    total: usize,
}

impl Settled<'_> {
    /// How far, in points, a chart and the boxes may be apart.
    const APART: f64 = 5.0;

    fn finding(&self) -> Option<Finding> {
        let counted = 100.0 * self.count as f64 / self.total as f64;
        let said: f64 = self.published.iter().filter_map(|figure| figure.value).sum();
        let printed: Vec<String> = self.published.iter().map(|f| f.printed.clone()).collect();
        if (said - counted).abs() <= Self::APART {
            return None;
        }
        let shown = format!("{}\u{202F}%", counted.round());
        let message = match printed.as_slice() {
            [] => format!(
                "le graphique n’a pas de classe pour les projets {}, {shown} d’après les encarts",
                self.name
            ),
            _ => format!(
                "{} des projets {} d’après le graphique, {shown} d’après les encarts",
                printed.join(" + "),
                self.name
            ),
        };
        let indicator = self.published.first().and_then(|figure| figure.indicator.clone());
        let object = Object { indicator, ..Object::national() };
        let absent = printed.is_empty();
        let title = self.chart.section.clone().unwrap_or_default();
        let against = if absent { String::new() } else { format!(" ≠ {}", shortest(said, 1)) };
        Some(
            Finding::new("C-implantation-nationale", FAMILY, Severity::Warning, object, message)
                .facts(self.published.iter().map(|figure| published_fact(figure)))
                .facts(absent.then(|| {
                    Fact::new("graphique", title).at(&self.chart.cells.place("Graphique"))
                }))
                .fact(Fact::new(
                    format!("projets {}, somme des encarts", self.name),
                    self.count.to_string(),
                ))
                .sum(format!("{} ÷ {} = {shown}{against}", self.count, self.total))
                .propose(
                    "dites que les deux sources ne comptent pas la même chose, ou corrigez l’une",
                ),
        )
    }
}

/// C8: the régions of the country in which there is no project.
fn regions_without_project(facts: &Facts<'_>) -> Vec<Finding> {
    let covered: Vec<&String> =
        facts.register.regions.iter().flat_map(|region| &region.codes).collect();
    // Collectivities overseas have codes of three digits and are not régions.
    let absent: Vec<String> = facts
        .geography
        .regions
        .iter()
        .filter(|outline| outline.code.len() == 2 && !covered.contains(&&outline.code))
        .map(|outline| outline.name.clone())
        .collect();
    let present = facts.geography.regions.iter().filter(|o| o.code.len() == 2).count();
    // A register of one région, or of a few, does not claim to be the country's.
    let national = (present - absent.len()) * 2 > present;
    let Some(last) = facts.register.regions.last().filter(|_| national && !absent.is_empty())
    else {
        return Vec::new();
    };
    let said = facts.published.iter().find(|figure| {
        figure.indicator.as_deref() == Some("regions")
            && figure.value.is_some()
            && !facts.register.regions.iter().any(|r| is_of(figure, r))
    });
    // « Chaque région »: a word for a number claims that there is none without.
    let every = facts.published.iter().find(|figure| {
        let counts = figure.indicator.as_deref() == Some("regions");
        counts && figure.is_national() && figure.value.is_none()
    });
    let severity = if every.is_some() { Severity::Warning } else { Severity::Information };
    let message = format!("des régions du pays n’ont aucun projet : {}", list(&absent));
    vec![
        Finding::new("C-regions-absentes", FAMILY, severity, Object::national(), message)
            .facts(every.map(published_fact))
            .facts(said.map(published_fact))
            .fact(
                Fact::new("régions du registre", facts.register.regions.len().to_string())
                    .at(&last.cells.place("Région")),
            )
            .fact(Fact::new("régions du pays", present.to_string()))
            .sum(format!("{present} − {} = {}", absent.len(), present - absent.len()))
            .propose("dites que le programme ne couvre pas tout le pays"),
    ]
}
