//! Which figures of a questionnaire are hidden: the disclosure room's rules
//! applied to the tables of a survey.
//!
//! The table of a question is masked as a whole, all options and all régions
//! with the national column, whatever part of it a document shows, so that
//! every product of an edition hides the same cells. The table of a question
//! that only some were asked has for bases counts of another question's table;
//! where those are hidden, the bases are, and all that rests on them.

use std::collections::HashMap;

use polars::prelude::PolarsResult;

use crate::codebook::{Base, Kind, Location, Question};
use crate::diffusion::{Change, Diffusion};
use crate::disclosure::{
    Cell, Demand, Kind as Relation, Mask, Place, Table, exposed, gives_away, hide_amounts,
    protect_cells,
};
use crate::survey::{Answers, Entries, Status, Survey, named_options};
use crate::tabulation::{Group, Grouping, Tabulation, count_answers};

use super::catalogue::{Catalogue, Measure};

/// How deep conditions may depend on each other before nothing is shown.
const DEPTH: usize = 16;

/// The thresholds of an edition, and what its indicators change of them.
#[derive(Debug, Clone, Default)]
pub struct Thresholds {
    edition: Diffusion,
    changes: Vec<Changed>,
}

/// A table (see [`Definition::table`](super::Definition::table)), one of its
/// options, and what is changed for it.
#[derive(Debug, Clone)]
struct Changed {
    question: String,
    option: Option<String>,
    change: Change,
}

impl Thresholds {
    /// The thresholds of an edition and its catalogue.
    pub fn new(edition: &Diffusion, catalogue: &Catalogue) -> Self {
        let changes = catalogue.definitions.iter().filter_map(|definition| {
            let change = definition.diffusion?;
            let option = match &definition.measure {
                Measure::Share { option, .. } => Some(option.clone()),
                _ => None,
            };
            let changed = move |question| Changed { question, option: option.clone(), change };
            Some(definition.tables().into_iter().map(changed))
        });
        Self { edition: *edition, changes: changes.flatten().collect() }
    }

    /// No threshold at all.
    pub fn off() -> Self {
        Self { edition: Diffusion::OFF, changes: Vec::new() }
    }

    /// Those of an option of a question, or of a question of numbers.
    pub(super) fn of(&self, question: &str, option: Option<&str>) -> Diffusion {
        let change = self.change(question, option);
        change.map_or(self.edition, |change| self.edition.with(change))
    }

    fn change(&self, question: &str, option: Option<&str>) -> Option<&Change> {
        let concerned = |changed: &&Changed| {
            changed.question == question && changed.option.as_deref() == option
        };
        self.changes.iter().find(concerned).map(|changed| &changed.change)
    }
}

/// What is hidden of a question's table: one entry a group, in the order of
/// [`Tabulation::groups`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QuestionMask {
    pub groups: Vec<GroupMask>,
}

/// What is hidden of a group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GroupMask {
    /// The base itself, and with it everything else.
    pub base: bool,
    /// The statistics of a question of numbers.
    pub numbers: bool,
    /// Its minimum and its maximum: each is one respondent's answer.
    pub extremes: bool,
    /// One an option.
    pub options: Vec<bool>,
    /// The options that could not be kept from being worked out, because
    /// others are public.
    pub exposed: Vec<usize>,
}

impl GroupMask {
    /// Whether the figures of an option, or those of the numbers, are hidden.
    pub fn hides(&self, option: Option<usize>) -> bool {
        match option {
            Some(option) => self.options.get(option) == Some(&true),
            None => self.numbers,
        }
    }
}

impl QuestionMask {
    /// What is hidden of a group, by its rank.
    pub fn group(&self, rank: usize) -> Option<&GroupMask> {
        self.groups.get(rank)
    }

    /// Whether a cell is hidden; out of the table, nothing is.
    pub fn hides_option(&self, group: usize, option: usize) -> bool {
        self.group(group).is_some_and(|group| group.hides(Some(option)))
    }

    /// Hides of numbers what another mask of the same groups hides.
    pub(super) fn hide_with(&mut self, other: &Self) {
        for (own, other) in self.groups.iter_mut().zip(&other.groups) {
            own.base |= other.base;
            own.numbers |= other.numbers;
            own.extremes |= other.extremes;
        }
    }

