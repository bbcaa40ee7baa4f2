//! Answers in the place of those that readers must not learn.

use super::{Answers, Entries, Respondent, Survey};

impl Survey {
    /// The same survey, in which each concealed respondent has all the answers of
    /// one who is not: what is computed from it depends on nothing concealed.
    ///
    /// Who lends to whom depends on the order of the rows alone. It serves
    /// precision, not values: as where a stratum with one respondent takes the
    /// variance of the others (R: `survey.lonely.psu = "average"`), concealed
    /// respondents are held to differ as the others do. None where everybody is
    /// concealed.
    #[must_use]
    pub fn with_stand_ins(&self, is_concealed: impl Fn(&Respondent) -> bool) -> Option<Self> {
        let everyone = self.respondents.iter().enumerate();
        let (concealed, open): (Vec<_>, Vec<_>) = everyone.partition(|(_, who)| is_concealed(who));
        let lenders = (0..concealed.len()).map(|rank| open.get(spread(rank, open.len())));
        let mut lender: Vec<usize> = (0..self.respondents.len()).collect();
        for ((unit, _), found) in concealed.iter().zip(lenders) {
            let (found, _) = found?;
            lender.get_mut(*unit).into_iter().for_each(|lender| *lender = *found);
        }
        let answers = self.answers.iter().map(|answers| answers.lent(&lender)).collect();
        Some(Self { answers, ..self.clone() })
    }
}

/// Ranks all over a list, neighbours far apart: multiples of the golden ratio,
/// less their whole part.
fn spread(rank: usize, of: usize) -> usize {
    const GOLDEN: f64 = 0.618_033_988_749_895;
    ((((rank + 1) as f64 * GOLDEN).fract() * of as f64) as usize).min(of.saturating_sub(1))
}

impl Answers {
    /// The answers of each respondent's lender.
    fn lent(&self, lender: &[usize]) -> Self {
        let status = lender.iter().filter_map(|lender| self.status.get(*lender).copied());
        let entries = match &self.entries {
            Entries::Options(pairs) => Entries::Options(lent(pairs, lender)),
            Entries::Numbers(pairs) => Entries::Numbers(lent(pairs, lender)),
            Entries::Opaque => Entries::Opaque,
        };
        Self { status: status.collect(), entries, unknown: self.unknown.clone() }
    }
}

fn lent<T: Copy>(pairs: &[(u32, T)], lender: &[usize]) -> Vec<(u32, T)> {
    let of = |lender: usize| {
        let start = pairs.partition_point(|(who, _)| (*who as usize) < lender);
        pairs.iter().skip(start).take_while(move |(who, _)| *who as usize == lender)
    };
    let own = |(unit, lender): (usize, &usize)| {
        of(*lender).map(move |(_, value)| (u32::try_from(unit).unwrap_or(u32::MAX), *value))
    };
    lender.iter().enumerate().flat_map(own).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codebook::Codebook;
    use crate::diagnostics::Diagnostics;
    use crate::spreadsheet::testing::sheet;

    const CODEBOOK: &str = "[[question]]\nid = 'n'\ntype = 'nombre'\ncolonne = 'N'\n\
        [[question]]\nid = 't'\ntype = 'choix-multiple'\ncolonne = 'T'\nseparateur = ';'\n\
        modalites = [{ id = 'a', libelle = 'A' }, { id = 'b', libelle = 'B' }]\n";

    fn survey(concealed: [&str; 2]) -> Survey {
        let mut found = Diagnostics::new();
        let codebook = Codebook::parse("dictionnaire.toml", CODEBOOK, &mut found).unwrap();
        let rows: [&[&str]; 6] = [
            &["N", "T"],
            &["1", "A"],
            &[concealed[0], concealed[1]],
            &["2", "A;B"],
            &["3", "B"],
            &["", "A"],
        ];
        Survey::read(sheet(&rows), codebook, None, &mut found).unwrap()
    }

    #[test]
    fn nothing_is_left_of_concealed_answers() {
        let [one, other] = [["9", "B"], ["", "A;B"]].map(|answers| {
            survey(answers).with_stand_ins(|who| who.row == 2).expect("others stand in").answers
        });
        assert_eq!(one[0], other[0]);
        assert_eq!(one[1], other[1]);
        assert_ne!(survey(["9", "B"]).answers[0], one[0]);
    }

    #[test]
    fn the_others_keep_theirs_and_lend_whole_rows() {
        let whole = survey(["9", "B"]);
        let lent = whole.with_stand_ins(|who| who.row == 2).unwrap();
        let Entries::Numbers(numbers) = &lent.answers[0].entries else { panic!() };
        let Entries::Options(ticks) = &lent.answers[1].entries else { panic!() };
        let row = |unit: u32| {
            let number = numbers.iter().find(|(who, _)| *who == unit).map(|(_, n)| *n);
            (number, ticks.iter().filter(|(who, _)| *who == unit).map(|(_, t)| *t).collect())
        };
        assert_eq!(row(0), (Some(1.0), vec![0]));
        assert_eq!(row(2), (Some(2.0), vec![0, 1]));
        let lender = [0, 2, 3, 4].into_iter().find(|unit| row(*unit) == row(1));
        assert!(lender.is_some(), "{:?}", row(1));
    }

    #[test]
    fn nobody_stands_in_where_everybody_is_concealed() {
        assert!(survey(["9", "B"]).with_stand_ins(|_| true).is_none());
        assert!(survey(["9", "B"]).with_stand_ins(|_| false).is_some());
    }
}
