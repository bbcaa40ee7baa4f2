//! What a chapter and a fact sheet say of a région.

use qrcode::{EcLevel, QrCode, render::svg};

use super::captions::Captions;
use super::content::Writer;
use super::data::{
    CardData, EditionData, Fact, FindingData, Image, LaureateData, ProfileTable, RegionData,
    SettlementData, SheetData, VideoData,
};
use super::pictures::{self, NamedPicture};
use super::places;
use super::polish::drawable;
use crate::charts::{self, Compared, FULL_WIDTH, Picture};
use crate::checks::Finding;
use crate::diagnostics::Severity;
use crate::edition::ProfileGroup;
use crate::indicators::Figure;
use crate::maps::{self, Site, Size};
use crate::prose::Prose;
use crate::register::{Card, Laureate, Region, Register};
use crate::typography::{counted, euros, integer, millions, of, quoted};

/// How many findings a sheet tells; the others stand in the report of checks.
const FINDINGS: usize = 7;

/// How many where the région has no profile, so that the sheet has two pages.
const FEW_FINDINGS: usize = 4;

/// The side of the code of a video, in points.
const CODE: f64 = 54.0;

impl Writer<'_> {
    /// The chapter of a région, which its sheet shows too.
    pub(super) fn region(&mut self, region: &Region) -> RegionData {
        let text = self.text(&format!("regions/{}.md", region.slug));
        let inputs = self.inputs;
        let register = inputs.register;
        let sites = places::sites(register, region, inputs.geography);
        let cards: Vec<&Card> = register.cards_of(&region.slug).collect();
        RegionData {
            slug: region.slug.clone(),
            name: region.name.clone(),
            of_name: of(&region.name),
            carrier: region.carrier.label().to_string(),
            figures: large_figures(region, register),
            projects: integer(register.laureates_of(&region.slug).count() as i64),
            envelope: region.envelope.map(millions).unwrap_or_default(),
            grants: grants(region).unwrap_or_default(),
            settlement: settlement(region),
            facts: facts(region),
            map: self.regional_map(region, &sites, Size::COLUMN),
            low_map: self.regional_map(region, &sites, Size::LOW),
            large_map: self.regional_map(region, &sites, Size::PAGE),
            laureates: register
                .laureates_of(&region.slug)
                .map(|laureate| laureate_data(laureate, &sites))
                .collect(),
            cards: cards.iter().map(|card| self.card(card, &text)).collect(),
            text: text.introduction,
        }
    }

    /// The fact sheet of a région.
    pub(super) fn sheet(
        &mut self,
        edition: &EditionData,
        region: &Region,
        data: RegionData,
        found: &[Finding],
    ) -> SheetData {
        let lines = self.profile_lines(region);
        let hidden = lines.iter().all(|line| line.own.hidden);
        let most = if hidden { FEW_FINDINGS } else { FINDINGS };
        let (findings, more_findings) = findings(found, &region.name, self.inputs.register, most);
        let asked = self.inputs.register.laureates_of(&region.slug).count();
        let answered = lines.iter().filter_map(|line| line.own.base).max().unwrap_or(0);
        SheetData {
            response: response(answered, asked),
            profile: self.profile(region, &lines),
            profile_hidden: hidden_profile(&lines),
            profile_tables: profile_tables(&lines),
            method: method(edition, &lines, &self.captions()),
            edition: edition.clone(),
            region: data,
            findings,
            more_findings,
        }
    }

    /// The map of a région: the large one is for re-use too.
    fn regional_map(&mut self, region: &Region, sites: &[Site], size: Size) -> Image {
        let picture = maps::regional(
            self.inputs.geography,
            &region.name,
            &region.codes,
            sites,
            maps::colour(region.carrier),
            size,
        );
        let large = size == Size::PAGE;
        let kind = match () {
            () if large => "",
            () if size == Size::LOW => "basse-",
            () => "petite-",
        };
        self.keep(NamedPicture {
            name: format!("{kind}carte-{}", region.slug),
            title: region.name.clone(),
            caption: map_caption(sites.len(), region.codes.len()),
            from_answers: false,
            reusable: large,
            picture,
        })
    }

    /// The lines of the profile: as the edition asks, or all the shares of the
    /// national pages.
    fn profile_lines(&self, region: &Region) -> Vec<Compared> {
        let edition = self.inputs.edition;
        let default = || {
            let charts = edition.pages.iter().flat_map(|page| &page.charts);
            charts
                .map(|chart| ProfileGroup {
                    title: chart.title.clone(),
                    subjects: vec![chart.subject.clone()],
                })
                .collect()
        };
        let groups = if edition.profile.is_empty() { default() } else { edition.profile.clone() };
        let lines = |group: &ProfileGroup| {
            let figures: Vec<&Figure> =
                group.subjects.iter().flat_map(|subject| self.shares(&subject.id)).collect();
            pictures::compared(&group.title, &figures, &region.slug)
        };
        groups.iter().flat_map(lines).collect()
    }

    /// The figures of a question, or of an indicator.
    fn shares(&self, id: &str) -> Vec<&Figure> {
        let figures = self.inputs.figures;
        match figures.get(id) {
            Some(figure) => vec![figure],
            None => figures.figures.iter().filter(|figure| belongs(figure, id)).collect(),
        }
    }

    /// The profile of a région, in as many pictures as pages need.
    fn profile(&mut self, region: &Region, lines: &[Compared]) -> Vec<Image> {
        if lines.iter().all(|line| line.own.hidden) {
            return Vec::new();
        }
        let base = bases(lines);
        let (name, colour) = (drawable(&region.name), maps::colour(region.carrier));
        let uncertain = lines.iter().any(|line| line.own.whisker().is_some());
        let captions = self.captions();
        let band = match uncertain {
            true => format!(" Bande : {}.", captions.interval()),
            false => String::new(),
        };
        let told = match uncertain {
            true => format!("{base} Entre parenthèses, l’{}.", captions.interval()),
            false => base.clone(),
        };
        let pictures = pictures::in_pieces(lines, same_group, |lines| {
            charts::profile(&name, &told, lines, colour, FULL_WIDTH)
        });
        let named = |(rank, picture): (usize, Picture)| NamedPicture {
            name: match rank {
                0 => format!("profil-{}", region.slug),
                rank => format!("profil-{}-{}", region.slug, rank + 1),
            },
            title: format!("{} et la France", region.name),
            caption: format!("{base} Point : la région ; trait : la France.{band}"),
            from_answers: true,
            reusable: true,
            picture,
        };
        let pictures = pictures.into_iter().map(|(_, picture)| picture).enumerate();
        pictures.map(named).map(|picture| self.keep(picture)).collect()
    }

    fn card(&mut self, card: &Card, text: &Prose) -> CardData {
        let place = match &card.department {
            Some(department) => format!("{} ({department})", card.communes),
            None => card.communes.clone(),
        };
        let section = text.section(&card.title);
        CardData {
            title: match card.title.as_str() {
                "" => "Titre absent de la source".to_string(),
                title => title.to_string(),
            },
            place,
            third_places: card.third_places.clone(),
            training_organisations: card.training_organisations.clone(),
            other_partners: card.other_partners.clone(),
            publics: card.publics.clone(),
            themes: card.themes.clone(),
            text: section.map(|section| section.blocks.clone()).unwrap_or_default(),
            video: card.video_link.as_deref().and_then(|url| self.video(url, &card.title)),
            video_told: card.has_video && card.video_link.is_none(),
        }
    }

    /// The code of a video; none where its address is not one of the web, or
    /// is too long for a code.
    fn video(&mut self, url: &str, title: &str) -> Option<VideoData> {
        let web = ["https://", "http://"].iter().any(|scheme| url.starts_with(scheme));
        if !web || url.contains(char::is_whitespace) {
            return None;
        }
        let code = QrCode::with_error_correction_level(url, EcLevel::M).ok()?;
        let svg = code.render::<svg::Color<'_>>().quiet_zone(false).build();
        let svg = svg.split_once("?>").map_or(svg.clone(), |(_, drawing)| drawing.to_string());
        let alternative = format!("Code à scanner, vers la vidéo du projet {}.", quoted(title));
        let named = NamedPicture {
            name: format!("video-{}", crate::hash::sha256(url.as_bytes()).get(..12)?),
            title: title.to_string(),
            caption: String::new(),
            from_answers: false,
            reusable: false,
            picture: Picture::of_svg(svg, CODE, CODE, alternative),
        };
        Some(VideoData { url: url.to_string(), code: self.keep(named) })
    }
}