    fn closed(&self, group: usize) -> bool {
        self.group(group).is_some_and(|group| group.base)
    }
}

/// Works out what is hidden of the tables of a survey.
pub struct Masker<'a> {
    pub survey: &'a Survey,
    pub thresholds: &'a Thresholds,
    /// Whether the survey is that of an edition whole, whose national figures
    /// and régions are published: other tables of it hide at least those.
    pub edition: bool,
}

impl Masker<'_> {
    /// What is hidden of a question's table.
    ///
    /// # Errors
    ///
    /// Those of polars; none is reachable from an input.
    pub fn mask(&self, question: usize, by: Grouping) -> PolarsResult<QuestionMask> {
        if !self.edition {
            return self.masked(question, by, &[], 0);
        }
        let regional = self.masked(question, Grouping::Region, &[], 0)?;
        match by {
            Grouping::Region => Ok(regional),
            Grouping::None => {
                Ok(QuestionMask { groups: regional.groups.into_iter().take(1).collect() })
            }
            Grouping::Question(_) => {
                let national = regional.group(0).cloned().unwrap_or_default();
                let hidden = if national.numbers { vec![true] } else { national.options };
                self.masked(question, by, &hidden, 0)
            }
        }
    }

    /// `national` says which options (or the numbers, in one entry) are hidden
    /// nationally in any case.
    fn masked(
        &self,
        rank: usize,
        by: Grouping,
        national: &[bool],
        depth: usize,
    ) -> PolarsResult<QuestionMask> {
        let table = count_answers(self.survey, rank, by)?;
        let Some(question) = self.survey.codebook.questions.get(rank) else {
            return Ok(QuestionMask::default());
        };
        let mut known = vec![GroupMask::default(); table.groups.len()];
        if let Some(total) = known.first_mut() {
            total.numbers = national == [true];
            total.options = national.to_vec();
        }
        self.hide_as_whole(rank, by, &table, &mut known, depth)?;
        let mut closed = self.closed(question, &table, by, depth)?;
        closed.iter_mut().zip(&known).for_each(|(closed, known)| *closed |= known.base);
        let sheet = Sheet::new(self, rank, question, &table, by, &closed);
        let mut mask = match question.kind {
            Kind::Number => sheet.numbers(&known),
            kind if kind.is_choice() => sheet.options(&known),
            _ => QuestionMask { groups: vec![GroupMask::default(); table.groups.len()] },
        };
        for (group, closed) in mask.groups.iter_mut().zip(&closed) {
            if *closed {
                group.base = true;
                group.numbers = true;
                group.extremes = true;
                group.options.iter_mut().for_each(|hidden| *hidden = true);
            }
        }
        Ok(mask)
    }

    /// Hides of a question counted on a part of its base what is hidden of the
    /// whole, and what would tell too much of those who are left out.
    fn hide_as_whole(
        &self,
        rank: usize,
        by: Grouping,
        table: &Tabulation,
        known: &mut [GroupMask],
        depth: usize,
    ) -> PolarsResult<()> {
        let added = self.survey.added.iter().find(|(added, _)| *added == rank);
        let Some((_, whole)) = added.filter(|_| depth <= DEPTH) else { return Ok(()) };
        let mask = self.masked(*whole, by, &[], depth + 1)?;
        let wholes = count_answers(self.survey, *whole, by)?;
        let Some(question) = self.survey.codebook.questions.get(*whole) else { return Ok(()) };
        let others = self.left_out_of_the_other(rank, by, table)?;
        let groups =
            known.iter_mut().zip(&mask.groups).zip(table.groups.iter().zip(&wholes.groups));
        for (((known, mask), (part, whole)), other) in groups.zip(others) {
            // A ratio does not tell the sum of those who are left out of one of its
            // questions unless nobody is left out of the other.
            let left = if other > 0 { 0 } else { whole.base.saturating_sub(part.base) };
            let small = |option: Option<&str>| {
                self.thresholds.of(&question.id, option).rules.base_too_small(left)
            };
            known.base |= mask.base;
            known.numbers |= mask.numbers || small(None);
            known.options.resize(question.options.len(), false);
            let options = known.options.iter_mut().zip(&question.options).enumerate();
            for (option, (known, choice)) in options {
                *known |= mask.hides(Some(option)) || small(Some(&choice.id));
            }
        }
        Ok(())
    }

    /// For one side of a ratio, how many of each group answered the other side
    /// alone; zero for what is no ratio's.
    fn left_out_of_the_other(
        &self,
        rank: usize,
        by: Grouping,
        table: &Tabulation,
    ) -> PolarsResult<Vec<usize>> {
        let paired = self.survey.paired.iter().find(|(pair, _)| *pair == rank);
        let Some((_, other)) = paired else { return Ok(vec![0; table.groups.len()]) };
        let wholes = count_answers(self.survey, *other, by)?;
        let left = |(part, whole): (&Group, &Group)| whole.base.saturating_sub(part.base);
        Ok(table.groups.iter().zip(&wholes.groups).map(left).collect())
    }

    /// Whether each group's base tells a hidden count of the question that
    /// decides who was asked.
    fn closed(
        &self,
        question: &Question,
        table: &Tabulation,
        by: Grouping,
        depth: usize,
    ) -> PolarsResult<Vec<bool>> {
        let open = self.hidden_groups(by, table.groups.len())?;
        let Some(condition) = &question.condition else { return Ok(open) };
        if depth > DEPTH {
            return Ok(vec![true; table.groups.len()]);
        }
        let Some(subject) = self.survey.rank(&condition.subject) else { return Ok(open) };
        let Some(parent) = self.survey.codebook.questions.get(subject) else { return Ok(open) };
        let national = match by {
            Grouping::Question(_) if self.edition => self.mask(subject, Grouping::None)?,
            _ => QuestionMask::default(),
        };
        let national = national.groups.into_iter().next().unwrap_or_default().options;
        let mask = self.masked(subject, by, &national, depth + 1)?;
        let named = named_options(condition, parent);
        let parents = count_answers(self.survey, subject, by)?;
        let rules = self.thresholds.of(&parent.id, None).rules;
        let is_closed = |rank: usize| {
            let small = parents.groups.get(rank).is_some_and(|g| rules.base_too_small(g.base));
            let uncounted = named.is_empty() && small;
            let told = named.iter().any(|option| mask.hides_option(rank, *option as usize));
            mask.closed(rank) || told || uncounted
        };
        Ok(open.into_iter().enumerate().map(|(rank, open)| open || is_closed(rank)).collect())
    }

    /// Whether each group is itself a hidden count: an option of the question
    /// that a table is crossed with.
    fn hidden_groups(&self, by: Grouping, groups: usize) -> PolarsResult<Vec<bool>> {
        let mut hidden = vec![false; groups];
        if let (Grouping::Question(rank), true) = (by, self.edition) {
            let mask = self.mask(rank, Grouping::None)?;
            for (option, hidden) in hidden.iter_mut().skip(1).enumerate() {
                *hidden = mask.hides_option(0, option);
            }
        }
        Ok(hidden)
    }
}

