//! A comparison in words, for terminals, files and documents.

use super::{Apart, Comparison};
use crate::indicators::{Definition, Unit, Value, show};
use crate::typography::{NOT_DISCLOSED, counted, decimal, integer, list, percent, quoted};

/// How many decimals a comparison shows of a figure: one more than whole
/// percents, so that a difference is that of what is seen.
pub fn decimals(definition: &Definition) -> usize {
    let surveyed = definition.measure.question().is_some();
    if surveyed { definition.decimals.max(1) } else { definition.decimals }
}

/// A value of a comparison: « 65,8 % ».
pub fn shown(value: f64, definition: &Definition) -> String {
    match &definition.unit {
        Unit::Percent => percent(value, decimals(definition)),
        _ => show(value, &Definition { decimals: decimals(definition), ..definition.clone() }),
    }
}

/// A difference with its sign: « +6,0 points », « −2,5 ».
pub fn shown_change(value: f64, definition: &Definition) -> String {
    let points = if definition.unit == Unit::Percent { "\u{A0}points" } else { "" };
    format!("{}{points}", signed(value, definition))
}

/// « +6,0 »; what rounds to zero has no sign.
pub fn signed(value: f64, definition: &Definition) -> String {
    let size = match &definition.unit {
        Unit::Percent => decimal(value.abs(), decimals(definition)),
        _ => shown(value.abs(), definition),
    };
    let nothing = size.chars().filter(char::is_ascii_digit).all(|digit| digit == '0');
    match (nothing, value < 0.0) {
        (true, _) => size,
        (false, true) => format!("−{size}"),
        (false, false) => format!("+{size}"),
    }
}

/// « −2,1 à +8,3 »; bounds that were rounded to whole numbers show no decimal.
pub fn shown_interval((low, high): (f64, f64), definition: &Definition) -> String {
    let whole = [low, high].iter().all(|bound| (bound - bound.round()).abs() < 1e-9);
    let shown = |bound: f64| {
        let signed = signed(bound, definition);
        let ends = signed.split_once(',').filter(|_| whole && definition.unit == Unit::Percent);
        ends.map_or(signed.clone(), |(integer, _)| integer.to_string())
    };
    format!("{} à {}", shown(low), shown(high))
}

/// The value of a year: a figure, what hides it, or a dash.
pub fn shown_value(value: &Value, definition: &Definition) -> String {
    // As its edition rounds it: the parts of a whole together.
    match value.rounded(decimals(definition)) {
        _ if value.hidden => NOT_DISCLOSED.to_string(),
        Some(number) => shown(number, definition),
        None => "–".to_string(),
    }
}

/// What is made up, in words; none where nothing is.
pub fn demonstration(comparison: &Comparison) -> Option<String> {
    let [before, after] = comparison.years;
    let what = match comparison.demonstration {
        [true, true] => "les réponses des deux années sont inventées".to_string(),
        [true, false] => format!("les réponses de {before} sont inventées"),
        [false, true] => format!("les réponses de {after} sont inventées"),
        [false, false] => return None,
    };
    Some(format!("Données de démonstration : {what}."))
}

/// « 168 réponses en 2024, 186 en 2025 ; 159 projets ont répondu les deux fois. »
pub fn respondents(comparison: &Comparison) -> String {
    let [before, after] = comparison.years;
    let [first, second] = comparison.respondents;
    let common = match comparison.common {
        0 => "aucun projet n’a répondu".to_string(),
        1 => "un projet a répondu".to_string(),
        several => format!("{} projets ont répondu", integer(several as i64)),
    };
    format!(
        "{} en {before}, {} en {after} ; {common} les deux fois.",
        counted(first, "réponse"),
        integer(second as i64),
    )
}

/// What changed of the figures that are compared, each once: of one option where
/// it is its own, else of its question.
pub fn remarks_of_lines(comparison: &Comparison) -> Vec<String> {
    let mut remarks = Vec::new();
    for line in &comparison.lines {
        let (family, label) = (line.family.as_str(), &line.definition.label);
        for remark in &line.remarks {
            let own = remark.starts_with("libellé") || remark.starts_with("modalité");
            let told = match family {
                "" => format!("{label} : {remark}."),
                family if own => format!("{family}, {label} : {remark}."),
                family => format!("{family} : {remark}."),
            };
            if !remarks.contains(&told) {
                remarks.push(told);
            }
        }
    }
    remarks
}

/// How to read a comparison of a territory.
pub fn method(comparison: &Comparison, region: Option<&str>) -> String {
    let level = percent(100.0 * comparison.level, 0);
    let tests = comparison.tests(region);
    let chance = (1.0 - comparison.level) * tests as f64;
    let mut text = format!(
        "Intervalle de la différence à {level} : les projets qui ont répondu les deux fois sont appariés, les autres indépendants. « Hors du bruit » : il ne contient pas zéro."
    );
    if tests > 1 {
        text.push_str(&format!(
            " Sur {tests} différences, environ {} sortiraient du bruit par hasard ; « même corrigé » : l’intervalle élargi pour les {tests} à la fois (Bonferroni) ne contient pas zéro non plus.",
            decimal(chance, usize::from(chance < 1.0))
        ));
    }
    text
}

/// « Filières : la question n’était pas posée en 2024 »: figures of a question
/// with one reason are one line.
pub fn apart_lines(apart: &[Apart]) -> Vec<String> {
    let mut groups: Vec<(&str, &str, Vec<&Apart>)> = Vec::new();
    for one in apart {
        let same = groups
            .iter_mut()
            .find(|(family, reason, _)| *family == one.family && *reason == one.reason);
        match same {
            Some((.., members)) => members.push(one),
            None => groups.push((&one.family, &one.reason, vec![one])),
        }
    }
    let line = |(family, reason, members): &(&str, &str, Vec<&Apart>)| {
        let names: Vec<String> = members.iter().map(|one| quoted(&one.label)).collect();
        let whole = reason.starts_with("la question") || reason.starts_with("le type");
        match (*family, whole) {
            ("", _) => format!("{} : {}", list(&names), plural(reason, names.len())),
            (family, true) => format!("{family} : {reason}"),
            (family, false) => format!("{family}, {} : {reason}", list(&names)),
        }
    };
    groups.iter().map(line).collect()
}

/// « absents du catalogue de 2024 », of several.
pub fn plural(reason: &str, count: usize) -> String {
    match reason.strip_prefix("absent ") {
        Some(rest) if count > 1 => format!("absents {rest}"),
        _ => reason.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apart(label: &str, reason: &str) -> Apart {
        let family = "Thèmes".to_string();
        Apart { id: label.to_lowercase(), label: label.into(), family, reason: reason.into() }
    }

    #[test]
    fn figures_of_a_question_with_one_reason_are_one_line() {
        let gone = "la question n’était pas posée en 2024";
        let lines = apart_lines(&[apart("A", gone), apart("B", gone)]);
        assert_eq!(lines, ["Thèmes : la question n’était pas posée en 2024"]);
        let lines = apart_lines(&[apart("A", "pas proposée"), apart("B", "pas proposée")]);
        assert_eq!(lines, ["Thèmes, «\u{A0}A\u{A0}» et «\u{A0}B\u{A0}» : pas proposée"]);
    }
}
