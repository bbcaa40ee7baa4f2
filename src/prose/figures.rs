//! From a request in a text to the words that stand for the figure.
//!
//! A request names an indicator and how it is told:
//! `{{themes.insertion}}`, `{{budget.total|region=bretagne}}`,
//! `{{themes.insertion|format=mots}}`, `{{themes|rang=1|format=libelle}}`. What
//! cannot be told (a name that does not exist, an option misspelt, a figure
//! that disclosure control hides) is a [`Missing`] with a way out, never a
//! blank.

use super::Missing;
use super::live::{LiveFigure, Request};
use super::wording::{self, Noun};
use crate::indicators::{Definition, Figure, Figures, Measure, Unit, Value, show};
use crate::matching;
use crate::register::Region;
use crate::typography::{alternatives, decimal, integer, quoted, round_half_up};

/// What the figures of texts are taken from.
#[derive(Debug, Clone, Copy)]
pub struct Book<'a> {
    pub figures: &'a Figures,
    pub regions: &'a [Region],
}

/// The options of a request, besides `region`.
const OPTIONS: [&str; 9] =
    ["region", "format", "rang", "parmi", "nom", "pluriel", "genre", "decimales", "casse"];
/// The option that puts a preposition before, contracted.
const AFTER: &str = "apres";

/// How a figure is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// « 66 % », « 52,3 M€ »
    Value,
    /// « 66 », without its unit.
    Number,
    /// « seize »
    Letters,
    /// « les deux tiers »
    Words,
    /// « deux projets sur trois »
    OutOf,
    /// « la majorité »
    Majority,
    /// « première »
    Rank,
    /// « Insertion »
    Label,
    /// « 123 »
    Count,
    /// « 186 »
    Base,
    /// « 123 sur 186 »
    CountOfBase,
    /// « entre 63 % et 69 % »
    Interval,
}

const FORMS: [(&str, Form); 12] = [
    ("valeur", Form::Value),
    ("nombre", Form::Number),
    ("lettres", Form::Letters),
    ("mots", Form::Words),
    ("sur", Form::OutOf),
    ("majorite", Form::Majority),
    ("rang", Form::Rank),
    ("libelle", Form::Label),
    ("effectif", Form::Count),
    ("base", Form::Base),
    ("effectif-sur-base", Form::CountOfBase),
    ("intervalle", Form::Interval),
];

/// Among what a rank is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Among {
    /// The options of the question.
    Options,
    /// The régions.
    Regions,
}

const AMONG: [(&str, Among); 2] = [("modalites", Among::Options), ("regions", Among::Regions)];

/// What `casse` may be: a capital first letter, or a small one.
const CASES: [(&str, bool); 2] = [("majuscule", true), ("minuscule", false)];
const GENDERS: [(&str, bool); 2] = [("masculin", false), ("feminin", true)];

/// A request whose options were understood.
struct Wish<'a> {
    id: &'a str,
    /// The slug of the région.
    region: Option<&'a str>,
    form: Form,
    rank: Option<usize>,
    among: Option<Among>,
    noun: Option<Noun>,
    feminine: bool,
    decimals: Option<usize>,
    capital: Option<bool>,
    after: Option<&'a str>,
}

impl<'a> Book<'a> {
    /// The figure that a request asks for, told.
    ///
    /// # Errors
    ///
    /// Why there is none, and what to do.
    pub fn tell(&self, request: &Request) -> Result<LiveFigure, Missing> {
        let wish = self.understand(request)?;
        let figure = self.chosen(&wish)?;
        let text = self.text(&wish, figure)?;
        let text = match wish.after {
            Some(preposition) => wording::after(preposition, &text),
            None => text,
        };
        Ok(LiveFigure {
            id: figure.definition.id.clone(),
            text: with_case(&text, wish.capital),
            from_answers: figure.rests_on_answers(),
        })
    }

    /// The value a request speaks of, whatever its form; none where it cannot
    /// be told.
    pub fn value(&self, request: &Request) -> Option<(&'a Figure, Value)> {
        let wish = self.understand(request).ok()?;
        let figure = self.chosen(&wish).ok()?;
        Some((figure, self.value_of(&wish, figure).ok()?))
    }