/// Whether two lines of a profile stand under one title.
fn same_group(one: &Compared, other: &Compared) -> bool {
    one.group == other.group
}

/// How many projects a map shows, and which; and that the territories of a
/// région far apart have each their scale.
fn map_caption(sites: usize, territories: usize) -> String {
    let sites = match sites {
        0 => String::new(),
        1 => "Un projet de la liste figure sur la carte, par son numéro : celui dont la commune \
              est connue."
            .to_string(),
        sites => format!(
            "{} de la liste figurent sur la carte, par leur numéro : ceux dont la commune est \
             connue.",
            counted(sites, "projet")
        ),
    };
    let scale = if territories > 1 { "Chaque territoire est à son échelle." } else { "" };
    format!("{sites} {scale}").trim().to_string()
}

/// Whether a figure is that of an option of a question.
fn belongs(figure: &Figure, question: &str) -> bool {
    use crate::indicators::Measure;
    matches!(&figure.definition.measure, Measure::Share { question: own, .. } if own == question)
}

/// « Pourcentages sur 13 à 15 répondants selon la question. »
fn bases(lines: &[Compared]) -> String {
    let shown = || lines.iter().filter(|line| !line.own.hidden);
    let open = shown().filter_map(|line| line.own.base);
    let what = if shown().any(|line| line.own.counted) { "Sur les" } else { "En % des" };
    match (open.clone().min(), open.max()) {
        (Some(low), Some(high)) if low < high => {
            format!("{what} {low} à {high} répondants de la région, selon la question.")
        }
        (Some(base), _) => {
            format!("{what} {} de la région.", counted(base, "répondant"))
        }
        (None, _) => "Les chiffres de la région reposent sur trop peu de réponses.".to_string(),
    }
}

