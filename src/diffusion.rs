//! `[diffusion]`: from how many respondents on a figure appears.
//!
//! The thresholds of an edition, and what an indicator changes of them. What
//! they hide is worked out in [`crate::disclosure`].

use crate::disclosure::{Dominance, Rules};
use crate::settings::Section;

/// The thresholds of disclosure control. Those that are not said are those of
/// [`Rules::default`] and [`Dominance::default`]; 0 turns one off.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Diffusion {
    pub rules: Rules,
    pub dominance: Dominance,
}

/// What one indicator changes of the edition's thresholds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Change {
    /// `diffusion = false`: the figure is public and never hidden.
    Public,
    /// Other thresholds, those that are said.
    Thresholds {
        base_minimale: Option<usize>,
        effectif_minimal: Option<usize>,
        dominance: Option<f64>,
        contributors: Option<usize>,
    },
}

impl Diffusion {
    /// Every threshold at 0: nothing is ever hidden.
    pub const OFF: Self = Self { rules: Rules::OFF, dominance: Dominance::OFF };

    /// Reads the section `[diffusion]` of an edition.
    pub fn read(section: Option<&Section<'_>>) -> Self {
        let Some(section) = section else { return Self::default() };
        let mut diffusion = Self::default().with(&thresholds(section));
        if let Some(protection) = section.count("protection") {
            diffusion.rules.protection = protection;
        }
        section.finish();
        diffusion
    }

    /// The thresholds with what an indicator changes of them.
    #[must_use]
    pub fn with(&self, change: &Change) -> Self {
        let Change::Thresholds { base_minimale, effectif_minimal, dominance, contributors } =
            change
        else {
            return Self::OFF;
        };
        Self {
            rules: Rules {
                base_minimale: base_minimale.unwrap_or(self.rules.base_minimale),
                effectif_minimal: effectif_minimal.unwrap_or(self.rules.effectif_minimal),
                protection: self.rules.protection,
            },
            dominance: Dominance {
                percent: dominance.unwrap_or(self.dominance.percent),
                contributors: contributors.unwrap_or(self.dominance.contributors),
            },
        }
    }
}

impl Change {
    /// Reads the key `diffusion` of an indicator: `false`, `true` (the
    /// edition's thresholds), or a table of thresholds.
    pub fn read(section: &Section<'_>) -> Option<Self> {
        const KEY: &str = "diffusion";
        if section.is_section(KEY) {
            let own = section.section(KEY)?;
            let change = thresholds(&own);
            own.finish();
            return Some(change);
        }
        section.boolean(KEY).filter(|asked| !asked).map(|_| Self::Public)
    }
}

fn thresholds(section: &Section<'_>) -> Change {
    Change::Thresholds {
        base_minimale: section.count("base_minimale"),
        effectif_minimal: section.count("effectif_minimal"),
        dominance: percentage(section, "dominance"),
        contributors: section.count("contributeurs"),
    }
}

/// A number from 0 to 100.
fn percentage(section: &Section<'_>, key: &str) -> Option<f64> {
    let number = section.number(key)?;
    if (0.0..=100.0).contains(&number) {
        return Some(number);
    }
    let message = format!("« {key} » doit être un pourcentage, de 0 à 100");
    let help = "écrivez 85 pour 85 %, ou 0 pour ne pas appliquer la règle".to_string();
    section.fault(key, "valeur-invalide", message, help);
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Document;

    fn read(text: &str) -> (Diffusion, String) {
        let document = Document::parse("edition.toml", text).unwrap();
        let diffusion = Diffusion::read(document.root().section("diffusion").as_ref());
        let messages = document.into_diagnostics().iter().map(ToString::to_string).collect();
        (diffusion, messages)
    }

    #[test]
    fn thresholds_that_are_not_said_are_the_usual_ones() {
        let (diffusion, messages) = read("[diffusion]\nbase_minimale = 8\nprotection = 3\n");
        assert_eq!(messages, "");
        let rules = Rules { base_minimale: 8, effectif_minimal: 0, protection: 3 };
        assert_eq!(diffusion.rules, rules);
        assert_eq!(diffusion.dominance, Dominance { percent: 85.0, contributors: 3 });
        assert_eq!(read("").0, Diffusion::default());
    }

    #[test]
    fn the_faults_of_the_section_have_a_line_and_a_suggestion() {
        let (_, messages) = read("[diffusion]\nbase_minimal = 8\ndominance = 850\n");
        insta::assert_snapshot!(messages);
    }

    #[test]
    fn an_indicator_changes_what_it_says() {
        let document = Document::parse("f", "a = 1\n[x]\ndiffusion = { base_minimale = 9 }\n[y]\ndiffusion = false\n[z]\ndiffusion = true\n").unwrap();
        let change = |id: &str| Change::read(&document.root().section(id).unwrap());
        let edition = Diffusion::default();
        let own = edition.with(&change("x").unwrap());
        assert_eq!(own.rules, Rules { base_minimale: 9, ..edition.rules });
        assert_eq!(own.dominance, edition.dominance);
        assert_eq!(edition.with(&change("y").unwrap()), Diffusion::OFF);
        assert_eq!(change("z"), None);
    }
}