    fn understand<'r>(&'r self, request: &'r Request) -> Result<Wish<'r>, Missing> {
        let known = || OPTIONS.into_iter().chain([AFTER]);
        if let Some((name, _)) =
            request.options.iter().find(|(name, _)| !known().any(|k| k == name))
        {
            let message = format!("l’option {} n’existe pas", quoted(name));
            return Err(Missing { message, help: meant(name, known()) });
        }
        let option = |name: &str| {
            let found = request.options.iter().find(|(option, _)| option == name);
            found.map(|(_, value)| value.as_str())
        };
        let feminine = choice(option("genre"), "genre", &GENDERS)?.unwrap_or(false);
        let noun = option("nom").map(|noun| Noun::new(noun, option("pluriel"), feminine));
        let rank = whole(option("rang"), "rang", 1..=999)?;
        let default = if rank.is_some() { Form::Label } else { Form::Value };
        Ok(Wish {
            id: &request.id,
            region: request.region.as_deref().map(|name| self.region(name)).transpose()?,
            form: choice(option("format"), "format", &FORMS)?.unwrap_or(default),
            rank,
            among: choice(option("parmi"), "parmi", &AMONG)?,
            noun,
            feminine,
            decimals: whole(option("decimales"), "decimales", 0..=6)?,
            capital: choice(option("casse"), "casse", &CASES)?,
            after: option(AFTER),
        })
    }