/// A question's table, about to be masked.
struct Sheet<'a> {
    masker: &'a Masker<'a>,
    question: &'a Question,
    table: &'a Tabulation,
    answers: Option<&'a Answers>,
    closed: &'a [bool],
    /// The ranks of the groups that each respondent is in, the total left out.
    members: Vec<Vec<usize>>,
    apart: Apart,
}

/// The respondents of the base who are in no group of a table.
#[derive(Default)]
struct Apart {
    base: usize,
    counts: Vec<usize>,
}

impl<'a> Sheet<'a> {
    fn new(
        masker: &'a Masker<'a>,
        rank: usize,
        question: &'a Question,
        table: &'a Tabulation,
        by: Grouping,
        closed: &'a [bool],
    ) -> Self {
        let answers = masker.survey.answers.get(rank);
        let members = members(masker.survey, table, by);
        let apart = Apart::default();
        let sheet = Self { masker, question, table, answers, closed, members, apart };
        Self { apart: sheet.apart(), ..sheet }
    }

    fn total(&self) -> Group {
        self.table.total().cloned().unwrap_or_default()
    }

    /// All groups but the total.
    fn parts(&self) -> &[Group] {
        self.table.groups.get(1..).unwrap_or_default()
    }

    fn thresholds(&self, option: Option<usize>) -> Diffusion {
        let id = option.and_then(|rank| self.question.options.get(rank));
        self.masker.thresholds.of(&self.question.id, id.map(|option| option.id.as_str()))
    }