fn hidden_profile(lines: &[Compared]) -> String {
    let hidden = !lines.is_empty() && lines.iter().all(|line| line.own.hidden);
    let words = "C’est trop peu pour que ses chiffres soient diffusés sans risque de reconnaître un \
                 projet ; les chiffres nationaux sont dans la brochure.";
    if hidden { words.to_string() } else { String::new() }
}

fn response(answered: usize, asked: usize) -> String {
    match (answered, asked) {
        (_, 0) => String::new(),
        (0, _) => "Aucun projet de la liste n’a répondu au questionnaire.".to_string(),
        (all, asked) if all >= asked && asked > 1 => {
            format!(
                "Les {} de la liste ont tous répondu au questionnaire.",
                counted(asked, "projet")
            )
        }
        (1, _) => {
            format!("Un des {} de la liste a répondu au questionnaire.", counted(asked, "projet"))
        }
        _ => format!(
            "{answered} des {} de la liste ont répondu au questionnaire.",
            counted(asked, "projet")
        ),
    }
}

/// The numbers of a profile as tables, one a group.
fn profile_tables(lines: &[Compared]) -> Vec<ProfileTable> {
    let mut tables: Vec<ProfileTable> = Vec::new();
    for line in lines {
        if tables.last().is_none_or(|table| table.title != line.group) {
            tables.push(ProfileTable { title: line.group.clone(), lines: Vec::new() });
        }
        let (own, base) = (&line.own, line.own.base.filter(|_| !line.own.hidden));
        let interval = own.whisker().map(|_| own.interval_shown.clone());
        let interval = interval.filter(|shown| !shown.is_empty());
        let told = [
            own.label.clone(),
            own.mark().to_string(),
            interval.unwrap_or_else(|| "–".to_string()),
            base.map(|base| integer(base as i64)).unwrap_or_else(|| "–".to_string()),
            line.national.mark().to_string(),
        ];
        if let Some(table) = tables.last_mut() {
            table.lines.push(told);
        }
    }
    tables
}

