//! How sure the figures are and what is not disclosed, in the words of the
//! method page: from the settings of the edition, so that it is always true.

use super::captions::Captions;
use super::content::Inputs;
use super::data::Fact;
use crate::diffusion::Diffusion;
use crate::edition::IntervalMethod;
use crate::typography::{NARROW_SPACE, alternatives, capitalised, counted, decimal};

/// What there is to say of precision and disclosure.
pub(super) fn precision(inputs: &Inputs<'_>) -> Vec<Fact> {
    let estimation = &inputs.edition.estimation;
    let captions = Captions { codebook: inputs.codebook, level: estimation.level };
    let uncertain = |figure: &crate::indicators::Figure| {
        figure.national.interval().is_some_and(|(low, high)| high > low)
    };
    let mut facts = Vec::new();
    if inputs.figures.figures.iter().any(uncertain) {
        facts.push(fact(
            "Intervalles",
            format!(
                "Ils sont donnés au niveau de confiance de {}, par la méthode {} ; le plan est \
                 {}. Ils disent ce que le hasard des réponses a pu changer, non ce que diraient \
                 ceux qui ont choisi de ne pas répondre.",
                captions.level(),
                method(estimation.interval),
                inputs.sampling
            ),
        ));
    }
    facts.extend(disclosure(&inputs.edition.diffusion).map(|words| fact("Diffusion", words)));
    if has_hidden_regions(inputs) {
        facts.push(fact(
            "Intervalles nationaux",
            "Là où le chiffre d’une région n’est pas diffusé, l’intervalle national d’un \
             pourcentage est le plus large que cette région permette, et celui d’une moyenne ou \
             d’un total suppose qu’elle a répondu comme les autres : exacts, ils la trahiraient."
                .to_string(),
        ));
    }
    facts
}

fn fact(label: &str, value: String) -> Fact {
    Fact { label: label.to_string(), value }
}

fn method(interval: IntervalMethod) -> &'static str {
    match interval {
        IntervalMethod::Beta => "bêta (Korn et Graubard)",
        IntervalMethod::Logit => "logit",
        IntervalMethod::Wilson => "de Wilson",
    }
}

/// The thresholds that are set; none where nothing is ever hidden.
fn disclosure(diffusion: &Diffusion) -> Option<String> {
    let rules = &diffusion.rules;
    let mut said = Vec::new();
    if rules.base_minimale > 1 {
        let least = counted(rules.base_minimale, "répondant");
        said.push(format!("un chiffre qui repose sur moins de {least}"));
    }
    if rules.effectif_minimal > 1 {
        said.push(format!("un effectif de 1 à {}, ou qui les laisse", rules.effectif_minimal - 1));
    }
    if diffusion.dominance.percent > 0.0 {
        let percent = decimal(diffusion.dominance.percent, 0);
        said.push(format!("un total dont un seul projet fait {percent}{NARROW_SPACE}% ou plus"));
    }
    let rules = capitalised(&alternatives(&said));
    (!said.is_empty()).then(|| {
        format!("{rules} n’est pas diffusé, ni ce qui permettrait de le retrouver par différence.")
    })
}

fn has_hidden_regions(inputs: &Inputs<'_>) -> bool {
    let mut figures = inputs.figures.figures.iter();
    figures.any(|figure| !figure.national.hidden && figure.regions.values().any(|v| v.hidden))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_thresholds_that_are_set_are_told() {
        assert_eq!(disclosure(&Diffusion::OFF), None);
        let told = disclosure(&Diffusion::default()).unwrap();
        assert!(told.starts_with("Un chiffre qui repose sur moins de 5\u{A0}répondants"), "{told}");
        let mut both = Diffusion::default();
        both.rules.effectif_minimal = 3;
        let told = disclosure(&both).unwrap();
        assert!(told.contains("un effectif de 1 à 2"), "{told}");
    }
}