    fn is_closed(&self, group: usize) -> bool {
        self.closed.get(group).copied().unwrap_or(false)
    }

    /// How the counts of the options relate to the base.
    fn relation(&self) -> Relation {
        let own_columns = matches!(self.question.location, Location::Options(_));
        match (self.question.kind, self.question.base) {
            (Kind::Single, _) => Relation::Exclusive,
            (_, Base::Respondents) if !own_columns => Relation::AtLeastOne,
            _ => Relation::Multiple,
        }
    }

    // ---- Options

    /// `known` says what is hidden in any case.
    fn options(&self, known: &[GroupMask]) -> QuestionMask {
        let mut hidden = vec![vec![false; self.question.options.len()]; self.table.groups.len()];
        for (hidden, known) in hidden.iter_mut().zip(known) {
            hidden.iter_mut().zip(&known.options).for_each(|(hidden, known)| *hidden = *known);
        }
        let exposed = loop {
            let before = hidden.clone();
            let exposed = self.hide_together(&mut hidden);
            if self.overlap() > 0 {
                (1..self.table.groups.len()).for_each(|group| self.hide_pair(group, &mut hidden));
            }
            if hidden == before {
                break exposed;
            }
        };
        let group = |(rank, options): (usize, Vec<bool>)| {
            let of_group = exposed.iter().filter(|(group, _)| *group == rank);
            let exposed = of_group.map(|(_, option)| *option).collect();
            GroupMask { options, exposed, ..GroupMask::default() }
        };
        QuestionMask { groups: hidden.into_iter().enumerate().map(group).collect() }
    }

    /// By how much groups overlap: 0 where nobody is in two of them.
    fn overlap(&self) -> usize {
        let bases: usize = self.parts().iter().map(|group| group.base).sum();
        (bases + self.apart.base).saturating_sub(self.total().base)
    }

    /// Hides what the table of all groups asks for; tells what stays exposed.
    fn hide_together(&self, hidden: &mut [Vec<bool>]) -> Vec<(usize, usize)> {
        let made = self.table_of(self.parts(), &self.apart, self.overlap());
        let Some((table, columns)) = made else { return Vec::new() };
        let small = (columns > self.parts().len()).then_some(self.parts().len());
        let groups: Vec<usize> = (1..=self.parts().len()).collect();
        let demand = self.demand(&table, &groups, small, hidden);
        let mask = protect_cells(&table, &demand);
        self.take(&mask, &groups, hidden);
        let protection = demand.protection;
        let rank = |place: Place| match place {
            Place::Region(region) => groups.get(region).copied(),
            Place::National => Some(0),
        };
        let seen = exposed(&table, &mask, protection).into_iter();
        seen.filter_map(|interval| Some((rank(interval.cell.place)?, interval.cell.row))).collect()
    }

    /// Hides what a group and all the others together ask for: groups that
    /// overlap are not parts of a sum, but what is left of the total is.
    fn hide_pair(&self, group: usize, hidden: &mut [Vec<bool>]) {
        let (total, Some(part)) = (self.total(), self.table.groups.get(group)) else { return };
        let less = |whole: usize, part: usize| whole.saturating_sub(part);
        let counts = total.options.iter().zip(&part.options);
        let rest = Apart {
            base: less(total.base, part.base),
            counts: counts.map(|(total, part)| less(total.count, part.count)).collect(),
        };
        let made = self.table_of(std::slice::from_ref(part), &rest, 0);
        let Some((table, columns)) = made else { return };
        let demand = self.demand(&table, &[group], (columns > 1).then_some(1), hidden);
        let mask = protect_cells(&table, &demand);
        self.take(&mask, &[group], hidden);
    }

