//! The tables of the package: the register, the codebook, the figures.

use super::DatasetInputs;
use super::resource::{Datum, Field, FieldKind, ForeignKey, Resource};
use crate::indicators::{Figure, Value};
use crate::register::{Card, Laureate, Region};

use FieldKind::{Boolean, Integer, Number, Text};

/// The tables that every edition has.
pub fn resources(inputs: &DatasetInputs<'_>) -> Vec<Resource> {
    vec![regions(inputs), laureates(inputs), cards(inputs), options(inputs), figures(inputs)]
}

/// The key from a project or a card to its région.
const REGION_KEY: ForeignKey =
    ForeignKey { field: "region", resource: "regions", target: "region" };

fn region_field() -> Field {
    Field::new("region", Text, "Région", "Identifiant de la région dans la table « regions »")
        .required()
}

fn regions(inputs: &DatasetInputs<'_>) -> Resource {
    let field = Field::new;
    Resource {
        name: "regions".to_string(),
        title: "Régions".to_string(),
        description: "Ce que l’encart de chaque région imprime, tel qu’imprimé.".to_string(),
        fields: vec![
            field("region", Text, "Région", "Identifiant de la région").required(),
            field("nom", Text, "Nom", "Nom de la région").required(),
            field(
                "codes_geographiques",
                Text,
                "Codes géographiques",
                "Codes officiels des territoires, séparés par un point-virgule",
            ),
            field("porteur", Text, "Porteur", "Qui porte l’appel à projets, tel qu’imprimé"),
            field("projets_annonces", Integer, "Projets annoncés", "Nombre de projets annoncés"),
            field("enveloppe_meur", Number, "Enveloppe", "Enveloppe, en millions d’euros"),
            field(
                "subvention_minimale_eur",
                Number,
                "Subvention minimale",
                "Plus petite subvention, en euros",
            ),
            field(
                "subvention_maximale_eur",
                Number,
                "Subvention maximale",
                "Plus grande subvention, en euros",
            ),
            field("departements", Integer, "Départements", "Nombre de départements couverts"),
            field("projets_ruralite", Integer, "Ruralité", "Projets implantés en ruralité"),
            field(
                "projets_petite_ville",
                Integer,
                "Petite ville",
                "Projets implantés en petite ville",
            ),
            field(
                "projets_ville_moyenne",
                Integer,
                "Ville moyenne",
                "Projets implantés en ville moyenne",
            ),
            field(
                "projets_petite_ou_moyenne_ville",
                Integer,
                "Petite ou moyenne ville",
                "Projets implantés en petite ou moyenne ville, où la source les compte ensemble",
            ),
            field(
                "projets_grande_ville",
                Integer,
                "Grande ville",
                "Projets implantés en grande ville ou métropole",
            ),
        ],
        rows: inputs.register.regions.iter().map(region).collect(),
        primary_key: vec!["region"],
        foreign_keys: Vec::new(),
    }
}

fn region(region: &Region) -> Vec<Datum> {
    let settlement = &region.settlement;
    vec![
        Datum::text(&region.slug),
        Datum::text(&region.name),
        Datum::text(&region.codes.join(";")),
        Datum::text(&region.carrier_text),
        Datum::count(region.announced),
        Datum::number(region.envelope),
        Datum::number(region.grant_min),
        Datum::number(region.grant_max),
        Datum::count(region.departments),
        Datum::count(settlement.rural),
        Datum::count(settlement.small_town),
        Datum::count(settlement.medium_town),
        Datum::count(settlement.small_or_medium_town),
        Datum::count(settlement.city),
    ]
}