    /// The slug of a région, by its name.
    fn region(&self, name: &str) -> Result<&'a str, Missing> {
        let slug = matching::slug(name);
        let found = self.regions.iter().find(|region| region.slug == slug);
        found.map(|region| region.slug.as_str()).ok_or_else(|| Missing {
            message: format!("la région {} est inconnue", quoted(name)),
            help: match matching::nearest(&slug, self.regions.iter().map(|r| r.slug.as_str()))
                .first()
            {
                Some(near) => format!("vouliez-vous dire {} ?", quoted(near)),
                None => "les régions sont celles du registre".to_string(),
            },
        })
    }

    /// The indicator of a request: the one it names, or the one at a rank among
    /// the options of a question.
    fn chosen(&self, wish: &Wish<'_>) -> Result<&'a Figure, Missing> {
        let Some(rank) = wish.rank else {
            return self.figures.get(wish.id).ok_or_else(|| self.unknown(wish.id));
        };
        let options: Vec<&Figure> = self.options_of(wish.id).collect();
        if options.is_empty() {
            return Err(self.no_options(wish.id));
        }
        let mut ranked = self.ranked(wish, &options)?;
        // A stable sort: of two equal shares the codebook's first comes first.
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
        ranked.get(rank - 1).map(|(_, figure)| *figure).ok_or_else(|| Missing {
            message: format!("{} n’a que {} modalités", quoted(wish.id), ranked.len()),
            help: "demandez un rang plus petit".to_string(),
        })
    }

    /// The indicators of a question's options that say something: « autre » and
    /// « aucun » are left out.
    fn options_of<'q>(&self, wanted: &'q str) -> impl Iterator<Item = &'a Figure> + use<'a, 'q> {
        const EMPTY: [&str; 7] =
            ["autre", "autres", "aucun", "aucune", "sans-reponse", "ne-sait-pas", "nsp"];
        self.figures.figures.iter().filter(move |figure| match &figure.definition.measure {
            Measure::Share { question, option } => {
                question == wanted && !EMPTY.contains(&option.as_str())
            }
            _ => false,
        })
    }

    /// The values of the options, with their figures. One that is hidden hides
    /// the ranks of all: a rank would tell something of it.
    fn ranked<'f>(
        &self,
        wish: &Wish<'_>,
        options: &[&'f Figure],
    ) -> Result<Vec<(f64, &'f Figure)>, Missing> {
        options.iter().map(|figure| Ok((self.number(wish, figure)?, *figure))).collect()
    }

    fn value_of(&self, wish: &Wish<'_>, figure: &Figure) -> Result<Value, Missing> {
        let value = match wish.region {
            None => Some(figure.national),
            Some(slug) => figure.regions.get(slug).copied(),
        };
        match value {
            Some(value) if value.hidden => Err(hidden(&figure.definition.id)),
            Some(value) if value.value.is_some() => Ok(value),
            _ => Err(Missing {
                message: format!(
                    "l’indicateur {} n’a pas de valeur ici",
                    quoted(&figure.definition.id)
                ),
                help: "retirez-le du texte, ou complétez les données".to_string(),
            }),
        }
    }

    fn number(&self, wish: &Wish<'_>, figure: &Figure) -> Result<f64, Missing> {
        Ok(self.value_of(wish, figure)?.value.unwrap_or_default())
    }

    fn text(&self, wish: &Wish<'_>, figure: &Figure) -> Result<String, Missing> {
        let value = self.value_of(wish, figure)?;
        let number = value.value.unwrap_or_default();
        match wish.form {
            Form::Value => {
                let definition = with_decimals(figure, wish.decimals);
                Ok(value.told_with_base(&definition).unwrap_or_default())
            }
            Form::Number => {
                let decimals = wish.decimals.unwrap_or(figure.definition.decimals);
                Ok(decimal(value.rounded(decimals).unwrap_or(number), decimals))
            }
            Form::Letters => letters(number, figure, wish),
            Form::Words => share(number, figure, "mots").map(wording::share_in_words),
            Form::OutOf => {
                let share = share(number, figure, "sur")?;
                let noun = wish.noun.clone().unwrap_or_else(|| Noun::new("projet", None, false));
                Ok(wording::share_out_of(share, &noun))
            }
            Form::Majority => {
                share(number, figure, "majorite").map(|share| wording::majority(share).to_string())
            }
            Form::Rank => self.rank_text(wish, figure, number),
            Form::Label => Ok(figure.definition.label.clone()),
            Form::Count => value.count.map(written).ok_or_else(|| without(figure, "d’effectif")),
            Form::Base => value.base.map(written).ok_or_else(|| without(figure, "de base")),
            Form::CountOfBase => match (value.count, value.base) {
                (Some(count), Some(base)) => {
                    Ok(format!("{} sur {}", written(count), written(base)))
                }
                _ => Err(without(figure, "d’effectif")),
            },
            Form::Interval => {
                let definition = with_decimals(figure, wish.decimals);
                let bound = |bound: f64| show(bound, &definition);
                match (value.interval(), value.interval_shown(&definition)) {
                    (Some((low, high)), _) => {
                        Ok(format!("entre {} et {}", bound(low), bound(high)))
                    }
                    (None, Some(one_bound)) => Ok(one_bound),
                    (None, None) => Err(without(figure, "d’intervalle")),
                }
            }
        }
    }

    /// « première thématique », « deuxième région ex æquo ».
    fn rank_text(&self, wish: &Wish<'_>, figure: &Figure, number: f64) -> Result<String, Missing> {
        let siblings: Vec<&Figure> = match &figure.definition.measure {
            Measure::Share { question, .. } => self.options_of(question).collect(),
            _ => Vec::new(),
        };
        let among = wish.among.unwrap_or(match siblings.len() {
            0 | 1 => Among::Regions,
            _ => Among::Options,
        });
        let others: Vec<f64> = match among {
            Among::Options => {
                self.ranked(wish, &siblings)?.into_iter().map(|(number, _)| number).collect()
            }
            Among::Regions => self.of_regions(wish, figure)?,
        };
        // Equal as printed is equal for the reader.
        let rounded = |number: f64| round_half_up(number, figure.definition.decimals.max(1));
        let (mine, others) = (rounded(number), others.into_iter().map(rounded).collect::<Vec<_>>());
        let rank = others.iter().filter(|other| **other > mine).count() + 1;
        let tied = others.iter().filter(|other| **other == mine).count() > 1;
        let noun = wish.noun.as_ref().map(|noun| format!(" {}", noun.singular));
        Ok(format!(
            "{}{}{}",
            wording::rank_in_letters(rank, wish.feminine),
            noun.unwrap_or_default(),
            if tied { " ex æquo" } else { "" }
        ))
    }

    /// The values of all régions. A région that is hidden hides the ranks.
    fn of_regions(&self, wish: &Wish<'_>, figure: &Figure) -> Result<Vec<f64>, Missing> {
        if wish.region.is_none() {
            return Err(Missing {
                message: format!("{} n’a pas de rang : rien à quoi le comparer", quoted(wish.id)),
                help: "donnez une région (region=…), ou un indicateur d’une question à modalités"
                    .to_string(),
            });
        }
        if figure.regions.values().any(|value| value.hidden) {
            return Err(hidden(&figure.definition.id));
        }
        Ok(figure.regions.values().filter_map(|value| value.value).collect())
    }

    fn unknown(&self, id: &str) -> Missing {
        let help = if self.options_of(id).next().is_some() {
            format!("{} est une question : nommez une modalité, ou ajoutez rang=1", quoted(id))
        } else {
            suggestion(self.figures, id)
        };
        Missing { message: format!("l’indicateur {} n’existe pas", quoted(id)), help }
    }

    fn no_options(&self, id: &str) -> Missing {
        let questions =
            self.figures.figures.iter().filter_map(|figure| match &figure.definition.measure {
                Measure::Share { question, .. } => Some(question.as_str()),
                _ => None,
            });
        Missing {
            message: format!(
                "{} n’est pas une question à modalités : elle n’a pas de rangs",
                quoted(id)
            ),
            help: meant(id, questions),
        }
    }
}