    /// The table of some groups and of those who are apart, and how many of its
    /// columns count: the groups, and one more where those apart are so few
    /// that what can be worked out of them has to be protected too.
    fn table_of(&self, parts: &[Group], apart: &Apart, overlap: usize) -> Option<(Table, usize)> {
        let rows = 0..self.question.options.len();
        let counts = |row: usize| {
            let cell = |group: &Group| group.options.get(row).map_or(0, |count| count.count);
            parts.iter().map(cell).collect::<Vec<usize>>()
        };
        let mut counts: Vec<Vec<usize>> = rows.map(counts).collect();
        let mut bases: Vec<usize> = parts.iter().map(|group| group.base).collect();
        let few = self.are_few(apart);
        if few {
            counts.iter_mut().zip(&apart.counts).for_each(|(line, count)| line.push(*count));
            bases.push(apart.base);
        }
        let columns = bases.len();
        let mut table = Table::new(self.relation(), counts, bases).ok()?;
        if apart.base > 0 && !few {
            table = table.with_unpublished(&apart.counts, apart.base);
        }
        if overlap > 0 {
            table = table.with_slack(&self.slack(overlap), overlap);
        }
        Some((table, columns))
    }

    /// Whether those apart are too few for figures on them.
    fn are_few(&self, apart: &Apart) -> bool {
        let sensitive = |(row, count): (usize, &usize)| {
            self.thresholds(Some(row)).rules.sensitive(*count, apart.base)
        };
        apart.base > 0 && apart.counts.iter().enumerate().any(sensitive)
    }

    /// What makes the sum of overlapping groups the national count plus
    /// `overlap`, option by option.
    fn slack(&self, overlap: usize) -> Vec<usize> {
        let total = self.total();
        let slack = |row: usize| {
            let count = |group: &Group| group.options.get(row).map_or(0, |count| count.count);
            let parts: usize = self.parts().iter().map(count).sum();
            let apart = self.apart.counts.get(row).copied().unwrap_or_default();
            (count(&total) + overlap).saturating_sub(parts + apart)
        };
        (0..self.question.options.len()).map(slack).collect()
    }

    /// What has to be hidden in a table of some groups.
    fn demand(
        &self,
        table: &Table,
        groups: &[usize],
        small: Option<usize>,
        hidden: &[Vec<bool>],
    ) -> Demand {
        let mut demand = Demand::default();
        for row in 0..table.rows() {
            let rules = self.thresholds(Some(row)).rules;
            demand.protection = demand.protection.max(rules.protection);
            if self.is_public(row) {
                demand.public_rows.push(row);
            }
            let is_hidden = |group: usize| {
                hidden.get(group).and_then(|options| options.get(row)) == Some(&true)
            };
            let known = |group: usize| is_hidden(group) || self.is_closed(group);
            let regions = groups.iter().map(|group| Some(*group)).chain(small.map(|_| None));
            for (region, group) in regions.enumerate() {
                let cell = Cell { row, place: Place::Region(region) };
                let sensitive = rules.sensitive(table.count(cell), table.base(cell.place));
                if sensitive || group.is_some_and(known) {
                    demand.primary.push(cell);
                }
            }
            // The national base is that of the total: overlapping groups add
            // up to more.
            let total = self.total();
            let count = total.options.get(row).map_or(0, |count| count.count);
            if rules.sensitive(count, total.base) || known(0) {
                demand.primary.push(Cell { row, place: Place::National });
            }
        }
        demand
    }

    fn is_public(&self, row: usize) -> bool {
        let option = self.question.options.get(row).map(|option| option.id.as_str());
        let change = self.masker.thresholds.change(&self.question.id, option);
        change == Some(&Change::Public)
    }

    fn take(&self, mask: &Mask, groups: &[usize], hidden: &mut [Vec<bool>]) {
        for cell in mask.hidden() {
            let group = match cell.place {
                Place::Region(region) => groups.get(region).copied(),
                Place::National => Some(0),
            };
            let options = group.and_then(|group| hidden.get_mut(group));
            if let Some(place) = options.and_then(|options| options.get_mut(cell.row)) {
                *place = true;
            }
        }
    }

    // ---- Numbers