fn laureates(inputs: &DatasetInputs<'_>) -> Resource {
    let field = Field::new;
    Resource {
        name: "laureats".to_string(),
        title: "Projets lauréats".to_string(),
        description: "Les projets lauréats, tels que les listes des régions les impriment."
            .to_string(),
        fields: vec![
            field("projet", Text, "Projet", "Identifiant du projet").required(),
            region_field(),
            field("numero", Integer, "Numéro", "Numéro dans la liste de la région"),
            field("nom", Text, "Nom", "Nom du projet ; vide où la source n’en imprime pas"),
            field("tiers_lieux", Text, "Tiers-lieux", "Tiers-lieux du consortium"),
            field(
                "organismes_de_formation",
                Text,
                "Organismes de formation",
                "Organismes de formation du consortium",
            ),
            field("ligne_source", Integer, "Ligne", "Ligne de la source où l’entrée se trouve"),
            field("remarque", Text, "Remarque", "Ce que la transcription a noté"),
        ],
        rows: inputs.register.laureates.iter().map(laureate).collect(),
        primary_key: vec!["projet"],
        foreign_keys: vec![REGION_KEY],
    }
}

fn laureate(laureate: &Laureate) -> Vec<Datum> {
    vec![
        Datum::text(&laureate.id),
        Datum::text(&laureate.region),
        Datum::count(laureate.number),
        Datum::text(&laureate.name),
        Datum::text(&laureate.third_places),
        Datum::text(&laureate.training_organisations),
        Datum::count(laureate.source_line),
        Datum::maybe(laureate.remark.as_ref()),
    ]
}

fn cards(inputs: &DatasetInputs<'_>) -> Resource {
    let field = Field::new;
    Resource {
        name: "fiches".to_string(),
        title: "Projets présentés".to_string(),
        description: "Les projets que la brochure présente par une fiche.".to_string(),
        fields: vec![
            field("fiche", Integer, "Fiche", "Rang de la fiche dans la brochure").required(),
            region_field(),
            field("titre", Text, "Titre", "Titre de la fiche"),
            field("communes", Text, "Communes", "Communes, telles qu’imprimées"),
            field("departement", Text, "Département", "Département, tel qu’imprimé"),
            field("tiers_lieux", Text, "Tiers-lieux", "Tiers-lieux du projet"),
            field(
                "organismes_de_formation",
                Text,
                "Organismes de formation",
                "Organismes de formation du projet",
            ),
            field("autres_partenaires", Text, "Autres partenaires", "Autres partenaires du projet"),
            field("publics", Text, "Publics", "Publics cibles"),
            field("thematiques", Text, "Thématiques", "Thématiques, séparées par un point-virgule"),
            field("ligne_source", Integer, "Ligne", "Ligne de la source où la fiche se trouve"),
        ],
        rows: (1..).zip(&inputs.register.cards).map(card).collect(),
        primary_key: vec!["fiche"],
        foreign_keys: vec![REGION_KEY],
    }
}

fn card((rank, card): (i64, &Card)) -> Vec<Datum> {
    vec![
        Datum::Integer(rank),
        Datum::text(&card.region),
        Datum::text(&card.title),
        Datum::text(&card.communes),
        Datum::maybe(card.department.as_ref()),
        Datum::text(&card.third_places),
        Datum::text(&card.training_organisations),
        Datum::text(&card.other_partners),
        Datum::text(&card.publics),
        Datum::text(&card.themes.join(";")),
        Datum::count(card.source_line),
    ]
}

/// The options of the questions, so that the identifiers of the figures and of
/// the answers can be read.
fn options(inputs: &DatasetInputs<'_>) -> Resource {
    let field = Field::new;
    let choices = inputs.codebook.questions.iter().filter(|question| question.kind.is_choice());
    let rows = choices.flat_map(|question| {
        (1..).zip(&question.options).map(|(rank, option)| {
            vec![
                Datum::text(&question.id),
                Datum::text(&question.label),
                Datum::text(question.kind.word()),
                Datum::text(&option.id),
                Datum::text(&option.label),
                Datum::Integer(rank),
            ]
        })
    });
    Resource {
        name: "modalites".to_string(),
        title: "Questions et modalités".to_string(),
        description: "Les modalités des questions à choix.".to_string(),
        fields: vec![
            field("question", Text, "Question", "Identifiant de la question").required(),
            field("question_libelle", Text, "Libellé de la question", "Ce que la question demande"),
            field("type", Text, "Type", "Une seule réponse, ou plusieurs").required().of([
                "choix-unique",
                "choix-multiple",
            ]
            .map(str::to_string)),
            field("modalite", Text, "Modalité", "Identifiant de la modalité").required(),
            field("libelle", Text, "Libellé", "Libellé de la modalité"),
            field("ordre", Integer, "Ordre", "Rang de la modalité dans la question").required(),
        ],
        rows: rows.collect(),
        primary_key: vec!["question", "modalite"],
        foreign_keys: Vec::new(),
    }
}

