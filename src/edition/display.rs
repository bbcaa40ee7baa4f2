//! `[affichage]` of `edition.toml`: how a percentage is shown that rests on few
//! respondents.
//!
//! ```toml
//! [affichage]
//! petite_base = 30                # below that, one answer moves it by 3 points and more
//! forme_petite_base = "intervalle" # 40 % (12 % à 77 %), or "effectif": 2 réponses
//! ```

use crate::settings::Section;

/// How percentages of few respondents are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Display {
    /// A base below this is small; 0 makes none small.
    pub small_base: usize,
    pub small_form: SmallForm,
}

/// What stands in place of the bare percentage.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SmallForm {
    /// The percentage and the bounds of its interval.
    #[default]
    Interval,
    /// The number of answers.
    Count,
}

impl Default for Display {
    fn default() -> Self {
        Self { small_base: 30, small_form: SmallForm::default() }
    }
}

const FORMS: [(&str, SmallForm); 2] =
    [("intervalle", SmallForm::Interval), ("effectif", SmallForm::Count)];

impl Display {
    /// Percentages as they are, whatever their base.
    pub const PLAIN: Self = Self { small_base: 0, small_form: SmallForm::Interval };

    /// Reads the section; what it does not say is usual.
    pub fn read(section: Option<&Section<'_>>) -> Self {
        let usual = Self::default();
        let Some(section) = section else { return usual };
        let display = Self {
            small_base: section.count("petite_base").unwrap_or(usual.small_base),
            small_form: section.choice("forme_petite_base", &FORMS).unwrap_or(usual.small_form),
        };
        section.finish();
        display
    }

    /// Whether a base is small.
    pub fn is_small(&self, base: usize) -> bool {
        base < self.small_base
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Document;

    fn read(text: &str) -> (Display, String) {
        let document = Document::parse("edition.toml", text).unwrap();
        let display = Display::read(document.root().section("affichage").as_ref());
        (display, document.into_diagnostics().iter().map(ToString::to_string).collect())
    }

    #[test]
    fn what_is_not_said_is_usual() {
        assert_eq!(read("a = 1"), (Display::default(), String::new()));
        let count = Display { small_form: SmallForm::Count, ..Display::default() };
        assert_eq!(read("[affichage]\nforme_petite_base = 'effectif'\n").0, count);
        assert!(!read("[affichage]\npetite_base = 0\n").0.is_small(0));
    }

    #[test]
    fn the_faults_have_a_line_and_a_way_out() {
        let text =
            "[affichage]\npetite_base = -3\nforme_petite_base = 'intervale'\npetitebase = 3\n";
        insta::assert_snapshot!(read(text).1);
    }
}