    /// `known` says what is hidden in any case.
    fn numbers(&self, known: &[GroupMask]) -> QuestionMask {
        let thresholds = self.thresholds(None);
        let lists: Vec<Vec<f64>> = (1..self.table.groups.len())
            .map(|group| self.amounts(|groups| groups.contains(&group)))
            .collect();
        let (total, regions) = if self.overlap() > 0 {
            self.overlapping(&lists, &thresholds)
        } else {
            let apart = self.amounts(<[usize]>::is_empty);
            let mask = {
                let forced: Vec<bool> = known.iter().skip(1).map(|known| known.numbers).collect();
                hide_amounts(&lists, &apart, &forced, &thresholds.rules, &thresholds.dominance)
            };
            let regions = mask.regions.iter().map(|mark| mark.is_hidden()).collect();
            (mask.national.is_hidden(), regions)
        };
        let hidden = std::iter::once(total).chain(regions).zip(known);
        // An extreme is a figure on one respondent.
        let single = gives_away(&[1.0], &thresholds.rules, &thresholds.dominance);
        let group = |(numbers, known): (bool, &GroupMask)| GroupMask {
            numbers: numbers || known.numbers,
            extremes: single || numbers || known.numbers,
            ..GroupMask::default()
        };
        QuestionMask { groups: hidden.map(group).collect() }
    }

    /// Groups that overlap do not add up: each is hidden for itself, or for
    /// what it leaves of the total.
    fn overlapping(&self, lists: &[Vec<f64>], thresholds: &Diffusion) -> (bool, Vec<bool>) {
        let gives_away =
            |amounts: &[f64]| gives_away(amounts, &thresholds.rules, &thresholds.dominance);
        let hidden = |(rank, own): (usize, &Vec<f64>)| {
            let rest = self.amounts(|groups| !groups.contains(&(rank + 1)));
            gives_away(own) || gives_away(&rest)
        };
        (gives_away(&self.amounts(|_| true)), lists.iter().enumerate().map(hidden).collect())
    }

    // ---- Who is where

    /// The numbers of those whose groups are `wanted`.
    fn amounts(&self, wanted: impl Fn(&[usize]) -> bool) -> Vec<f64> {
        let Some(Entries::Numbers(pairs)) = self.answers.map(|answers| &answers.entries) else {
            return Vec::new();
        };
        let belongs = |who: u32| self.members.get(who as usize).is_some_and(|own| wanted(own));
        pairs.iter().filter(|(who, _)| belongs(*who)).map(|(_, number)| *number).collect()
    }

    /// Those of the base who are in no group.
    fn apart(&self) -> Apart {
        let mut apart = Apart { base: 0, counts: vec![0; self.question.options.len()] };
        let Some(answers) = self.answers else { return apart };
        let statuses = self.members.iter().zip(&answers.status);
        apart.base =
            statuses.filter(|(own, status)| own.is_empty() && self.in_base(**status)).count();
        if let Entries::Options(pairs) = &answers.entries {
            let alone = |who: u32| self.members.get(who as usize).is_some_and(Vec::is_empty);
            for (_, option) in pairs.iter().filter(|(who, _)| alone(*who)) {
                if let Some(count) = apart.counts.get_mut(*option as usize) {
                    *count += 1;
                }
            }
        }
        apart
    }

    fn in_base(&self, status: Status) -> bool {
        match self.question.base {
            Base::Respondents => status == Status::Answered,
            Base::Asked => status != Status::NotAsked,
        }
    }
}

/// The ranks of the groups that each respondent is in, the total left out.
fn members(survey: &Survey, table: &Tabulation, by: Grouping) -> Vec<Vec<usize>> {
    let mut members = vec![Vec::new(); survey.respondents.len()];
    match by {
        Grouping::None => {}
        Grouping::Region => {
            let keys = table.groups.iter().map(|group| group.key.as_deref()).enumerate();
            let ranks: HashMap<&str, usize> =
                keys.filter_map(|(rank, key)| Some((key?, rank))).collect();
            for (own, respondent) in members.iter_mut().zip(&survey.respondents) {
                let region = respondent.region.as_deref();
                own.extend(region.and_then(|region| ranks.get(region)).copied());
            }
        }
        Grouping::Question(by) => {
            let entries = survey.answers.get(by).map(|answers| &answers.entries);
            if let Some(Entries::Options(pairs)) = entries {
                for (respondent, option) in pairs {
                    if let Some(own) = members.get_mut(*respondent as usize) {
                        own.push(*option as usize + 1);
                    }
                }
            }
        }
    }
    members
}

#[cfg(test)]
mod tests;