/// The name of the whole country among the territories.
const COUNTRY: &str = "france";

fn figures(inputs: &DatasetInputs<'_>) -> Resource {
    let field = Field::new;
    let names: Vec<(&str, &str)> =
        inputs.register.regions.iter().map(|r| (r.slug.as_str(), r.name.as_str())).collect();
    let rows = inputs.figures.figures.iter().flat_map(|figure| {
        let regions = names
            .iter()
            .filter_map(|(slug, name)| Some(row(figure, slug, name, figure.regions.get(*slug)?)));
        std::iter::once(row(figure, COUNTRY, "France", &figure.national)).chain(regions)
    });
    Resource {
        name: "indicateurs".to_string(),
        title: "Indicateurs".to_string(),
        description: "Chaque chiffre du bilan, pour la France et par région. Un chiffre masqué par la règle de diffusion n’a ni valeur, ni effectif, ni intervalle.".to_string(),
        fields: vec![
            field("indicateur", Text, "Indicateur", "Identifiant du chiffre").required(),
            field("libelle", Text, "Libellé", "Ce que le chiffre mesure"),
            field("unite", Text, "Unité", "%, €, M€ ou le nom de ce qui est compté"),
            field("territoire", Text, "Territoire", "« france », ou l’identifiant d’une région").required(),
            field("territoire_nom", Text, "Nom du territoire", "Nom du territoire").required(),
            field("enquete", Boolean, "Enquête", "Si le chiffre vient des réponses au questionnaire").required(),
            field("valeur", Number, "Valeur", "Valeur non arrondie ; un pourcentage va de 0 à 100"),
            field("effectif", Integer, "Effectif", "Nombre de répondants comptés"),
            field("base", Integer, "Base", "Nombre de répondants sur lesquels le chiffre repose"),
            field("borne_basse", Number, "Borne basse", "Borne basse de l’intervalle de confiance"),
            field("borne_haute", Number, "Borne haute", "Borne haute de l’intervalle de confiance"),
            field("interroges", Integer, "Interrogés", "Répondants à qui la question était posée (pour le nombre de répondants : projets du registre)"),
            field("repondants", Integer, "Répondants", "Ceux d’entre eux qui y ont répondu"),
            field("taux_de_reponse", Number, "Taux de réponse", "Répondants sur interrogés, de 0 à 100"),
            field("masque", Boolean, "Masqué", "Si la règle de diffusion masque le chiffre").required(),
        ],
        rows: rows.collect(),
        primary_key: vec!["indicateur", "territoire"],
        foreign_keys: Vec::new(),
    }
}

fn row(figure: &Figure, slug: &str, name: &str, value: &Value) -> Vec<Datum> {
    let definition = &figure.definition;
    vec![
        Datum::text(&definition.id),
        Datum::text(&definition.label),
        Datum::text(definition.unit.symbol()),
        Datum::text(slug),
        Datum::text(name),
        Datum::Boolean(figure.rests_on_answers()),
        Datum::number(value.value),
        Datum::count(value.count),
        Datum::count(value.base),
        Datum::number(value.low),
        Datum::number(value.high),
        Datum::count(value.response.map(|response| response.asked)),
        Datum::count(value.response.map(|response| response.answered)),
        Datum::number(value.response.and_then(|response| response.rate())),
        Datum::Boolean(value.hidden),
    ]
}