/// The method of a sheet in three lines.
fn method(edition: &EditionData, lines: &[Compared], captions: &Captions<'_>) -> Vec<String> {
    let hidden = lines.iter().any(|line| line.own.hidden);
    let mut method = vec![format!(
        "Registre : {}",
        crate::typography::capitalised(edition.register_origin.trim())
    )];
    if !lines.is_empty() {
        method.push(format!("Réponses : {}", edition.survey_origin.trim()));
        let rule = if hidden {
            " « Non diffusé » : trop peu de réponses pour publier sans risque de reconnaître un projet."
        } else {
            ""
        };
        let uncertain = match lines.iter().any(|line| line.own.whisker().is_some()) {
            true => format!(
                " Les bandes et les bornes sont celles de l’{}, sur un tirage parmi les projets \
                 de la région.",
                captions.interval()
            ),
            false => String::new(),
        };
        method.push(format!(
            "Pourcentages : part des projets qui ont répondu à la question, arrondie à l’unité ; les parts \
             d’une question à choix unique le sont ensemble, pour faire 100. Avec si peu de répondants, un projet de plus ou de moins change beaucoup une \
             part.{uncertain}{rule}"
        ));
    }
    method.retain(|line| !line.ends_with(": "));
    method
}

/// The figures that stand large: the list, the envelope, the départements.
fn large_figures(region: &Region, register: &Register) -> Vec<Fact> {
    let listed = register.laureates_of(&region.slug).count();
    let noun = if listed < 2 { "projet de la liste" } else { "projets de la liste" };
    let fact = |value: String, label: &str| Fact { label: label.to_string(), value };
    let mut figures = vec![fact(integer(listed as i64), noun)];
    figures.extend(region.envelope.map(|envelope| fact(millions(envelope), "d’enveloppe")));
    figures.extend(region.departments.map(|count| {
        let label = if count < 2 { "département couvert" } else { "départements couverts" };
        fact(integer(count as i64), label)
    }));
    figures
}

fn grants(region: &Region) -> Option<String> {
    Some(format!("{} à {}", euros(region.grant_min?), euros(region.grant_max?)))
}