/// What to write in place of an indicator that does not exist.
pub fn suggestion(figures: &Figures, id: &str) -> String {
    let ids = figures.figures.iter().map(|figure| figure.definition.id.as_str());
    match matching::nearest(id, ids).first() {
        Some(near) => format!("vouliez-vous dire {} ?", quoted(near)),
        None => "les indicateurs sont ceux de indicateurs.toml".to_string(),
    }
}

fn hidden(id: &str) -> Missing {
    Missing {
        message: format!(
            "l’indicateur {} est masqué ici : il repose sur trop peu de réponses",
            quoted(id)
        ),
        help: "retirez-le de la phrase, donnez le chiffre national, ou regroupez des modalités \
               dans le dictionnaire"
            .to_string(),
    }
}

fn without(figure: &Figure, what: &str) -> Missing {
    Missing {
        message: format!("l’indicateur {} n’a pas {what}", quoted(&figure.definition.id)),
        help: "demandez sa valeur : retirez format=…".to_string(),
    }
}

/// The share of a percentage; another unit has no words.
fn share(number: f64, figure: &Figure, form: &str) -> Result<f64, Missing> {
    if figure.definition.unit == Unit::Percent {
        return Ok(number);
    }
    Err(Missing {
        message: format!(
            "format={form} veut un pourcentage, {} n’en est pas un",
            quoted(&figure.definition.id)
        ),
        help: "demandez sa valeur, ou format=lettres pour un petit nombre".to_string(),
    })
}

fn letters(number: f64, figure: &Figure, wish: &Wish<'_>) -> Result<String, Missing> {
    let counted = matches!(figure.definition.unit, Unit::Things(_));
    if counted && number >= 0.0 && number.fract() == 0.0 {
        return Ok(wording::in_letters(number as u64, wish.feminine));
    }
    Err(Missing {
        message: format!(
            "format=lettres veut un nombre entier de choses, pas {}",
            quoted(&figure.definition.id)
        ),
        help: "demandez sa valeur : retirez format=lettres".to_string(),
    })
}

fn with_decimals(figure: &Figure, decimals: Option<usize>) -> Definition {
    let mut definition = figure.definition.clone();
    definition.decimals = decimals.unwrap_or(definition.decimals);
    definition
}

fn written(count: usize) -> String {
    integer(count as i64)
}

fn with_case(text: &str, capital: Option<bool>) -> String {
    let Some(capital) = capital else { return text.to_string() };
    let mut letters = text.chars();
    let first = letters.next().map(|first| match capital {
        true => first.to_uppercase().to_string(),
        false => first.to_lowercase().to_string(),
    });
    first.unwrap_or_default() + letters.as_str()
}

/// The value of an option that takes one of a few names.
fn choice<T: Copy>(
    value: Option<&str>,
    option: &str,
    known: &[(&'static str, T)],
) -> Result<Option<T>, Missing> {
    let Some(value) = value else { return Ok(None) };
    let wanted = matching::slug(value);
    let found = known
        .iter()
        .find(|(name, _)| *name == wanted || (wanted.len() == 1 && name.starts_with(&wanted)));
    found.map(|(_, found)| Some(*found)).ok_or_else(|| Missing {
        message: format!("{} n’est pas une valeur de l’option {}", quoted(value), quoted(option)),
        help: meant(&wanted, known.iter().map(|(name, _)| *name)),
    })
}

fn whole(
    value: Option<&str>,
    option: &str,
    range: std::ops::RangeInclusive<usize>,
) -> Result<Option<usize>, Missing> {
    let Some(value) = value else { return Ok(None) };
    let number = value.parse::<usize>().ok().filter(|number| range.contains(number));
    number.map(Some).ok_or_else(|| Missing {
        message: format!("{} n’est pas une valeur de l’option {}", quoted(value), quoted(option)),
        help: format!("écrivez un nombre entier, de {} à {}", range.start(), range.end()),
    })
}

/// The names that a person may have meant, else all of them.
fn meant<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> String {
    let mut known: Vec<&str> = known.into_iter().collect();
    known.dedup();
    let near = matching::nearest(name, known.iter().copied());
    match near.first() {
        Some(near) => format!("vouliez-vous dire {} ?", quoted(near)),
        None => {
            let names: Vec<String> = known.iter().map(|name| quoted(name)).collect();
            format!("écrivez {}", alternatives(&names))
        }
    }
}

#[cfg(test)]
mod tests;