fn settlement(region: &Region) -> Vec<SettlementData> {
    let class =
        |(label, count): (&'static str, usize)| SettlementData { label: label.to_string(), count };
    region.settlement.classes().into_iter().map(class).collect()
}

/// The facts box of a région, as printed in the source, less what stands large
/// above it.
fn facts(region: &Region) -> Vec<Fact> {
    let settlement: Vec<String> = region
        .settlement
        .classes()
        .into_iter()
        .map(|(label, count)| format!("{} en {label}", counted(count, "projet")))
        .collect();
    let fact = |label: &str, value: Option<String>| {
        value.filter(|v| !v.is_empty()).map(|value| Fact { label: label.to_string(), value })
    };
    [
        fact("Dispositif porté par", Some(region.carrier_text.clone())),
        fact("Projets annoncés", Some(region.announced_text.clone())),
        fact("Subvention par projet", grants(region).map(|grants| format!("de {grants}"))),
        fact("Implantation", Some(settlement.join(" ; "))),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn laureate_data(laureate: &Laureate, sites: &[Site]) -> LaureateData {
    let site = sites.iter().find(|site| site.id == laureate.id);
    LaureateData {
        number: laureate.number.map(|number| number.to_string()).unwrap_or_default(),
        name: laureate.name.clone(),
        third_places: laureate.third_places.clone(),
        training_organisations: laureate.training_organisations.clone(),
        commune: site.map(|site| site.commune.clone()).unwrap_or_default(),
    }
}

/// The findings of a région that matter: open, errors and warnings, the errors
/// first, those that say the same of several projects told once; and what to
/// say of those that are left out.
fn findings(
    all: &[Finding],
    region: &str,
    register: &Register,
    most: usize,
) -> (Vec<FindingData>, String) {
    let matters = |finding: &&Finding| {
        finding.object.region.as_deref() == Some(region)
            && finding.acknowledged.is_none()
            && finding.severity >= Severity::Warning
    };
    let mut found: Vec<&Finding> = all.iter().filter(matters).collect();
    found.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    let mut told: Vec<FindingData> = Vec::new();
    for data in found.into_iter().map(|finding| finding_data(finding, register)) {
        match told.iter_mut().find(|other| other.says_the_same(&data)) {
            Some(other) => other.object = joined(&other.object, &data.object),
            None => told.push(data),
        }
    }
    let left = told.len().saturating_sub(most);
    told.truncate(most);
    let more = match left {
        0 => String::new(),
        1 => "Un autre constat est dans le rapport de contrôle.".to_string(),
        left => format!("{left} autres constats sont dans le rapport de contrôle."),
    };
    (told, more)
}

/// The objects of one fault: by their identifiers alone.
fn joined(objects: &str, object: &str) -> String {
    let id = |object: &str| object.split(", ").next().unwrap_or_default().to_string();
    let first = if objects.contains(" ; ") { objects.to_string() } else { id(objects) };
    format!("{first} ; {}", id(object))
}

fn finding_data(finding: &Finding, register: &Register) -> FindingData {
    let project = finding.object.project.as_deref().unwrap_or_default();
    let object = match register.laureate(project) {
        Some(laureate) if !laureate.name.is_empty() => format!("{project}, {}", laureate.name),
        _ => project.to_string(),
    };
    FindingData {
        severity: finding.severity.word().to_string(),
        object,
        message: crate::typography::capitalised(&finding.message),
        arithmetic: finding.arithmetic.clone(),
        proposal: crate::typography::capitalised(&finding.proposal),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::{Family, Object};

    fn finding(severity: Severity, region: &str) -> Finding {
        Finding::new("X-essai", Family::Totals, severity, Object::region(region), "un constat")
    }

    #[test]
    fn a_sheet_tells_the_findings_that_matter_errors_first() {
        let mut all: Vec<Finding> = (0..9)
            .map(|n| Finding {
                message: format!("constat {n}"),
                ..finding(Severity::Warning, "Corse")
            })
            .collect();
        all.push(finding(Severity::Error, "Corse"));
        all.push(finding(Severity::Error, "Bretagne"));
        all.push(finding(Severity::Information, "Corse"));
        all.push(Finding { acknowledged: Some("su".into()), ..finding(Severity::Error, "Corse") });
        let (told, more) = findings(&all, "Corse", &Register::default(), FINDINGS);
        assert_eq!(told.len(), FINDINGS);
        assert_eq!(told[0].severity, "erreur");
        assert_eq!(more, "3 autres constats sont dans le rapport de contrôle.");
    }

    #[test]
    fn one_fault_of_several_projects_is_told_once() {
        let of = |project: &str| Finding {
            object: Object::region("Corse").project(project),
            ..finding(Severity::Warning, "Corse")
        };
        let (told, _) = findings(&[of("A"), of("B")], "Corse", &Register::default(), FINDINGS);
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].object, "A ; B");
    }

    #[test]
    fn the_response_is_told_in_words() {
        assert_eq!(response(0, 3), "Aucun projet de la liste n’a répondu au questionnaire.");
        assert_eq!(response(1, 3), "Un des 3\u{A0}projets de la liste a répondu au questionnaire.");
        assert_eq!(response(0, 0), "");
    }
}
